//! `/audit`: audit events and API calls, newest first, for administrators. The address is the state of the page.

use domain::audit::event::ObjectType;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    model::{
        audit::{log::AuditLogView, query::AuditQuery},
        platform::{
            paths::{AUDIT, VERIFICATION},
            viewer::administrates,
        },
    },
    pages::{
        audit::{filters::Filters, info::InfoDialog, periods::Periods},
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        audit::log::{LogList, Tabs},
        dialog::request::Asked,
        page::{head::PageHead, navigation::Section},
    },
};

const ADMINISTRATORS_ONLY: &str = "Only administrators can read the audit log. Account Settings links to the activity of each of your own tokens.";

/// The audit log.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = AuditQuery::read();
    let here = query.address(AUDIT);
    view! {
        <Frame title="Audit log" section=Section::Audit>
            <PageHead title="Audit log">
                {administrates().then(|| view! { <a class="button" href=VERIFICATION>"Verification"</a> })}
            </PageHead>
            <ForAdministrators words=ADMINISTRATORS_ONLY>
                {Suspend::new(async move {
                    let found = list_audit_log(query.clone()).await;
                    view! { <Log query found /> }
                })}
                <AskedInfo here />
            </ForAdministrators>
        </Frame>
    }
}

/// The Info dialog of an object of an event, also of a deleted one.
#[component]
fn AskedInfo(here: String) -> impl IntoView {
    let given = |name: &str| use_query_map().with_untracked(|query| query.get(name));
    let asked = Asked::read(given("show"), given("of"));
    let kind = given("type").and_then(|label| ObjectType::from_label(&label));
    kind.map(|kind| view! { <InfoDialog asked kind here /> })
}

/// The filters, with the rows or an error below them, so that an invalid filter can be corrected.
#[component]
fn Log(query: AuditQuery, found: Result<AuditLogView, UiError>) -> impl IntoView {
    let now = found.as_ref().ok().map(|view| view.now);
    view! {
        <Tabs path=AUDIT.to_owned() query=query.clone() />
        <Filters query=query.clone() />
        {now.map(|now| view! { <Periods query=query.clone() now /> })}
        {match found {
            Ok(view) => view! { <AuditRows query view /> }.into_any(),
            Err(error) => view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }.into_any(),
        }}
    }
}

#[component]
fn AuditRows(query: AuditQuery, view: AuditLogView) -> impl IntoView {
    view! {
        {(!view.filters.is_empty()).then(|| view! { <p class="prose">{view.filters.join(" · ")}</p> })}
        <LogList path=AUDIT.to_owned() query=query.clone() rows=view.rows />
        <ExportLinks query />
    }
}

/// Links that download all matching rows. The server writes an audit event for each download.
#[component]
fn ExportLinks(query: AuditQuery) -> impl IntoView {
    let all = query.from_the_newest();
    let link = |format: &str| {
        let address = all.address("/audit/export");
        let separator = if address.contains('?') { '&' } else { '?' };
        format!("{address}{separator}format={format}")
    };
    view! {
        <p class="prose space-above">
            "Export all matching rows as "
            <a href=link("ndjson") download rel="external">"NDJSON"</a>
            " or "
            <a href=link("csv") download rel="external">"CSV"</a>
            ". The audit log records each export."
        </p>
    }
}

/// A page of the audit log or of the call log.
///
/// # Errors
/// [`UiError::Denied`] unless the caller is an administrator; [`UiError::Rejected`] for an invalid filter.
#[server(prefix = "/ui", endpoint = "audit/list")]
pub async fn list_audit_log(
    /// The filters and the position.
    query: AuditQuery,
) -> Result<AuditLogView, UiError> {
    use crate::{pages::audit::server, request};
    let (service, caller) = request::signed_in()?;
    server::view(&service, &caller, &query).await
}
