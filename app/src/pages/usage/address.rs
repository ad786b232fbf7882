//! The address of `/usage`: which calls the page shows.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::model::platform::address::address;

pub(crate) const PATH: &str = "/usage";

/// Which calls are counted, as in the address. Empty fields do not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UsageAddress {
    /// The period by name: `hour`, `day`, `week` or `month`. Without it and both ends, the page shows a day.
    pub range: String,
    /// The begin of the period, in milliseconds since 1970.
    pub from: String,
    /// The end of the period, in milliseconds since 1970; calls at this time are not counted.
    pub to: String,
    /// The id of a user or org token, or `unknown`.
    pub person: String,
    /// The id of a token.
    pub token: String,
    /// Method and route.
    pub route: String,
    /// A class of statuses: `4xx`.
    pub status: String,
}

impl UsageAddress {
    /// Reads the address of the current page.
    pub(crate) fn read() -> Self {
        use_query_map().with_untracked(|query| {
            let of = |name| query.get(name).unwrap_or_default();
            let mut address = Self {
                range: of("range"),
                from: of("from"),
                to: of("to"),
                person: of("person"),
                token: of("token"),
                route: of("route"),
                status: of("status"),
            };
            // The form keeps the ends as hidden fields; a period by name replaces them.
            if !address.range.is_empty() {
                (address.from, address.to) = (String::new(), String::new());
            }
            address
        })
    }

    /// The parameters that are set.
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

    /// The address as a link.
    #[must_use]
    pub fn href(&self) -> String {
        address(PATH, self.pairs())
    }

    /// Sets a filter; an empty value removes it.
    #[must_use]
    pub fn with(&self, parameter: &str, value: &str) -> Self {
        let mut address = self.clone();
        let field = match parameter {
            "person" => &mut address.person,
            "token" => &mut address.token,
            "route" => &mut address.route,
            _ => &mut address.status,
        };
        value.clone_into(field);
        address
    }

    /// Sets the period by its ends.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Self {
        Self {
            range: String::new(),
            from: from.as_millis().to_string(),
            to: to.as_millis().to_string(),
            ..self.clone()
        }
    }

    /// The text of a period that is set by its ends; `None` for one that is set by name.
    pub(crate) fn period(&self, from: Timestamp, to: Timestamp) -> Option<String> {
        let has_ends = !self.from.is_empty() || !self.to.is_empty();
        has_ends.then(|| period(from, to))
    }
}

/// The text of a period: "23 Dec, 14:00 to 15:00".
fn period(from: Timestamp, to: Timestamp) -> String {
    let start = format!("{}, {}", from.to_short_date(), from.to_time());
    if from.to_date() == to.to_date() {
        format!("{start} to {}", to.to_time())
    } else {
        format!("{start} to {}, {}", to.to_short_date(), to.to_time())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered() -> UsageAddress {
        UsageAddress {
            range: "week".to_owned(),
            ..UsageAddress::default()
        }
        .with("person", "AbC-_1")
    }

    #[test]
    fn a_link_has_the_parameters_that_are_set() {
        assert_eq!(UsageAddress::default().href(), "/usage");
        let by_route = filtered().with("route", "GET /v2/team/{id}");
        assert_eq!(
            by_route.href(),
            "/usage?range=week&person=AbC-_1&route=GET%20%2Fv2%2Fteam%2F%7Bid%7D"
        );
        assert_eq!(by_route.with("route", ""), filtered());
        assert_eq!(filtered().href(), "/usage?range=week&person=AbC-_1");
    }

    #[test]
    fn a_period_by_its_ends_replaces_one_by_name() {
        let start = Timestamp::from_millis(1_798_034_400_000);
        let end = start.plus_seconds(3_600);
        assert_eq!(
            filtered().between(start, end).href(),
            "/usage?from=1798034400000&to=1798038000000&person=AbC-_1"
        );
        assert_eq!(period(start, end), "23 Dec, 14:00 to 15:00");
        assert_eq!(
            period(start, start.plus_days(2)),
            "23 Dec, 14:00 to 25 Dec, 14:00"
        );
    }
}
