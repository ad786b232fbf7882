//! `/invitation?claim=…`: an invited person chooses a password and becomes a member.

use domain::platform::limits;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::identity::invitation::OpenInvitation,
    pages::{
        identity::claim::{claim_in_url, claimed, page_with_claim},
        platform::frame::SignedOutFrame,
    },
    ui::form::{field::Field, new_password::NewPassword},
};

/// The page behind an invitation's link.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let claim = claim_in_url();
    let reading = find_invitation(claim.clone());
    view! {
        <SignedOutFrame title="Accept your invitation">
            {claimed(reading, move |invitation| view! { <InvitationForm claim invitation /> }, || view! { <InvalidInvitationLink /> })}
        </SignedOutFrame>
    }
}

#[component]
fn InvitationForm(claim: String, invitation: OpenInvitation) -> impl IntoView {
    let OpenInvitation {
        organization,
        email,
        name,
    } = invitation;
    view! {
        <p>"You are invited to " <strong>{organization}</strong> ". You will sign in as " <strong>{email.clone()}</strong> "."</p>
        <form method="post" action=AcceptInvitation::url() class="form">
            <input type="hidden" name="claim" value=claim />
            // Password managers need the user name.
            <input type="hidden" name="username" autocomplete="username" value=email />
            <Field form="invitation" name="name" label="Your name" autocomplete="name" given=name max_length=limits::NAME_CHARACTERS focused=true />
            <NewPassword form="invitation" />
            <button type="submit" class="button button-main">"Accept"</button>
        </form>
    }
}

#[component]
fn InvalidInvitationLink() -> impl IntoView {
    let days = domain::platform::limits::INVITATION_LIFETIME_DAYS;
    view! {
        <p>
            "This invitation is no longer valid: it was accepted, is older than " {days} " days, or was replaced by "
            "a newer one."
        </p>
        <ul>
            <li>"Accepted already? " <a href="/signin">"Sign in"</a>"."</li>
            <li>"Not yet? Ask an administrator to invite you again."</li>
        </ul>
    }
}

/// URL of the invitation page with this claim.
#[must_use]
pub fn invitation_page(claim: &str) -> String {
    page_with_claim("/invitation", claim)
}

/// The invitation with this claim; `None` when it is no longer valid.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "invitation/find")]
pub async fn find_invitation(
    /// The claim in the invitation link.
    claim: String,
) -> Result<Option<OpenInvitation>, UiError> {
    use crate::request;
    let found = request::report(
        request::service()?
            .identity()
            .invitations()
            .find(&claim)
            .await,
    )?;
    Ok(found.map(|found| OpenInvitation {
        organization: found.organization,
        email: found.email,
        name: found.full_name,
    }))
}

/// Creates the member and redirects to the sign-in form.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, or for a claim that is no longer valid.
#[server(prefix = "/ui", endpoint = "invitation/accept")]
pub async fn accept_invitation(
    /// The claim in the invitation link.
    claim: String,
    /// Full name.
    name: String,
    /// Password.
    password: String,
) -> Result<(), UiError> {
    use crate::request;
    let (service, request) = (request::service()?, request::current()?);
    let done = service
        .identity()
        .invitations()
        .accept(&claim, &name, &password, &request.meta)
        .await;
    let form = request::Form::on("invitation", invitation_page(&claim))
        .then("/signin")
        .saying("You are now a member. Sign in to continue.")
        .keeping("name", &name);
    form.ends(request::report(done))
}
