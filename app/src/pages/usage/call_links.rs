//! Links from counts to the calls themselves, in the audit log. Only administrators can read it.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    model::platform::{address::address, paths::AUDIT, viewer::administrates},
    pages::usage::address::UsageAddress,
    ui::list::listing::grouped,
};

/// The calls of a period in the call log; `None` where the viewer cannot read it, or where it has no such filter.
pub(super) fn calls_href(usage: &UsageAddress, from: Timestamp, to: Timestamp) -> Option<String> {
    let has_no_filter =
        !usage.route.is_empty() || !usage.status.is_empty() || usage.person == "unknown";
    if has_no_filter || !administrates() {
        return None;
    }
    let (from, to) = (from.as_millis().to_string(), to.as_millis().to_string());
    let parameters = [
        ("what", "calls"),
        ("person", &usage.person),
        ("token", &usage.token),
        ("from", &from),
        ("to", &to),
    ];
    let given = parameters
        .into_iter()
        .filter(|(_, value)| !value.is_empty());
    Some(address(AUDIT, given))
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
