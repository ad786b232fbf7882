//! `/confirm`: asks for the password again before an operation that takes it, and leads back.

use domain::platform::limits::{PASSWORD_MAX_CHARACTERS, PASSWORD_VALID_SECONDS};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    model::platform::viewer::Viewer,
    pages::{identity::sign_in::local_path, platform::frame::Frame},
    ui::{
        form::{field::Field, token::FormToken},
        page::{head::PageHead, navigation::Section},
    },
};

/// Name of the form in notices.
const FORM: &str = "confirm";

/// The page that asks for the password.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next"));
    view! {
        <Frame title="Confirm your password" section=Section::Account>
            <PageHead title="Confirm your password" />
            <ConfirmForm next=local_path(next.as_deref()).to_owned() />
        </Frame>
    }
}

#[component]
fn ConfirmForm(next: String) -> impl IntoView {
    let email = use_context::<Viewer>().map_or_else(String::new, |viewer| viewer.email);
    let minutes = PASSWORD_VALID_SECONDS / 60;
    view! {
        <section class="panel">
            <p>
                "Enter your password again before you grant a role, change access tokens, show a secret or end the tokens of "
                "others. It is not asked for again for " {minutes} " minutes."
            </p>
            <form method="post" action=ConfirmPassword::url() class="form space-above">
                <FormToken action=ConfirmPassword::url() />
                <input type="hidden" name="next" value=next />
                // Password managers need the user name.
                <input type="text" name="username" autocomplete="username" value=email hidden readonly />
                <Field
                    form=FORM
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    focused=true
                    max_length=PASSWORD_MAX_CHARACTERS
                />
                <button type="submit" class="button button-main">"Continue"</button>
            </form>
        </section>
    }
}

/// Compares the password of the signed-in user.
///
/// # Errors
/// [`UiError::Rejected`] when it is wrong, [`UiError::Limited`] after too many attempts.
#[server(prefix = "/ui", endpoint = "confirm-password")]
pub async fn confirm_password(
    /// Password.
    password: String,
    /// Path of the page to return to.
    next: String,
) -> Result<(), UiError> {
    use crate::{
        model::platform::{address::address, paths::CONFIRM},
        pages::identity::sign_in::sentence,
        request,
    };
    let (service, caller) = request::signed_in()?;
    let browser = request::known_browser();
    let done = service
        .identity()
        .confirm_password(&caller, &password, browser.as_deref())
        .await;
    let next = local_path(Some(&next));
    let again = address(CONFIRM, [("next", next)]);
    let confirmed = request::report(done);
    let mut notice = "Your password is confirmed. Repeat the change.".to_owned();
    if let Ok(Some(failures)) = &confirmed {
        notice = format!("{notice} {}", sentence(failures));
    }
    request::Form::on(FORM, again)
        .then(next)
        .saying(notice)
        .ends(confirmed.map(drop))
}
