//! `/usage`: calls of the API, counted: by user over time, then by token, route and status. Administrators see
//! everybody's, others their own. What is shown is the address, as with lists.

use domain::timestamp::Timestamp;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};
use serde::{Deserialize, Serialize};

use super::usage_tables::{Tables, Total};
use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section, administrates},
        head::PageHead,
        list::Filter,
        list::ListPlace,
    },
};

const PATH: &str = "/usage";

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

/// Which calls are asked for, as the address says it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UsageAsked {
    /// `hour`, `day`, `week`, `month`; a day when it is empty and neither end is given.
    pub range: String,
    /// From this moment, in milliseconds since 1970.
    pub from: String,
    /// To before this moment.
    pub to: String,
    /// Made by this user or org token, or `unknown`.
    pub person: String,
    /// Made with this token.
    pub token: String,
    /// Method and route.
    pub route: String,
    /// Answered like this: `4xx`.
    pub status: String,
}

/// Calls, counted in every way the page tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageFound {
    /// From when.
    pub from: Timestamp,
    /// To before when.
    pub to: Timestamp,
    /// How long the steps are, in microseconds.
    pub step_micros: i64,
    /// All of them.
    pub total: UsageNumbers,
    /// By user; not when they are all of one.
    pub people: Option<UsageGroups>,
    /// By token.
    pub tokens: UsageGroups,
    /// By route.
    pub routes: UsageGroups,
    /// By status.
    pub statuses: UsageGroups,
    /// What the user, the token and the route are called to which the calls are narrowed.
    pub narrowed: Vec<Narrowed>,
}

/// Something calls are narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowed {
    /// Its name in the address.
    pub filter: String,
    /// What it is about: "User".
    pub label: String,
    /// What it is called.
    pub words: String,
    /// Its own page, if it has one.
    pub page: Option<String>,
}

/// Calls gathered in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageGroups {
    /// Those with the most calls, the most first; at the end, under no name, all others together.
    pub rows: Vec<UsageRow>,
}

/// Calls that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// What they have in common, for the address; empty for those that cannot be narrowed to.
    pub value: String,
    /// What that is called.
    pub title: String,
    /// What else is known of it.
    pub detail: String,
    /// How many they are.
    pub numbers: UsageNumbers,
    /// How many in each step.
    pub series: Vec<i64>,
}

/// How many calls, and what they came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UsageNumbers {
    /// Calls.
    pub calls: i64,
    /// Of them, refused ones.
    pub refused: i64,
    /// Of them, failed ones.
    pub failed: i64,
    /// How long they took in all, in microseconds.
    pub duration_us: i64,
    /// Bytes answered.
    pub bytes: i64,
}

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
        <p class="words">{words}</p>
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

impl UsageAsked {
    fn read() -> Self {
        use_query_map().with_untracked(|query| {
            let of = |name| query.get(name).unwrap_or_default();
            let mut asked = Self {
                range: of("range"),
                from: of("from"),
                to: of("to"),
                person: of("person"),
                token: of("token"),
                route: of("route"),
                status: of("status"),
            };
            // A range by name is chosen after one by its ends.
            if !asked.range.is_empty() {
                (asked.from, asked.to) = (String::new(), String::new());
            }
            asked
        })
    }

    /// What the address says.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![
            ("range", self.range.as_str()),
            ("from", &self.from),
            ("to", &self.to),
            ("person", &self.person),
            ("token", &self.token),
            ("route", &self.route),
            ("status", &self.status),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The page that shows this.
    #[must_use]
    pub fn address(&self) -> String {
        let pairs = self.pairs();
        let query: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", Url::escape(value).replace("%2D", "-")))
            .collect();
        if query.is_empty() {
            PATH.to_owned()
        } else {
            format!("{PATH}?{}", query.join("&"))
        }
    }

    /// The same narrowed to this, or no longer narrowed by it if it is empty.
    #[must_use]
    pub fn with(&self, filter: &str, value: &str) -> Self {
        let mut asked = self.clone();
        let field = match filter {
            "person" => &mut asked.person,
            "token" => &mut asked.token,
            "route" => &mut asked.route,
            _ => &mut asked.status,
        };
        value.clone_into(field);
        asked
    }

    /// The same between these moments.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Self {
        Self {
            range: String::new(),
            from: from.as_millis().to_string(),
            to: to.as_millis().to_string(),
            ..self.clone()
        }
    }

    fn without(&self, filter: &str) -> String {
        self.with(filter, "").address()
    }

    /// The range in words, when it was not chosen by name.
    fn given_range(&self, found: &UsageFound) -> Option<String> {
        let is_given = !self.from.is_empty() || !self.to.is_empty();
        is_given.then(|| span(found.from, found.to))
    }
}

/// Two moments in words: "23 Dec, 14:00 to 15:00".
fn span(from: Timestamp, to: Timestamp) -> String {
    if from.to_date() == to.to_date() {
        format!(
            "{}, {} to {}",
            from.to_short_date(),
            from.to_time(),
            to.to_time()
        )
    } else {
        let moment = |at: Timestamp| format!("{}, {}", at.to_short_date(), at.to_time());
        format!("{} to {}", moment(from), moment(to))
    }
}

/// Calls, counted.
///
/// # Errors
/// [`UiError::Denied`] when somebody who is no administrator asks for another's; [`UiError::Refused`] for an address
/// that makes no sense.
#[server(prefix = "/ui", endpoint = "usage")]
pub async fn find_usage(
    /// Which ones.
    asked: UsageAsked,
) -> Result<UsageFound, UiError> {
    use crate::host::{self, usage};
    let (service, caller) = host::signed_in()?;
    usage::find(&service, &caller, &asked).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_shown_and_no_more() {
        let asked = UsageAsked::default();
        assert_eq!(asked.address(), "/usage");
        let narrowed = UsageAsked {
            range: "week".to_owned(),
            ..asked
        }
        .with("route", "GET /v2/team/{id}")
        .with("person", "AbC-_1");
        assert_eq!(
            narrowed.address(),
            "/usage?range=week&person=AbC-%5F1&route=GET%20%2Fv2%2Fteam%2F%7Bid%7D"
        );
        assert_eq!(
            narrowed.without("route"),
            "/usage?range=week&person=AbC-%5F1"
        );
        let moment = Timestamp::from_millis(1_798_034_400_000);
        let hour = narrowed
            .without_route()
            .between(moment, moment.plus_seconds(3_600));
        assert_eq!(
            hour.address(),
            "/usage?from=1798034400000&to=1798038000000&person=AbC-%5F1"
        );
        assert_eq!(
            span(moment, moment.plus_seconds(3_600)),
            "23 Dec, 14:00 to 15:00"
        );
        assert_eq!(
            span(moment, moment.plus_days(2)),
            "23 Dec, 14:00 to 25 Dec, 14:00"
        );
    }

    impl UsageAsked {
        fn without_route(&self) -> Self {
            self.with("route", "")
        }
    }
}
