//! Times, as people read them.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

/// The time a page was rendered, by the server's clock: the reference of relative times. The page provides it.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub Timestamp);

/// A time in UTC, to the minute, and the relative time.
#[component]
pub fn DateTime(
    /// The time.
    at: Timestamp,
    /// Reference of the relative time; by default the time at which the page was rendered.
    #[prop(optional)]
    now: Option<Timestamp>,
) -> impl IntoView {
    view! { <Minute at /> " " <Ago at now /> }
}

/// The relative time of a timestamp. It stands beside the timestamp, which stays right while the page is open.
#[component]
pub fn Ago(
    /// The time.
    at: Timestamp,
    /// Reference of the relative time; by default the time at which the page was rendered.
    #[prop(optional_no_strip)]
    now: Option<Timestamp>,
) -> impl IntoView {
    let now = now.or_else(|| use_context().map(|Now(now)| now));
    now.map(|now| view! { <span class="relative-time">{at.relative_to(now)}</span> })
}

/// A time in UTC, to the minute.
#[component]
pub fn Minute(
    /// The time.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339()>{at.to_date_and_time()}</time> }
}

/// A time in UTC, to the second.
#[component]
pub fn Second(
    /// The time.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339()>{at.to_date_and_second()}</time> }
}

/// A day in UTC.
#[component]
pub fn Day(
    /// A time of that day.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339()>{at.to_date()}</time> }
}

/// Network address and user agent.
#[component]
pub fn Origin(
    /// The network address; empty for the command line.
    address: String,
    /// User agent; empty when none was sent.
    client: String,
) -> impl IntoView {
    let address = if address.is_empty() {
        "command line".to_owned()
    } else {
        address
    };
    view! {
        <span class="origin">
            <span class="origin-address">{address}</span>
            {(!client.is_empty()).then(|| view! { " " <span class="origin-client" title=client.clone()>{client.clone()}</span> })}
        </span>
    }
}
