//! Operations of the Actions menu of an access token: rotate, disable, enable, delete.

use domain::platform::limits;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{platform::viewer::administrates, tokens::access_token::AccessTokenRow},
    ui::{
        dialog::{ask::Ask, request::Asked},
        form::field::{Choice, Field},
        object::return_to,
    },
};

/// Choices for how long the old secret keeps working, in seconds.
const OVERLAPS: [(&str, &str); 6] = [
    ("0", "None: it is rejected at once"),
    ("3600", "One hour"),
    ("86400", "One day"),
    ("604800", "One week"),
    ("2592000", "30 days"),
    ("5184000", "60 days (the maximum)"),
];

/// The default lifetime of an access token, in days.
pub(crate) const USUAL_DAYS: i64 = limits::TOKEN_LIFETIME_DAYS;

/// Minimum and maximum lifetime of an access token in days.
pub(crate) const DAYS: (i64, i64) = (1, limits::ORG_TOKEN_LIFETIME_SECONDS / 86_400);

/// The dialog that the URL opens.
#[component]
pub(crate) fn AskedAction(asked: Asked, row: AccessTokenRow, here: String) -> impl IntoView {
    if !administrates() {
        return ().into_any();
    }
    match asked.show.as_str() {
        "rotate" => view! { <AskRotate row here /> }.into_any(),
        "disable" => view! { <AskSwitch row here off=true /> }.into_any(),
        "enable" => view! { <AskSwitch row here off=false /> }.into_any(),
        "delete" => view! { <AskDeleteAccessToken row here /> }.into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn AskRotate(row: AccessTokenRow, here: String) -> impl IntoView {
    let choices = OVERLAPS.map(|(value, words)| (value.to_owned(), words.to_owned()));
    view! {
        <Ask
            heading=format!("Rotate {}?", row.name)
            here
            return_to=return_to(&row.id)
            action=RotateAccessToken::url()
            fields=vec![("id", row.id)]
            button="Rotate"
            is_danger=false
        >
            <p>"The token gets a new secret. Give it to what uses the token before the old one stops working."</p>
            <Choice form="rotate" name="graceful" label="The old secret keeps working for" choices=choices.to_vec() given="86400" />
            <Field form="rotate" name="days" label="Days until the token expires" kind="number" range=DAYS given=USUAL_DAYS.to_string() />
        </Ask>
    }
}

#[component]
fn AskSwitch(row: AccessTokenRow, here: String, off: bool) -> impl IntoView {
    let (verb, words) = if off {
        (
            "Disable",
            "Every call that uses it is rejected until it is enabled again. Its secret stays the same.",
        )
    } else {
        ("Enable", "Calls that use it are answered again.")
    };
    view! {
        <Ask
            heading=format!("{verb} {}?", row.name)
            here
            return_to=return_to(&row.id)
            action=SwitchAccessToken::url()
            fields=vec![("id", row.id), ("disabled", off.to_string())]
            button=verb
            is_danger=off
        >
            <p>{words}</p>
        </Ask>
    }
}

#[component]
fn AskDeleteAccessToken(row: AccessTokenRow, here: String) -> impl IntoView {
    view! {
        <Ask
            heading=format!("Delete {}?", row.name)
            here
            return_to=return_to(&row.id)
            action=DeleteAccessToken::url()
            fields=vec![("id", row.id)]
            button="Delete"
            cancel="Keep it"
        >
            <p>"Every call that uses it, with any of its secrets, is rejected from then on. This cannot be undone. To test the effect first, disable it."</p>
        </Ask>
    }
}

/// Rotates the secret of an access token.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] unless the user is an administrator, [`UiError::Rejected`] once it has
/// expired.
#[server(prefix = "/ui", endpoint = "access-token/rotate")]
pub async fn rotate_access_token(
    /// The token.
    id: String,
    /// Seconds for which the old secret keeps working.
    graceful: String,
    /// Days until the token expires.
    days: String,
) -> Result<(), UiError> {
    use crate::{
        model::platform::paths::ACCESS_TOKENS, pages::tokens::org_tokens::server, request,
    };
    let (service, caller) = request::signed_in()?;
    let done = match server::rotation(&graceful, &days) {
        Ok(rotation) => {
            let name = server::name_of(&service, &caller, &id).await?;
            request::report(
                service
                    .tokens()
                    .org()
                    .rotate(&caller, &name, rotation)
                    .await,
            )
            .map(drop)
        }
        Err(error) => Err(error),
    };
    let words = if graceful == "0" {
        "The token has a new secret. The old one no longer works."
    } else {
        "The token has a new secret; the old one still works for a while."
    };
    let page = format!("{ACCESS_TOKENS}/{id}");
    // A rejected form opens the dialog again.
    request::Form::on("rotate", format!("{page}?show=rotate"))
        .then(page)
        .saying(words)
        .keeping("graceful", &graceful)
        .keeping("days", &days)
        .ends(done)
}

/// Disables an access token, or enables it again.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "access-token/switch")]
pub async fn switch_access_token(
    /// The token.
    id: String,
    /// Whether the token is to be disabled.
    disabled: bool,
) -> Result<(), UiError> {
    use crate::{
        model::platform::paths::ACCESS_TOKENS, pages::tokens::org_tokens::server, request,
    };
    let (service, caller) = request::signed_in()?;
    let words = if disabled {
        "The token is disabled."
    } else {
        "The token is enabled."
    };
    let done = server::switch(&service, &caller, &id, disabled).await;
    request::Form::on("switch", format!("{ACCESS_TOKENS}/{id}"))
        .saying(words)
        .ends(done)
}

/// Deletes an access token.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "access-token/delete")]
pub async fn delete_access_token(
    /// The token.
    id: String,
) -> Result<(), UiError> {
    use crate::{
        model::platform::paths::ACCESS_TOKENS, pages::tokens::org_tokens::server, request,
    };
    let (service, caller) = request::signed_in()?;
    let name = server::name_of(&service, &caller, &id).await?;
    let done = request::report(service.tokens().org().delete(&caller, &name).await);
    request::Form::on("delete", ACCESS_TOKENS)
        .saying(format!("The token {name} is deleted."))
        .ends(done)
}
