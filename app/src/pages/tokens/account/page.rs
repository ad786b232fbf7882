//! `/account`, Account Settings: generate, show, copy and hide user API access tokens; list and revoke them; sign
//! out everywhere; change the password.

use domain::tokens::token::TokenState;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    model::{
        platform::{list::ListPage, notice::Notice, paths::ACCOUNT, viewer::Viewer},
        tokens::user_token::{TokenQuery, TokenRow},
    },
    pages::{
        platform::frame::Frame,
        tokens::{
            account::{
                actions::{
                    ChangePassword, ChooseTheme, EndMySession, GenerateToken, RevokeMyToken,
                    RevokeMyTokens, SignOutEverywhere, my_sessions, my_tokens,
                },
                panel::{TOKENS, TokenPanel},
            },
            revoke::{AskRevoke, AskRevokeSelected, RevokeAsked, RevokeSelected},
        },
    },
    ui::{
        form::{
            field::Field,
            new_password::NewPassword,
            token::{FormToken, idempotency_key, token_for},
        },
        isolated::Isolated,
        list::{
            listing::{Column, Filter, Pages, SearchForm},
            place::ListPlace,
        },
        page::{
            failure::Failure, head::PageHead, load::loaded, navigation::Section, theme::ThemeChoice,
        },
        secret::copy::CopyText,
        session::{AskEnd, Sessions},
    },
};

/// Lists with no more tokens than this are read without a search form.
const UNSEARCHED: i64 = 10;

/// Sort orders.
const COLUMNS: &[Column] = &[
    Column::newest("Created", "created"),
    Column::newest("Last used", "used"),
    Column::newest("Expires", "ends"),
    Column::sorted("Name", "name"),
];

/// Account Settings.
#[component]
pub fn AccountPage() -> impl IntoView {
    let place = ListPlace::read(ACCOUNT, &["state"], "-created");
    let asked = RevokeAsked::read();
    view! {
        <Frame title="Account Settings" section=Section::Account>
            <PageHead title="Account Settings" />
            {loaded(my_tokens(query_of(&place)), move |list| view! { <AccountTokens list place asked /> })}
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

fn query_of(place: &ListPlace) -> TokenQuery {
    TokenQuery {
        search: place.search.clone(),
        state: place.filter("state").to_owned(),
        sort: place.sort.clone(),
        page: place.page,
        ..TokenQuery::default()
    }
}

#[component]
fn AccountTokens(list: ListPage<TokenRow>, place: ListPlace, asked: RevokeAsked) -> impl IntoView {
    let ListPage { count, rows } = list;
    let one = rows
        .iter()
        .find(|row| Some(row.token.id.to_string()) == asked.one)
        .cloned();
    let selected = asked.selected_of(&rows);
    let can_select = count > 1 && rows.iter().any(|row| row.state == TokenState::Active);
    let here = place.here();
    let notice = use_context::<Notice>().unwrap_or_default();
    let rejection = notice.rejection_of("generate", "name");
    let kept = notice.kept_of("generate", "name").unwrap_or_default();
    let form_token = token_for(GenerateToken::url()).unwrap_or_default();
    let form_key = idempotency_key().unwrap_or_default();
    let is_narrowed = place.is_narrowed();
    let search =
        (count > UNSEARCHED || is_narrowed).then(|| view! { <TokenSearch place=place.clone() /> });
    view! {
        <section class="panel" aria-labelledby="tokens-heading">
            <h2 id="tokens-heading">"Tokens"</h2>
            <p class="token-intro">
                "A token acts as you, with your role. It expires when you sign out, or after 30 days. It is shown here until "
                "you leave this page and never again: keep a copy where secrets belong, or generate another."
            </p>
            <TokenPanel rows count can_select is_narrowed kept rejection form_token form_key>{search}</TokenPanel>
            {can_select.then(|| view! { <RevokeSelected place=place.clone() /> })}
            <Pages place count />
        </section>
        {one.map(|row| view! { <AskRevoke row here=here.clone() action=RevokeMyToken::url() /> })}
        {asked.is_many.then(|| view! { <AskRevokeSelected selected here action=RevokeMyTokens::url() /> })}
    }
}

/// The form above a long list of one's own tokens.
#[component]
fn TokenSearch(place: ListPlace) -> impl IntoView {
    let states = [("", "Any state"), ("live", "Live"), ("ended", "Ended")];
    let choices = states.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let filter =
        view! { <Filter place=place.clone() name="state" label="State" choices=choices.into() /> };
    view! {
        <div class="sorted-here">
            <SearchForm place noun=TOKENS count=None columns=COLUMNS filters=Some(filter.into_any()) />
        </div>
    }
}

#[component]
fn AccountProfile() -> impl IntoView {
    use_context::<Viewer>().map(|viewer| {
        view! {
            <section class="panel" aria-labelledby="profile-heading">
                <h2 id="profile-heading">"Profile"</h2>
                <dl class="definitions">
                    <div><dt>"Name"</dt><dd><Isolated text=viewer.name /></dd></div>
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
