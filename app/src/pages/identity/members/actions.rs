//! Operations of administrators on a member: roles, sign out, disable, remove. Each confirmation lists the tokens and
//! sessions that it ends.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::identity::member::MemberDetail,
    ui::{
        dialog::{ask::Ask, request::Asked},
        list::listing::counted,
        object::return_to,
    },
};

/// The dialog that the URL opens.
#[component]
pub(crate) fn AskedAction(asked: Asked, member: MemberDetail, here: String) -> impl IntoView {
    let Some(question) = question(&asked.show, &member) else {
        return ().into_any();
    };
    let disables = (asked.show == "disable").to_string();
    view! {
        <Ask
            heading=question.heading
            here
            return_to=return_to(&member.row.id)
            action=question.action
            fields=vec![("id", member.row.id), ("disabled", disables)]
            button=question.button
            is_danger=question.is_danger
        >
            <p>{question.words}</p>
        </Ask>
    }
    .into_any()
}

/// What a dialog asks before an operation.
struct Question {
    heading: String,
    action: &'static str,
    button: &'static str,
    is_danger: bool,
    words: String,
}

fn question(show: &str, member: &MemberDetail) -> Option<Question> {
    let name = &member.row.name;
    let runs = runs(member);
    let secrets = read_secrets(member);
    let (action, button, is_danger, words) = match show {
        "sign-out" => (
            SignMemberOut::url(),
            "Sign out",
            true,
            format!("{runs}. All of them end now, in scripts too. They can sign in again."),
        ),
        "disable" => (
            SwitchMember::url(),
            "Disable",
            true,
            format!(
                "{runs}. Browsers are signed out, and every token is rejected while they are disabled. They cannot sign in.{secrets}"
            ),
        ),
        "unlock" => (
            UnlockMember::url(),
            "Unlock",
            false,
            "Failed sign-ins of this member are deleted, so that they do not limit further attempts. The limit of a network ends after 15 minutes.".to_owned(),
        ),
        "enable" => (
            SwitchMember::url(),
            "Enable",
            false,
            format!("{runs}. They can sign in again, and tokens that have not ended work again."),
        ),
        "remove" => (RemoveMember::url(), "Remove", true, removal(member, &runs, &secrets)),
        _ => return None,
    };
    let heading = match show {
        "sign-out" => format!("Sign {name} out everywhere?"),
        _ => format!("{button} {name}?"),
    };
    Some(Question {
        heading,
        action,
        button,
        is_danger,
        words,
    })
}

fn removal(member: &MemberDetail, runs: &str, secrets: &str) -> String {
    let teams = i64::try_from(member.teams.len()).unwrap_or(i64::MAX);
    format!(
        "{runs}. All of them end now, and they leave their {}. Objects they created stay, and the audit log keeps their name. \
         Access tokens they created stay valid. To return, they must be invited again.{secrets}",
        counted(teams, "team", "teams"),
    )
}

/// The live tokens and open sessions of a member, as a sentence.
fn runs(member: &MemberDetail) -> String {
    let sessions = i64::try_from(member.sessions.len()).unwrap_or(i64::MAX);
    format!(
        "They have {} and {}",
        counted(
            member.tokens.count,
            "token that has not ended",
            "tokens that have not ended"
        ),
        counted(sessions, "signed-in browser", "signed-in browsers"),
    )
}

/// A warning about the secrets of access tokens that a member has read; empty without any.
fn read_secrets(member: &MemberDetail) -> String {
    match member.read_secrets.len() {
        0 => String::new(),
        1 => " They have read the secret of an access token, which still works: rotate it, too."
            .to_owned(),
        count => format!(
            " They have read the secrets of {count} access tokens, which still work: rotate them, too."
        ),
    }
}

/// Replaces the roles of a member.
///
/// # Errors
/// [`UiError::Rejected`] without a role and for the last administrator, [`UiError::Denied`] unless the user is one.
#[server(prefix = "/ui", endpoint = "member/roles")]
pub async fn set_roles(
    /// The member.
    id: String,
    /// The titles of the roles.
    #[server(default)]
    roles: Vec<String>,
) -> Result<(), UiError> {
    use crate::{model::platform::paths::MEMBERS, pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    let done = server::set_roles(&service, &caller, &id, &roles).await;
    request::Form::on("roles", format!("{MEMBERS}/{id}"))
        .saying("The roles are saved.")
        .keeping_all("roles", &roles)
        .ends(done)
}

/// Ends all sessions and tokens of a member.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "member/sign-out")]
pub async fn sign_member_out(
    /// The member.
    id: String,
) -> Result<(), UiError> {
    use crate::{model::platform::paths::MEMBERS, pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    let done = service
        .identity()
        .sign_member_out(&caller, server::id(&id)?)
        .await;
    request::Form::on("sign-member-out", format!("{MEMBERS}/{id}"))
        .saying("The member was signed out everywhere, and all their tokens were ended.")
        .ends(request::report(done))
}

/// Ends one session of a member and the tokens generated in it.
///
/// # Errors
/// [`UiError::NotFound`], also for a session of another user unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "session/end")]
pub async fn end_session(
    /// The session.
    id: String,
    /// The owner of the session.
    member: String,
) -> Result<(), UiError> {
    use crate::{
        model::platform::paths::MEMBERS,
        pages::identity::members::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let page = format!("{MEMBERS}/{}", server::id(&member)?);
    let done = service
        .identity()
        .end_session(&caller, parameters::session_id(&id)?)
        .await;
    request::Form::on("session", page)
        .saying("The session was ended, and so were the tokens generated in it.")
        .ends(request::report(done))
}

/// Disables a member, or enables them again.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Rejected`] for the last administrator, [`UiError::Denied`] unless the user is one.
#[server(prefix = "/ui", endpoint = "member/switch")]
pub async fn switch_member(
    /// The member.
    id: String,
    /// Whether to disable the member.
    disabled: bool,
) -> Result<(), UiError> {
    use crate::{model::platform::paths::MEMBERS, pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    let member_id = server::id(&id)?;
    let (done, words) = if disabled {
        let done = service
            .identity()
            .members()
            .disable(&caller, member_id)
            .await;
        (done, "The member is disabled.")
    } else {
        let done = service
            .identity()
            .members()
            .enable(&caller, member_id)
            .await;
        (done, "The member is enabled.")
    };
    request::Form::on("switch-member", format!("{MEMBERS}/{id}"))
        .saying(words)
        .ends(request::report(done))
}

/// Deletes the failed sign-ins of a member.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "member/unlock")]
pub async fn unlock_member(
    /// The member.
    id: String,
) -> Result<(), UiError> {
    use crate::{model::platform::paths::MEMBERS, pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    let done = service
        .identity()
        .members()
        .unlock(&caller, server::id(&id)?)
        .await;
    request::Form::on("unlock-member", format!("{MEMBERS}/{id}"))
        .saying("The failed sign-ins of the member are deleted.")
        .ends(request::report(done))
}

/// Removes a member from the organization.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Rejected`] for the last administrator, [`UiError::Denied`] unless the user is one.
#[server(prefix = "/ui", endpoint = "member/remove")]
pub async fn remove_member(
    /// The member.
    id: String,
) -> Result<(), UiError> {
    use crate::{
        model::platform::paths::{MEMBERS, ORGANIZATION},
        pages::identity::members::server,
        request,
    };
    let (service, caller) = request::signed_in()?;
    let done = service
        .identity()
        .members()
        .remove(&caller, server::id(&id)?)
        .await;
    let page = if done.is_ok() {
        ORGANIZATION.to_owned()
    } else {
        format!("{MEMBERS}/{id}")
    };
    request::Form::on("remove-member", page)
        .saying("The member was removed from the organization.")
        .ends(request::report(done))
}
