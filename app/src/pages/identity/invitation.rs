//! `/invitation?claim=…`: an invited person chooses a password and becomes a member.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError, model::identity::invitation::Invitation,
    pages::platform::frame::SignedOutFrame, ui::field::Field,
};

/// The page behind an invitation's link.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let claim = use_query_map()
        .with_untracked(|query| query.get("claim"))
        .unwrap_or_default();
    view! {
        <SignedOutFrame title="Accept your invitation">
            {Suspend::new(async move {
                match find_invitation(claim.clone()).await {
                    Ok(Some(invitation)) => view! { <InvitationForm claim invitation /> }.into_any(),
                    Ok(None) => view! { <Spent /> }.into_any(),
                    Err(error) => view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }.into_any(),
                }
            })}
        </SignedOutFrame>
    }
}

#[component]
fn InvitationForm(claim: String, invitation: Invitation) -> impl IntoView {
    let Invitation {
        organization,
        email,
        name,
    } = invitation;
    let hint = format!(
        "At least {} characters. Several unrelated words are good; the most common passwords are rejected.",
        domain::platform::limits::PASSWORD_MIN_CHARACTERS
    );
    view! {
        <p>"You are invited to " <strong>{organization}</strong> ". You will sign in as " <strong>{email.clone()}</strong> "."</p>
        <form method="post" action=AcceptInvitation::url() class="form">
            <input type="hidden" name="claim" value=claim />
            // For password managers, which keep a password with the name of its account.
            <input type="hidden" name="username" autocomplete="username" value=email />
            <Field form="invitation" name="name" label="Your name" autocomplete="name" given=name max_length=100 focused=true />
            <Field
                form="invitation"
                name="password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                hint
                max_length=domain::platform::limits::PASSWORD_MAX_CHARACTERS
            />
            <button type="submit" class="button button-main">"Accept"</button>
        </form>
    }
}

#[component]
fn Spent() -> impl IntoView {
    let days = domain::platform::limits::INVITATION_LIFETIME_DAYS;
    view! {
        <p>
            "This invitation does not work any more: it has been accepted, is older than " {days} " days, or was replaced by "
            "a newer one."
        </p>
        <ul>
            <li>"Accepted already? " <a href="/signin">"Sign in"</a>"."</li>
            <li>"Not yet? Ask an administrator to invite you again."</li>
        </ul>
    }
}

/// The page of the invitation with this claim.
#[must_use]
pub fn invitation_page(claim: &str) -> String {
    format!(
        "/invitation?claim={}",
        leptos_router::location::Url::escape(claim)
    )
}

/// What a claim invites to; nothing when it cannot be used any more.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "invitation/find")]
pub async fn find_invitation(
    /// The text of the invitation's link.
    claim: String,
) -> Result<Option<Invitation>, UiError> {
    use crate::request;
    let found = request::report(
        request::service()?
            .identity()
            .invitations()
            .find(&claim)
            .await,
    )?;
    Ok(found.map(|found| Invitation {
        organization: found.organization,
        email: found.email,
        name: found.full_name,
    }))
}

/// Makes the invited person a member, and leads them to sign in.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, or that the claim is spent.
#[server(prefix = "/ui", endpoint = "invitation/accept")]
pub async fn accept_invitation(
    /// The text of the invitation's link.
    claim: String,
    /// The full name they choose.
    name: String,
    /// Their password.
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
        .saying("You are a member now. Sign in to begin.")
        .keeping("name", &name);
    form.ends(request::report(done))
}
