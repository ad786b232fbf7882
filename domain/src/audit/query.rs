//! Asking the trail: which acts or calls are meant, from where on, and what a page of them is.
//!
//! The words are those of addresses (`/audit?person=…`), so that a question can be sent to somebody, and the command
//! line asks with the same ones.

use serde::{Deserialize, Serialize};

use crate::{
    audit::event::{Action, ObjectType, Outcome},
    platform::{id::Id, rejection::Rejected, timestamp::Timestamp},
};

/// Characters of a network address at most: an IPv6 address with a zone.
const ADDRESS_CHARACTERS: usize = 64;

/// Which of the two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// What was done: changes, sign-ins, refusals of consequence.
    #[default]
    #[serde(rename = "acts")]
    Events,
    /// Every request to the API.
    Calls,
}

impl EntryKind {
    /// Its word in an address.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Events => "acts",
            Self::Calls => "calls",
        }
    }

    /// Which this word means.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Events, Self::Calls]
            .into_iter()
            .find(|what| what.label() == label)
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeFilter {
    /// It was done.
    Success,
    /// It was refused: not by these credentials, not by this role.
    Denied,
    /// It came to nothing for another reason. No act is recorded of that, but a call is.
    Failed,
    /// It was answered with a status of this class: 2 for 200 to 299.
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

    /// How it is written in an address.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Success => "success".to_owned(),
            Self::Denied => "denied".to_owned(),
            Self::Failed => "failed".to_owned(),
            Self::Class(class) => format!("{class}xx"),
        }
    }

    /// The outcome an act has that ended so; `None` when none does.
    #[must_use]
    pub const fn of_events(self) -> Option<Outcome> {
        match self {
            Self::Success => Some(Outcome::Done),
            Self::Denied => Some(Outcome::Denied),
            Self::Failed | Self::Class(_) => None,
        }
    }

    /// Whether a call that was answered with this status ended so.
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

/// Which acts or calls are meant: all for which everything said holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditFilter {
    /// From this moment.
    pub from: Option<Timestamp>,
    /// To before this moment.
    pub to: Option<Timestamp>,
    /// By this user or org token.
    pub person: Option<Id>,
    /// With this token, or by this signed-in browser.
    pub token: Option<Id>,
    /// About this kind of thing. Calls name paths, so this is no question to them; nor are the next two.
    pub kind: Option<ObjectType>,
    /// About this thing.
    pub object: Option<Id>,
    /// This was done.
    pub action: Option<Action>,
    /// It ended so.
    pub ending: Option<OutcomeFilter>,
    /// From this network address.
    pub address: Option<String>,
}

impl AuditFilter {
    /// Reads what an address asks for; what is empty is not asked.
    ///
    /// # Errors
    /// [`Rejected`], naming the field that cannot be read.
    pub fn parse<'a>(find: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Rejected> {
        let given = |name: &str| find(name).map(str::trim).filter(|text| !text.is_empty());
        let id = |name: &str| given(name).map(|text| id(name, text)).transpose();
        let at = |name: &str| given(name).map(|text| moment(name, text)).transpose();
        Ok(Self {
            from: at("from")?,
            to: at("to")?,
            person: id("person")?,
            token: id("token")?,
            kind: given("kind").map(kind).transpose()?,
            object: id("object")?,
            action: given("action").map(action).transpose()?,
            ending: given("outcome").map(OutcomeFilter::parse).transpose()?,
            address: given("address").map(address).transpose()?,
        })
    }
}

fn id(name: &str, text: &str) -> Result<Id, Rejected> {
    Id::parse(text).map_err(|refused| Rejected::field(name, refused.to_string()))
}

fn moment(name: &str, text: &str) -> Result<Timestamp, Rejected> {
    let parsed = text
        .parse()
        .ok()
        .map(Timestamp::from_millis)
        .or_else(|| Timestamp::parse(text));
    parsed.ok_or_else(|| {
        Rejected::field(
            name,
            format!("“{text}” is no moment: milliseconds since 1970, or 2026-12-23T14:05."),
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

/// A place between two rows of the trail. Rows of one moment are told apart by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AuditPosition {
    /// The moment.
    pub at: Timestamp,
    /// An event's number, or a request's id.
    pub number: u64,
}

impl AuditPosition {
    /// After everything.
    pub const END: Self = Self {
        at: Timestamp::from_micros(i64::MAX),
        number: u64::MAX,
    };

    /// Just before everything of this moment.
    #[must_use]
    pub const fn before(at: Timestamp) -> Self {
        Self { at, number: 0 }
    }

    /// Just after everything of this moment.
    #[must_use]
    pub const fn after(at: Timestamp) -> Self {
        Self {
            at,
            number: u64::MAX,
        }
    }

    /// Reads a place as an address holds it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, number) = text.split_once('.')?;
        Some(Self {
            at: Timestamp::from_micros(at.parse().ok()?),
            number: number.parse().ok()?,
        })
    }

    /// How an address holds it.
    #[must_use]
    pub fn label(self) -> String {
        format!("{}.{}", self.at.as_micros(), self.number)
    }
}

/// From which place on, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PageDirection {
    /// What is older than this.
    Older(AuditPosition),
    /// What is newer than this, the nearest of it.
    Newer(AuditPosition),
}

impl PageDirection {
    /// The newest there is.
    pub const NEWEST: Self = Self::Older(AuditPosition::END);
}

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditResults<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where what is newer begins; `None` on the newest page.
    pub newer: Option<AuditPosition>,
    /// Where what is older begins; `None` when this is the oldest.
    pub older: Option<AuditPosition>,
    /// Whether it was looked so far without finding a page full: there may be more beyond.
    pub gave_up: bool,
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
    fn an_address_says_what_is_meant() {
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
        assert_eq!(filter.ending, Some(OutcomeFilter::Class(5)));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (name, value) in [
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
    fn endings_are_read_back_and_part_the_statuses() {
        for text in ["success", "denied", "failed", "2xx", "5xx"] {
            assert_eq!(OutcomeFilter::parse(text).unwrap().label(), text);
        }
        for status in 100..600 {
            let endings = [
                OutcomeFilter::Success,
                OutcomeFilter::Denied,
                OutcomeFilter::Failed,
            ];
            let count = endings
                .iter()
                .filter(|ending| ending.has_status(status))
                .count();
            assert_eq!(count, 1, "{status}");
        }
        assert!(
            OutcomeFilter::Class(4).has_status(403) && !OutcomeFilter::Class(4).has_status(500)
        );
    }

    #[test]
    fn places_are_read_back_and_stand_in_order() {
        let at = Timestamp::from_micros(5);
        let place = AuditPosition { at, number: 7 };
        assert_eq!(AuditPosition::parse(&place.label()), Some(place));
        assert!(AuditPosition::before(at) < place && place < AuditPosition::after(at));
        assert!(AuditPosition::after(at) < AuditPosition::END);
        assert_eq!(AuditPosition::parse("5"), None);
    }
}
