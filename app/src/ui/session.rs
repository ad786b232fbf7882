//! The sessions of a user, and the confirmation before one is ended.

use domain::{
    identity::session::{ListedSession, Session, SessionState},
    platform::id::SessionId,
};
use leptos::prelude::*;

use crate::ui::{
    browser_name,
    dialog::ask::Ask,
    page::empty::Empty,
    time::{DateTime, Origin},
};

/// Sessions, each with a button that ends it.
#[component]
pub fn Sessions(
    /// The sessions in their order.
    sessions: Vec<ListedSession>,
    /// The session of this browser. It is marked and has no button.
    #[prop(optional_no_strip)]
    this: Option<SessionId>,
    /// Page that confirms `End`: `<page>?end=<id>`.
    page: String,
) -> impl IntoView {
    if sessions.is_empty() {
        return view! { <Empty title="None">"Not signed in anywhere."</Empty> }.into_any();
    }
    let items = sessions
        .into_iter()
        .map(|listed| {
            let is_this = this == Some(listed.session.id);
            view! { <Row listed is_this page=page.clone() /> }
        })
        .collect_view();
    view! { <ul class="sessions">{items}</ul> }.into_any()
}

#[component]
fn Row(listed: ListedSession, is_this: bool, page: String) -> impl IntoView {
    let ListedSession { session, state } = listed;
    let id = session.id.to_string();
    let details_id = format!("session-{id}");
    let words = browser_name::in_words(&session.client);
    // The user agent is long, so it stands in the confirmation dialog.
    let client = words.as_ref().map_or(session.client, |_| String::new());
    let end = if is_this {
        view! { <span class="state state-live">"This one"</span> }.into_any()
    } else {
        view! {
            <form method="get" action=page>
                <input type="hidden" name="end" value=id.clone() />
                <button type="submit" class="button" id=return_to(&id) aria-describedby=details_id.clone()>"End"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            <span class="session-details" id=details_id>
                {words.map(|words| view! { <strong>{words}</strong> <br /> })}
                "Since " <DateTime at=session.authenticated_at /> " from " <Origin address=session.address client />
                {session.last_used_at.map(|at| view! { <br /> "Last used " <DateTime at /> })}
                {(state == SessionState::TimedOut).then(|| view! { <br /> "Timed out. Tokens generated in it are still live." })}
            </span>
            {end}
        </li>
    }
}

/// Asks for confirmation before a session is ended.
#[component]
pub fn AskEnd(
    /// The session.
    session: Session,
    /// URL of the page without the dialog.
    page: String,
    /// URL that the form is posted to.
    action: &'static str,
) -> impl IntoView {
    let id = session.id.to_string();
    view! {
        <Ask
            heading="End this session?"
            here=page
            return_to=return_to(&id)
            action
            fields=vec![("id", id), ("member", session.user_id.to_string())]
            button="End session"
            cancel="Keep it"
        >
            <p>
                "That browser is signed out, and the tokens generated in it end. Tokens created with POST /v2/session stay valid."
            </p>
            <dl class="definitions">
                <div><dt>"Since"</dt><dd><DateTime at=session.authenticated_at /></dd></div>
                <div><dt>"From"</dt><dd><Origin address=session.address client=session.client /></dd></div>
                {session.last_used_at.map(|at| view! { <div><dt>"Last used"</dt><dd><DateTime at /></dd></div> })}
            </dl>
        </Ask>
    }
}

/// Id of the element that gets the focus when the dialog closes.
fn return_to(id: &str) -> String {
    format!("end-{id}")
}
