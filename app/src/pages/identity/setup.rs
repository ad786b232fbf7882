//! `/setup?claim=…`: the first administrator names the organization and chooses a password.

use domain::platform::limits;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    pages::{
        identity::claim::{claim_in_url, claimed, page_with_claim},
        platform::frame::SignedOutFrame,
    },
    ui::form::{field::Field, new_password::NewPassword},
};

/// The set-up page of a new installation.
#[component]
pub fn SetupPage() -> impl IntoView {
    let claim = claim_in_url();
    let checked = claim.clone();
    let reading = async move {
        let valid = claim_is_good(checked).await;
        valid.map(|valid| valid.then_some(()))
    };
    view! {
        <SignedOutFrame title="Set up Countersign">
            {claimed(reading, move |()| view! { <SetupForm claim /> }, || view! { <InvalidSetupLink /> })}
        </SignedOutFrame>
    }
}

#[component]
fn SetupForm(claim: String) -> impl IntoView {
    view! {
        <p>"You become the first administrator and invite everyone else."</p>
        <form method="post" action=SetUp::url() class="form">
            <input type="hidden" name="claim" value=claim />
            <Field form="setup" name="organization" label="Organization name" autocomplete="organization" focused=true max_length=limits::NAME_CHARACTERS />
            <Field form="setup" name="name" label="Your name" autocomplete="name" max_length=limits::NAME_CHARACTERS />
            <Field form="setup" name="email" label="Email" kind="email" autocomplete="username" />
            <NewPassword form="setup" />
            <button type="submit" class="button button-main">"Set up"</button>
        </form>
    }
}

#[component]
fn InvalidSetupLink() -> impl IntoView {
    view! {
        <p>
            "This set-up link has been used, or is older than " {limits::CLAIM_LIFETIME_SECONDS / 60} " minutes. A link works once, so that no one who "
            "finds it later can become administrator."
        </p>
        <ul>
            <li>"Set up already? " <a href="/signin">"Sign in"</a>"."</li>
            <li>"Not yet? Restart the server: it prints a new link."</li>
        </ul>
    }
}

/// URL of the set-up page with this claim.
#[must_use]
pub fn setup_page(claim: &str) -> String {
    page_with_claim("/setup", claim)
}

/// Whether a claim is valid.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "claim-is-good")]
pub async fn claim_is_good(
    /// The claim in the set-up link.
    claim: String,
) -> Result<bool, UiError> {
    use crate::request;
    request::report(request::service()?.identity().is_claim_valid(&claim).await)
}

/// Sets the installation up and creates the first administrator.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, or for a claim that is no longer valid.
#[server(prefix = "/ui", endpoint = "set-up")]
pub async fn set_up(
    /// The claim in the set-up link.
    claim: String,
    /// Organization name.
    organization: String,
    /// The first administrator's full name.
    name: String,
    /// Email address.
    email: String,
    /// Password.
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
