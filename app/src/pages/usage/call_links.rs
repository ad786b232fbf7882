//! Links from counts to the calls themselves, in the audit log. Only administrators can read it.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    model::platform::viewer::administrates, pages::usage::address::UsageAddress,
    ui::list::listing::grouped,
};

/// The calls of a period in the call log; `None` where the viewer cannot read it, or where it has no such filter.
pub(super) fn calls_href(address: &UsageAddress, from: Timestamp, to: Timestamp) -> Option<String> {
    let has_no_filter =
        !address.route.is_empty() || !address.status.is_empty() || address.person == "unknown";
    if has_no_filter || !administrates() {
        return None;
    }
    let filters = [("person", &address.person), ("token", &address.token)];
    let filters: String = filters
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("&{name}={value}"))
        .collect();
    Some(format!(
        "/audit?what=calls{filters}&from={}&to={}",
        from.as_millis(),
        to.as_millis()
    ))
}

/// A count of calls, with a link to them.
#[component]
pub(super) fn CallCount(
    /// How many.
    number: i64,
    /// Where the calls are listed; `None` for no link.
    href: Option<String>,
) -> impl IntoView {
    match href.filter(|_| number > 0) {
        Some(href) => {
            view! { <a href=href title="Show these calls">{grouped(number)}</a> }.into_any()
        }
        None => grouped(number).into_any(),
    }
}
