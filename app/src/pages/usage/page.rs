//! `/usage`: counts of API calls by user over time, by token, by route and by status. Administrators and users with
//! the role `usage` see those of all users, others their own. The address is the state of the page.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::usage::UsageReport,
    pages::{
        platform::frame::Frame,
        usage::{
            address::UsageAddress, chart::CallChart, filters::Filters, numbers::Totals,
            tables::Tables,
        },
    },
    ui::page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
};

/// The counts of API calls.
#[component]
pub fn UsagePage() -> impl IntoView {
    let address = UsageAddress::read();
    view! {
        <Frame title="Usage" section=Section::Usage>
            <PageHead title="Usage" />
            {loaded(find_usage(address.clone()), |report| view! { <Report address report /> })}
        </Frame>
    }
}

#[component]
fn Report(address: UsageAddress, report: UsageReport) -> impl IntoView {
    let introduction = if report.covers_all_users {
        "Every API call is counted by the user and the token that made it."
    } else {
        "Every API call you make is counted by its token. Administrators and usage readers see \
         these numbers too."
    };
    view! {
        <p class="prose">{introduction}</p>
        <Filters address=address.clone() report=report.clone() />
        {if report.total.calls > 0 {
            view! {
                <Totals counts=report.total />
                <CallChart address=address.clone() report=report.clone() />
                <Tables address report />
            }
            .into_any()
        } else {
            view! { <NoCalls address /> }.into_any()
        }}
    }
}

#[component]
fn NoCalls(address: UsageAddress) -> impl IntoView {
    if address.range == "month" {
        return view! {
            <Empty title="No calls in this time">
                "Generate a token on your " <a href="/account">"Account Settings"</a> " and call the API with it: "
                <a href="/docs">"API documentation"</a> "."
            </Empty>
        }
        .into_any();
    }
    let longest = UsageAddress {
        range: "month".to_owned(),
        from: String::new(),
        to: String::new(),
        ..address
    };
    view! {
        <Empty title="No calls in this time">
            <a href=longest.href()>"Show the last 30 days"</a>
        </Empty>
    }
    .into_any()
}

/// Counts API calls.
///
/// # Errors
/// [`UiError::Denied`] when the viewer may not see the usage of others and filters by another user;
/// [`UiError::Rejected`] for an invalid period.
#[server(prefix = "/ui", endpoint = "usage")]
pub async fn find_usage(
    /// Which calls.
    address: UsageAddress,
) -> Result<UsageReport, UiError> {
    use crate::{pages::usage::server, request};
    let (service, caller) = request::signed_in()?;
    server::find(&service, &caller, &address).await
}
