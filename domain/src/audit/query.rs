//! Queries of the audit log and the call log: which log, and the filter. `position` has the page.
//!
//! The names are those of query parameters (`/audit?person=…`), so that a query can be shared as a link. The command
//! line uses the same names.

use serde::{Deserialize, Serialize};

pub use crate::audit::position::{AuditPosition, AuditResults, PageDirection};
use crate::{
    audit::event::{Action, ObjectType, Outcome},
    platform::{
        id::{Id, RequestId},
        rejection::Rejected,
        timestamp::Timestamp,
    },
};

/// Maximum characters of a network address: an IPv6 address with a zone.
const ADDRESS_CHARACTERS: usize = 64;

/// How long before the time in its id a request can have left entries: the clocks of two nodes may differ.
const REQUEST_BEFORE_SECONDS: i64 = 60;

/// How long after the time in its id a request can have left entries: a body may arrive slowly.
const REQUEST_AFTER_SECONDS: i64 = 15 * 60;

/// Which log is queried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Audit events: changes, sign-ins, denials.
    #[default]
    Events,
    /// Calls: every request to the API.
    Calls,
}

impl EntryKind {
    /// The value of the query parameter.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Calls => "calls",
        }
    }

    /// The log with this label. `acts` is the former label of the events.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        let label = if label == "acts" { "events" } else { label };
        [Self::Events, Self::Calls]
            .into_iter()
            .find(|what| what.label() == label)
    }
}

/// A filter on the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeFilter {
    /// Done.
    Success,
    /// Denied: the credential or the role was not accepted.
    Denied,
    /// Failed for another reason. Only calls have this outcome.
    Failed,
    /// The class of the HTTP status: 2 for 200 to 299.
    Class(u8),
}

impl OutcomeFilter {
    /// Reads `success`, `denied`, `failed`, or a class of statuses as `5xx`.
    ///
    /// # Errors
    /// [`Rejected`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        match text.as_bytes() {
            b"success" => Ok(Self::Success),
            b"denied" => Ok(Self::Denied),
            b"failed" => Ok(Self::Failed),
            [class @ b'1'..=b'5', b'x', b'x'] => Ok(Self::Class(class - b'0')),
            _ => Err(Rejected::field(
                "outcome",
                "An outcome is success, denied, failed, or a class of statuses as 5xx.",
            )),
        }
    }

    /// The value of the query parameter.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Success => "success".to_owned(),
            Self::Denied => "denied".to_owned(),
            Self::Failed => "failed".to_owned(),
            Self::Class(class) => format!("{class}xx"),
        }
    }

    /// The outcome of matching events; `None` when no event matches.
    #[must_use]
    pub const fn of_events(self) -> Option<Outcome> {
        match self {
            Self::Success => Some(Outcome::Done),
            Self::Denied => Some(Outcome::Denied),
            Self::Failed | Self::Class(_) => None,
        }
    }

    /// Whether a call with this status matches.
    #[must_use]
    pub fn has_status(self, status: u16) -> bool {
        let denied = matches!(status, 401 | 403);
        match self {
            Self::Success => status < 400,
            Self::Denied => denied,
            Self::Failed => status >= 400 && !denied,
            Self::Class(class) => status / 100 == u16::from(class),
        }
    }
}

/// A filter on events or calls. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditFilter {
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// By this user or org token.
    pub person: Option<Id>,
    /// With this token, or by this signed-in browser.
    pub token: Option<Id>,
    /// About this type of object. Calls have no objects, so this field and the next two do not apply to them.
    pub kind: Option<ObjectType>,
    /// About this object.
    pub object: Option<Id>,
    /// With this action.
    pub action: Option<Action>,
    /// With this outcome.
    pub outcome: Option<OutcomeFilter>,
    /// From this network address.
    pub address: Option<String>,
    /// In this request.
    pub request: Option<RequestId>,
}

impl AuditFilter {
    /// Parses query parameters; empty ones are ignored. A request without a time range is looked for around the time in
    /// its id.
    ///
    /// # Errors
    /// [`Rejected`], naming the parameter that cannot be parsed.
    pub fn parse<'a>(find: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Rejected> {
        let given = |name: &str| find(name).map(str::trim).filter(|text| !text.is_empty());
        let id = |name: &str| given(name).map(|text| id(name, text)).transpose();
        let at = |name: &str| given(name).map(|text| time(name, text)).transpose();
        let request = id("request")?.map(RequestId);
        let began_at = request.map(|request| request.0.created_at());
        let [earliest, latest] = [-REQUEST_BEFORE_SECONDS, REQUEST_AFTER_SECONDS]
            .map(|seconds| began_at.map(|began_at| began_at.plus_seconds(seconds)));
        Ok(Self {
            from: at("from")?.or(earliest),
            to: at("to")?.or(latest),
            person: id("person")?,
            token: id("token")?,
            kind: given("kind").map(kind).transpose()?,
            object: id("object")?,
            action: given("action").map(action).transpose()?,
            outcome: given("outcome").map(OutcomeFilter::parse).transpose()?,
            address: given("address").map(address).transpose()?,
            request,
        })
    }
}

fn id(name: &str, text: &str) -> Result<Id, Rejected> {
    Id::parse(text).map_err(|rejected| Rejected::field(name, rejected.to_string()))
}

fn time(name: &str, text: &str) -> Result<Timestamp, Rejected> {
    let parsed = text
        .parse()
        .ok()
        .map(Timestamp::from_millis)
        .or_else(|| Timestamp::parse(text));
    parsed.ok_or_else(|| {
        Rejected::field(
            name,
            format!("“{text}” is not a time: milliseconds since 1970, or 2026-12-23T14:05."),
        )
    })
}

fn kind(text: &str) -> Result<ObjectType, Rejected> {
    ObjectType::from_label(text)
        .ok_or_else(|| Rejected::field("kind", format!("There is no kind “{text}”.")))
}

fn action(text: &str) -> Result<Action, Rejected> {
    Action::from_label(text)
        .ok_or_else(|| Rejected::field("action", format!("There is no action “{text}”.")))
}

fn address(text: &str) -> Result<String, Rejected> {
    let is_address = |character: char| character.is_ascii_hexdigit() || ".:%".contains(character);
    if text.len() <= ADDRESS_CHARACTERS && text.chars().all(is_address) {
        Ok(text.to_owned())
    } else {
        Err(Rejected::field(
            "address",
            format!("“{text}” is no network address."),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &'static str)]) -> Result<AuditFilter, Rejected> {
        AuditFilter::parse(|name| {
            let found = pairs.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| *value)
        })
    }

    #[test]
    fn query_parameters_are_parsed() {
        assert_eq!(
            read(&[("person", ""), ("to", " ")]),
            Ok(AuditFilter::default())
        );
        let filter = read(&[
            ("from", "1798034709123"),
            ("to", "2026-12-23T14:05"),
            ("token", "AAAAAAAAAAc"),
            ("kind", "dashboardgroup"),
            ("action", "sign_in"),
            ("outcome", "5xx"),
            ("address", "2001:db8::1"),
        ])
        .unwrap();
        assert_eq!(filter.from, Some(Timestamp::from_millis(1_798_034_709_123)));
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2026-12-23T14:05:00.000Z");
        assert_eq!(filter.token, Some(Id::from_bits(7)));
        assert_eq!(filter.kind, Some(ObjectType::DashboardGroup));
        assert_eq!(filter.action, Some(Action::SignIn));
        assert_eq!(filter.outcome, Some(OutcomeFilter::Class(5)));
    }

    #[test]
    fn a_request_is_looked_for_around_the_time_in_its_id() {
        let at = Timestamp::from_millis(1_798_034_709_123);
        let id = Id::from_bits((1_798_034_709_123 << Id::RANDOM_BITS) | 5);
        let text: &'static str = id.to_string().leak();
        let filter = read(&[("request", text)]).unwrap();
        assert_eq!(filter.request, Some(RequestId(id)));
        let range = (filter.from.unwrap(), filter.to.unwrap());
        assert_eq!(range, (at.plus_seconds(-60), at.plus_seconds(900)));
        let filter = read(&[("request", text), ("from", "5"), ("to", "6")]).unwrap();
        let range = (filter.from.unwrap(), filter.to.unwrap());
        assert_eq!(
            range,
            (Timestamp::from_millis(5), Timestamp::from_millis(6))
        );
        let newest = "__________8";
        assert!(
            read(&[("request", newest)]).is_ok(),
            "a time beyond all others"
        );
    }

    #[test]
    fn an_unreadable_parameter_is_named() {
        for (name, value) in [
            ("request", "1"),
            ("from", "yesterday"),
            ("person", "Ada"),
            ("kind", "house"),
            ("action", "eat"),
            ("outcome", "6xx"),
            ("address", "<b>"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().field, name);
        }
    }

    #[test]
    fn outcome_filters_parse_back_and_partition_the_statuses() {
        for text in ["success", "denied", "failed", "2xx", "5xx"] {
            assert_eq!(OutcomeFilter::parse(text).unwrap().label(), text);
        }
        for status in 100..600 {
            let outcomes = [
                OutcomeFilter::Success,
                OutcomeFilter::Denied,
                OutcomeFilter::Failed,
            ];
            let count = outcomes
                .iter()
                .filter(|outcome| outcome.has_status(status))
                .count();
            assert_eq!(count, 1, "{status}");
        }
        assert!(
            OutcomeFilter::Class(4).has_status(403) && !OutcomeFilter::Class(4).has_status(500)
        );
    }
}
