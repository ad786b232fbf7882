//! `/tokens/{id}`: one token, its origins, and its audit events and calls, newest first. For administrators and the
//! owner of the token. The Info dialog links to it.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        audit::query::AuditQuery,
        platform::viewer::administrates,
        tokens::user_token::{TokenDetail, TokenOrigin, TokenRow, masked},
    },
    pages::platform::frame::Frame,
    ui::{
        audit::log::{LogList, Tabs},
        isolated::Isolated,
        list::listing::{counted, grouped},
        page::{
            empty::Empty,
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
        time::{DateTime, Minute, Origin},
        token_row::{Ends, LastUsed, State},
    },
};

/// One token.
#[component]
pub fn TokenPage() -> impl IntoView {
    let id = id_in_path();
    let query = AuditQuery::read();
    view! {
        <Frame title="Token" section=Section::Tokens>
            {loaded(find_token_detail(id, query.clone()), move |detail| view! { <UserTokenPanels detail query /> })}
        </Frame>
    }
}

#[component]
fn UserTokenPanels(detail: TokenDetail, query: AuditQuery) -> impl IntoView {
    let id = detail.row.token.id.to_string();
    let path = format!("/tokens/{id}");
    let everything = AuditQuery::default().with("object", id).address("/audit");
    view! {
        <UserTokenDetails row=detail.row />
        <RecentUseTable origins=detail.origins calls=detail.calls since=detail.since />
        <h2 class="space-above">"All activity of this token"</h2>
        <Tabs path=path.clone() query=query.clone() />
        <LogList path query rows=detail.rows />
        {administrates().then(|| view! { <p class="prose space-above"><a href=everything>"All changes to this token"</a>", in the audit log"</p> })}
    }
}

#[component]
fn UserTokenDetails(row: TokenRow) -> impl IntoView {
    let title = row.title();
    let breadcrumbs = vec![if administrates() {
        step("/tokens", "User tokens")
    } else {
        step("/account", "Account Settings")
    }];
    let (token, now) = (row.token, row.now);
    view! {
        <PageHead title breadcrumbs>
            <State state=row.state />
        </PageHead>
        <dl class="definitions definitions-wide">
            <div><dt>"Owner"</dt><dd><Isolated text=row.owner_name /> " " <span class="quiet">{row.owner_email}</span></dd></div>
            <div><dt>"Token"</dt><dd><code>{masked(&token.prefix, &token.last4)}</code></dd></div>
            <div><dt>"Kind"</dt><dd>{token.kind.words()}</dd></div>
            <div><dt>"Created"</dt><dd><DateTime at=token.created_at /></dd></div>
            <div><dt>"Created from"</dt><dd><Origin address=token.created_address.clone() client=token.created_client.clone() /></dd></div>
            <div><dt>"Expires"</dt><dd><Ends token=token.clone() state=row.state now /></dd></div>
            <div><dt>"Last used"</dt><dd><LastUsed token=token.clone() now /></dd></div>
            <div><dt>"Token ID"</dt><dd><code>{token.id.to_string()}</code></dd></div>
        </dl>
    }
}

#[component]
fn RecentUseTable(
    origins: Vec<TokenOrigin>,
    calls: (i64, i64),
    since: Option<Timestamp>,
) -> impl IntoView {
    let (count, rejected) = calls;
    let rows = origins
        .into_iter()
        .map(|origin| {
            view! {
                <tr>
                    <th scope="row" data-label="From">{origin.address}</th>
                    <td data-label="Program">{origin.client}</td>
                    <td data-label="Calls">{grouped(origin.calls)}</td>
                    <td data-label="First used"><DateTime at=origin.first_at /></td>
                    <td data-label="Last used"><DateTime at=origin.last_at /></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h2>
            "Recent use "
            <span class="quiet">{counted(count, "call", "calls")} ", " {grouped(rejected)} " rejected"</span>
        </h2>
        {if count == 0 {
            view! { <Empty title="Not used yet">"Addresses and programs are listed here once the token is used."</Empty> }.into_any()
        } else {
            view! {
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"From"</th>
                            <th scope="col">"Program"</th>
                            <th scope="col">"Calls"</th>
                            <th scope="col">"First used"</th>
                            <th scope="col">"Last used"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        }}
        {since.map(|at| view! { <p class="hint">"Counted back to " <Minute at /> ". It may have been used before."</p> })}
    }
}

/// One token of the caller, or of any member for an administrator.
///
/// # Errors
/// [`UiError::NotFound`], also for a token that the user may not read.
#[server(prefix = "/ui", endpoint = "token/find")]
pub async fn find_token(
    /// The token.
    id: String,
) -> Result<TokenRow, UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    request::report(
        service
            .tokens()
            .find(&caller, parameters::token_id(&id)?)
            .await,
    )
    .map(TokenRow::from)
}

/// A token, its origins, and a page of its activity.
///
/// # Errors
/// As [`find_token`].
#[server(prefix = "/ui", endpoint = "token/detail")]
pub async fn find_token_detail(
    /// The token.
    id: String,
    /// Log, filters and position of the activity.
    query: AuditQuery,
) -> Result<TokenDetail, UiError> {
    use crate::{
        pages::tokens::user_tokens::activity,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    activity::token(&service, &caller, parameters::token_id(&id)?, &query).await
}
