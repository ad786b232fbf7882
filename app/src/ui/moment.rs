//! Moments and other small facts, as people read them.

use domain::timestamp::Timestamp;
use leptos::prelude::*;

/// A moment in UTC, to the minute.
#[component]
pub fn Moment(
    /// The moment.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339()>{at.to_date_and_time()}</time> }
}

/// A moment in UTC, to the second.
#[component]
pub fn Second(
    /// The moment.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339()>{at.to_date_and_second()}</time> }
}

/// A day in UTC.
#[component]
pub fn Day(
    /// A moment of that day.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339()>{at.to_date()}</time> }
}

/// From where and by which program: the address, then the program as it named itself.
#[component]
pub fn Origin(
    /// The network address; empty for the command line.
    address: String,
    /// The program; empty when it did not say.
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
