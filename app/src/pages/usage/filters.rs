//! The fields that choose period and status, and the filters that are set by links, each with a link that removes it.

use leptos::prelude::*;

use crate::{
    model::usage::{ActiveFilter, UsageReport},
    pages::usage::address::{PATH, UsageAddress},
    ui::{
        form::hidden::hidden_fields,
        isolated::Isolated,
        list::{listing::Filter, place::ListPlace},
    },
};

/// The parameters of the address. Fields set the first two, links the others.
const PARAMETERS: [&str; 7] = ["range", "status", "person", "token", "route", "from", "to"];

/// The periods to choose from, with their texts.
const RANGES: [(&str, &str); 4] = [
    ("hour", "Last hour"),
    ("day", "Last 24 hours"),
    ("week", "Last 7 days"),
    ("month", "Last 30 days"),
];

/// The statuses to choose from, with their texts.
const STATUSES: [(&str, &str); 4] = [
    ("", "Any status"),
    ("2xx", "Succeeded (2xx)"),
    ("4xx", "Rejected (4xx)"),
    ("5xx", "Failed (5xx)"),
];

/// The filters of the page.
#[component]
pub(crate) fn Filters(
    /// Which calls are shown.
    address: UsageAddress,
    /// What was counted.
    report: UsageReport,
) -> impl IntoView {
    let kept = address.pairs().into_iter();
    let kept = kept.filter(|(name, _)| !["range", "status"].contains(name));
    let kept = hidden_fields(kept.map(|(name, value)| (name, value.to_owned())));
    view! {
        <form class="search usage-choices" method="get" action=PATH>
            <UsageFields address=address.clone() period=address.period(report.from, report.to) />
            {kept}
            <button type="submit" class="button">"Show"</button>
        </form>
        <Chips address filters=report.active_filters />
    }
}

/// The choices of period and status. A period that was not chosen by name is a choice of its own.
#[component]
fn UsageFields(address: UsageAddress, period: Option<String>) -> impl IntoView {
    let place = ListPlace::read(PATH, &PARAMETERS, "");
    // Without a period in the address the page shows a day.
    let shown = if period.is_none() && address.range.is_empty() {
        place.with("range", "day")
    } else {
        place.clone()
    };
    let ranges = RANGES.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let period = period.map(|words| (String::new(), words));
    let ranges = period.into_iter().chain(ranges).collect();
    let statuses = STATUSES.map(|(value, words)| (value.to_owned(), words.to_owned()));
    view! {
        <Filter place=shown name="range" label="Time" choices=ranges />
        <Filter place name="status" label="Status" choices=statuses.to_vec() />
    }
}

#[component]
fn Chips(address: UsageAddress, filters: Vec<ActiveFilter>) -> impl IntoView {
    (!filters.is_empty()).then(|| {
        let chips = filters
            .into_iter()
            .map(|filter| {
                let without = address.with(&filter.parameter, "").href();
                view! { <Chip filter without /> }
            })
            .collect_view();
        view! { <ul class="chips">{chips}</ul> }
    })
}

/// A filter that is set, and the link that removes it.
#[component]
fn Chip(filter: ActiveFilter, without: String) -> impl IntoView {
    let ActiveFilter {
        label, name, page, ..
    } = filter;
    let remove = format!("Remove the filter by {}", label.to_lowercase());
    view! {
        <li class="chip">
            <span class="quiet">{label} ": "</span>
            {match page {
                Some(page) => view! { <a href=page><Isolated text=name /></a> }.into_any(),
                None => view! { <span><Isolated text=name /></span> }.into_any(),
            }}
            <a class="chip-out" href=without aria-label=remove.clone() title=remove>"×"</a>
        </li>
    }
}
