//! `/account`, Account Settings: generate, show, copy and hide user API access tokens; list and revoke them; sign
//! out everywhere; change the password.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    model::{
        platform::{notice::Notice, viewer::Viewer},
        tokens::user_token::TokenRow,
    },
    pages::{
        platform::frame::Frame,
        tokens::account::{
            actions::{
                ChangePassword, ChooseTheme, EndMySession, GenerateToken, RevokeMyToken,
                SignOutEverywhere, my_sessions, my_tokens,
            },
            panel::TokenPanel,
        },
    },
    ui::{
        dialog::ask::Ask,
        form::{
            field::Field,
            new_password::NewPassword,
            token::{FormToken, idempotency_key, token_for},
        },
        page::{
            failure::Failure, head::PageHead, load::loaded, navigation::Section, theme::ThemeChoice,
        },
        secret::copy::CopyText,
        session::{AskEnd, Sessions},
        token_row::LastUsed,
    },
};

/// Account Settings.
#[component]
pub fn AccountPage() -> impl IntoView {
    let revoke = use_query_map().with_untracked(|query| query.get("revoke"));
    view! {
        <Frame title="Account Settings" section=Section::Account>
            <PageHead title="Account Settings" />
            {loaded(my_tokens(), move |rows| view! { <AccountTokens rows revoke /> })}
            <div class="account-columns">
                <AccountProfile />
                <Password />
                <AccountSessions />
                <Appearance />
                <EndOtherSessions />
            </div>
        </Frame>
    }
}

#[component]
fn AccountTokens(rows: Vec<TokenRow>, revoke: Option<String>) -> impl IntoView {
    let asked = revoke.and_then(|id| {
        rows.iter()
            .find(|row| row.token.id.to_string() == id)
            .cloned()
    });
    let notice = use_context::<Notice>().unwrap_or_default();
    let rejection = notice.rejection_of("generate", "name");
    let kept = notice.kept_of("generate", "name").unwrap_or_default();
    let form_token = token_for(GenerateToken::url()).unwrap_or_default();
    let form_key = idempotency_key().unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="tokens-heading">
            <h2 id="tokens-heading">"Tokens"</h2>
            <p class="token-intro">
                "A token acts as you, with your role. It expires when you sign out, or after 30 days. It is shown here until "
                "you leave this page and never again: keep a copy where secrets belong, or generate another."
            </p>
            <TokenPanel rows kept rejection form_token form_key />
        </section>
        {asked.map(|row| view! { <AskRevoke row page="/account" action=RevokeMyToken::url() /> })}
    }
}

/// Asks for confirmation before a token is revoked, with its name and last use.
#[component]
pub fn AskRevoke(
    /// The token.
    row: TokenRow,
    /// URL of the page without the dialog.
    page: &'static str,
    /// URL that the form is posted to.
    action: &'static str,
) -> impl IntoView {
    let id = row.token.id.to_string();
    view! {
        <Ask
            heading=format!("Revoke {}?", row.title())
            here=page.to_owned()
            return_to=format!("revoke-{id}")
            action
            fields=vec![("id", id)]
            button="Revoke"
            cancel="Keep it"
        >
            <p>"Every call that uses it is rejected from then on. This cannot be undone."</p>
            <dl class="definitions">
                <div><dt>"Token"</dt><dd><code>{crate::model::tokens::user_token::masked(&row.token.prefix, &row.token.last4)}</code></dd></div>
                <div><dt>"Owner"</dt><dd>{row.owner_name.clone()}</dd></div>
                <div><dt>"Last used"</dt><dd><LastUsed token=row.token.clone() now=row.now /></dd></div>
            </dl>
        </Ask>
    }
}

#[component]
fn AccountProfile() -> impl IntoView {
    use_context::<Viewer>().map(|viewer| {
        view! {
            <section class="panel" aria-labelledby="profile-heading">
                <h2 id="profile-heading">"Profile"</h2>
                <dl class="definitions">
                    <div><dt>"Name"</dt><dd>{viewer.name}</dd></div>
                    <div><dt>"Email"</dt><dd>{viewer.email}</dd></div>
                    <div><dt>"Role"</dt><dd>{viewer.roles}</dd></div>
                    <div><dt>"User ID"</dt><dd><code>{viewer.user_id.clone()}</code></dd></div>
                    <div><dt>"Organization"</dt><dd>{viewer.organization}</dd></div>
                    <div><dt>"Organization ID"</dt><dd><code>{viewer.organization_id.clone()}</code></dd></div>
                </dl>
                // Closed at first, so that the Copy of the token stands out.
                <details class="disclosure space-above">
                    <summary>"IDs to copy"</summary>
                    <div class="stack space-above">
                        <div><p class="hint" aria-hidden="true">"User ID"</p><CopyText text=viewer.user_id label="User ID".to_owned() /></div>
                        <div><p class="hint" aria-hidden="true">"Organization ID"</p><CopyText text=viewer.organization_id label="Organization ID".to_owned() /></div>
                    </div>
                </details>
            </section>
        }
    })
}

#[component]
fn Password() -> impl IntoView {
    let most = domain::platform::limits::PASSWORD_MAX_CHARACTERS;
    let email = use_context::<Viewer>().map(|viewer| viewer.email);
    view! {
        <section class="panel" aria-labelledby="password-heading">
            <h2 id="password-heading">"Password"</h2>
            <form method="post" action=ChangePassword::url() class="form">
                <FormToken action=ChangePassword::url() />
                // Password managers need the user name.
                <input type="text" name="username" autocomplete="username" value=email hidden readonly />
                <Field form="password" name="oldPassword" label="Current password" kind="password" autocomplete="current-password" max_length=most />
                <NewPassword form="password" label="New password" />
                <div class="tick">
                    <input id="password-tokens" type="checkbox" name="revoke" value="true" aria-describedby="password-tokens-means" />
                    <label for="password-tokens">"Revoke all my tokens, too"</label>
                    <p class="hint" id="password-tokens-means">
                        "Other browsers are signed out, which ends the tokens generated in them. Other tokens stay live unless you revoke them."
                    </p>
                </div>
                <button type="submit" class="button">"Change password"</button>
            </form>
        </section>
    }
}

#[component]
fn AccountSessions() -> impl IntoView {
    let end = use_query_map().with_untracked(|query| query.get("end"));
    view! {
        <section class="panel" aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">"Signed-in browsers"</h2>
            {Suspend::new(async move {
                let (this, sessions) = match my_sessions().await {
                    Ok(found) => found,
                    Err(error) => return view! { <Failure error /> }.into_any(),
                };
                let mut others = sessions
                    .iter()
                    .map(|listed| &listed.session)
                    .filter(|session| Some(session.id) != this);
                let asked = end.and_then(|id| others.find(|session| session.id.to_string() == id).cloned());
                let page = "/account".to_owned();
                view! {
                    <Sessions sessions this page=page.clone() />
                    {asked.map(|session| view! { <AskEnd session page action=EndMySession::url() /> })}
                }
                .into_any()
            })}
        </section>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    use_context::<Viewer>()
        .map(|viewer| view! { <ThemeChoice theme=viewer.theme action=ChooseTheme::url() /> })
}

#[component]
fn EndOtherSessions() -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="everywhere-heading">
            <h2 id="everywhere-heading">"Sign out everywhere"</h2>
            <p>
                "Signs you out of every browser and ends all your user API access tokens, including those in scripts. Use it when a "
                "computer or a token may be in the wrong hands."
            </p>
            <form method="post" action=SignOutEverywhere::url()>
                <FormToken action=SignOutEverywhere::url() />
                <button type="submit" class="button button-danger">"Sign out everywhere"</button>
            </form>
        </section>
    }
}
