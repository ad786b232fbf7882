//! Which calls `/usage` shows, as its address says it.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};
use serde::{Deserialize, Serialize};

use crate::model::usage::UsageFound;

pub(crate) const PATH: &str = "/usage";

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

impl UsageAsked {
    pub(crate) fn read() -> Self {
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
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
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

    pub(crate) fn without(&self, filter: &str) -> String {
        self.with(filter, "").address()
    }

    /// The range in words, when it was not chosen by name.
    pub(crate) fn given_range(&self, found: &UsageFound) -> Option<String> {
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
