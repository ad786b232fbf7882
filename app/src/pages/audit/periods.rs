//! Links to common periods, and the links that remove the period or all filters.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::model::{audit::query::AuditQuery, platform::paths::AUDIT};

/// Periods up to now: hours, and their texts.
const PERIODS: [(i64, &str); 4] = [
    (1, "Last hour"),
    (24, "Last 24 hours"),
    (7 * 24, "Last 7 days"),
    (30 * 24, "Last 30 days"),
];

/// The links.
#[component]
pub(super) fn Periods(query: AuditQuery, now: Timestamp) -> impl IntoView {
    let here = query.clone().from_the_newest().with("to", "");
    // Whole minutes, so that a link stays the same for a minute and shows as visited.
    let minute = Timestamp::from_millis(now.as_millis() - now.as_millis() % 60_000);
    let periods = PERIODS.map(|(hours, words)| {
        let from = minute.plus_seconds(-hours * 3_600).as_millis();
        let href = here.clone().with("from", from.to_string()).address(AUDIT);
        view! { <li><a href=href>{words}</a></li> }
    });
    let has_period = !query.get("from").is_empty() || !query.get("to").is_empty();
    let any_time = has_period.then(|| here.with("from", "").address(AUDIT));
    let everything = AuditQuery::default().with("what", query.get("what"));
    let show_all = query.is_narrowed().then(|| everything.address(AUDIT));
    view! {
        <ul class="presets" aria-label="Time">
            {periods.into_iter().collect_view()}
            {any_time.map(|href| view! { <li><a href=href>"Any time"</a></li> })}
            {show_all.map(|href| view! { <li><a href=href>"Show all"</a></li> })}
        </ul>
    }
}
