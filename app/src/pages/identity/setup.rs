//! `/setup?claim=…`: the first administrator names the organization and chooses a password.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{error::UiError, pages::platform::frame::SignedOutFrame, ui::field::Field};

/// The first start.
#[component]
pub fn SetupPage() -> impl IntoView {
    let claim = use_query_map()
        .with_untracked(|query| query.get("claim"))
        .unwrap_or_default();
    view! {
        <SignedOutFrame title="Set up Countersign">
            {Suspend::new(async move {
                match claim_is_good(claim.clone()).await {
                    Ok(true) => view! { <SetupForm claim /> }.into_any(),
                    Ok(false) => view! { <Spent /> }.into_any(),
                    Err(error) => view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }.into_any(),
                }
            })}
        </SignedOutFrame>
    }
}

#[component]
fn SetupForm(claim: String) -> impl IntoView {
    let hint = format!(
        "At least {} characters. Several unrelated words are good; the most common passwords are rejected.",
        domain::platform::limits::PASSWORD_MIN_CHARACTERS
    );
    view! {
        <p>"You become the first administrator and invite everyone else."</p>
        <form method="post" action=SetUp::url() class="form">
            <input type="hidden" name="claim" value=claim />
            <Field form="setup" name="organization" label="Organization name" autocomplete="organization" focused=true max_length=100 />
            <Field form="setup" name="name" label="Your name" autocomplete="name" max_length=100 />
            <Field form="setup" name="email" label="Email" kind="email" autocomplete="username" />
            <Field
                form="setup"
                name="password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                hint
                max_length=domain::platform::limits::PASSWORD_MAX_CHARACTERS
            />
            <button type="submit" class="button button-main">"Set up"</button>
        </form>
    }
}

#[component]
fn Spent() -> impl IntoView {
    view! {
        <p>
            "This setup link has been used, or is older than 15 minutes. A link works once, so that no one who "
            "finds it later can become administrator."
        </p>
        <ul>
            <li>"Set up already? " <a href="/signin">"Sign in"</a>"."</li>
            <li>"Not yet? Restart the server: it prints a new link."</li>
        </ul>
    }
}

/// The setup page with this claim.
#[must_use]
pub fn setup_page(claim: &str) -> String {
    format!(
        "/setup?claim={}",
        leptos_router::location::Url::escape(claim)
    )
}

/// Whether a claim can still be used.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "claim-is-good")]
pub async fn claim_is_good(
    /// The text of the setup link.
    claim: String,
) -> Result<bool, UiError> {
    use crate::request;
    request::report(request::service()?.identity().is_claim_valid(&claim).await)
}

/// Sets the installation up, and signs its first administrator in.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, or that the claim is spent.
#[server(prefix = "/ui", endpoint = "set-up")]
pub async fn set_up(
    /// The text of the setup link.
    claim: String,
    /// What the organization is called.
    organization: String,
    /// The first administrator's full name.
    name: String,
    /// Their mail address.
    email: String,
    /// Their password.
    password: String,
) -> Result<(), UiError> {
    use crate::request;
    let (service, request) = (request::service()?, request::current()?);
    let administrator = service::NewMember {
        email: email.clone(),
        full_name: name.clone(),
        password,
        roles: domain::identity::role::RoleSet::of(&[domain::identity::role::Role::Admin]),
    };
    let done = service
        .identity()
        .set_up(&claim, &organization, &administrator, &request.meta)
        .await;
    let form = request::Form::on("setup", setup_page(&claim))
        .then("/signin")
        .saying("Countersign is set up. Sign in to begin.");
    let form = form
        .keeping("organization", &organization)
        .keeping("name", &name)
        .keeping("email", &email);
    form.ends(request::report(done))
}
