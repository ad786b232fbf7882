//! `/usage`: calls of the API, counted: by user over time, then by token, route and status. Administrators see
//! everybody's, others their own. What is shown is the address, as with lists.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        platform::viewer::administrates,
        usage::{Narrowed, UsageFound},
    },
    pages::usage::{
        figures::Total,
        query::{PATH, UsageAsked},
        tables::Tables,
    },
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section},
        head::PageHead,
        list::Filter,
        list_place::ListPlace,
    },
};

/// What the address can narrow the calls to; the first is chosen by a field, the others by following links.
const FILTERS: [&str; 7] = ["range", "status", "person", "token", "route", "from", "to"];

/// The ranges to choose from: the value in the address, and its words.
const RANGES: [(&str, &str); 4] = [
    ("hour", "Last hour"),
    ("day", "Last 24 hours"),
    ("week", "Last 7 days"),
    ("month", "Last 30 days"),
];

/// The statuses to choose from.
const STATUSES: [(&str, &str); 4] = [
    ("", "Any status"),
    ("2xx", "Done (2xx)"),
    ("4xx", "Refused (4xx)"),
    ("5xx", "Failed (5xx)"),
];

/// Calls of the API.
#[component]
pub fn UsagePage() -> impl IntoView {
    let asked = UsageAsked::read();
    view! {
        <Frame title="Usage" section=Section::Usage>
            <PageHead title="Usage" />
            {Suspend::new(async move {
                match find_usage(asked.clone()).await {
                    Ok(found) => view! { <Found asked found /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Found(asked: UsageAsked, found: UsageFound) -> impl IntoView {
    let words = if administrates() {
        "Every call of the API is counted by the user and the token it was made with."
    } else {
        "Every call of the API you make is counted by the token it was made with. Administrators see these numbers too."
    };
    let something = found.total.calls > 0;
    view! {
        <p class="prose">{words}</p>
        <Choices asked=asked.clone() found=found.clone() />
        {if something {
            view! { <Total found=found.clone() /> <Tables asked found /> }.into_any()
        } else {
            view! { <Nothing asked /> }.into_any()
        }}
    }
}

/// What is shown, and how to show something else.
#[component]
fn Choices(asked: UsageAsked, found: UsageFound) -> impl IntoView {
    let place = ListPlace::read(PATH, &FILTERS, "");
    let given = asked.given_range(&found);
    let mut ranges: Vec<(String, String)> = given
        .iter()
        .map(|words| (String::new(), words.clone()))
        .collect();
    ranges.extend(RANGES.map(|(value, words)| (value.to_owned(), words.to_owned())));
    let statuses = STATUSES.map(|(value, words)| (value.to_owned(), words.to_owned()));
    // The day is the standard: shown as chosen where the address says nothing.
    let shown = if given.is_none() && place.filter("range").is_empty() {
        place.with("range", "day")
    } else {
        place.clone()
    };
    let kept = asked
        .pairs()
        .into_iter()
        .filter(|(name, _)| !["range", "status"].contains(name))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let chips = found
        .narrowed
        .iter()
        .map(|narrowed| view! { <Chip narrowed=narrowed.clone() without=asked.without(&narrowed.filter) /> })
        .collect_view();
    view! {
        <form class="search usage-choices" method="get" action=PATH>
            <Filter place=shown name="range" label="Time" choices=ranges />
            <Filter place name="status" label="Status" choices=statuses.to_vec() />
            {kept}
            <button type="submit" class="button">"Show"</button>
        </form>
        {(!found.narrowed.is_empty()).then(|| view! { <ul class="chips">{chips}</ul> })}
    }
}

/// Something the calls are narrowed to, and the way out of it.
#[component]
fn Chip(narrowed: Narrowed, without: String) -> impl IntoView {
    let Narrowed {
        label, words, page, ..
    } = narrowed;
    let remove = format!("Show any {}", label.to_lowercase());
    view! {
        <li class="chip">
            <span class="quiet">{label} ": "</span>
            {match page {
                Some(page) => view! { <a href=page>{words}</a> }.into_any(),
                None => view! { <span>{words}</span> }.into_any(),
            }}
            <a class="chip-out" href=without aria-label=remove.clone() title=remove>"×"</a>
        </li>
    }
}

#[component]
fn Nothing(asked: UsageAsked) -> impl IntoView {
    let longest = UsageAsked {
        range: "month".to_owned(),
        from: String::new(),
        to: String::new(),
        ..asked.clone()
    };
    let is_longest = asked.range == "month";
    view! {
        <Empty title="No calls in this time">
            {if is_longest {
                view! {
                    "Generate a token on your " <a href="/account">"Account Settings"</a> " and call the API with it: "
                    <a href="/docs">"what it can do"</a> "."
                }
                .into_any()
            } else {
                view! { <a href=longest.address()>"Show the last 30 days"</a> }.into_any()
            }}
        </Empty>
    }
}

/// Calls, counted.
///
/// # Errors
/// [`UiError::Denied`] when somebody who is no administrator asks for another's; [`UiError::Rejected`] for an address
/// that makes no sense.
#[server(prefix = "/ui", endpoint = "usage")]
pub async fn find_usage(
    /// Which ones.
    asked: UsageAsked,
) -> Result<UsageFound, UiError> {
    use crate::{pages::usage::server, request::context};
    let (service, caller) = context::signed_in()?;
    server::find(&service, &caller, &asked).await
}
