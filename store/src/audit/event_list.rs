//! Listing `audit_event`: along one thing at a time, by the index on it, from any place on and either way.
//!
//! What else is asked for is compared row by row. So that this never becomes a search through everything, it can be
//! asked beforehand how far so many rows reach ([`Conn::reach_of_events`]).

use std::ops::ControlFlow;

use futures::TryStreamExt as _;

use crate::{
    audit::{
        audit_event::RecordedEvent,
        event_row::{ListedRow as _, Row, list_rows},
    },
    platform::{
        dialect::{Spelled, on},
        error::StoreError,
        transaction::Conn,
    },
};
use domain::{
    audit::{
        event::{Action, ObjectType, Outcome},
        query::{AuditPosition, PageDirection},
    },
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

/// Which events are meant: those for which everything said holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFilter {
    /// In this organization.
    pub organization_id: OrganizationId,
    /// From this moment.
    pub from: Timestamp,
    /// To before this moment.
    pub to: Timestamp,
    /// About this kind of thing.
    pub object_type: Option<ObjectType>,
    /// About this thing.
    pub object_id: Option<Id>,
    /// By this actor.
    pub actor_id: Option<Id>,
    /// With this token.
    pub token_id: Option<Id>,
    /// This was done.
    pub action: Option<Action>,
    /// Done or refused.
    pub outcome: Option<Outcome>,
    /// From this network address.
    pub address: Option<String>,
}

impl EventFilter {
    /// All events of an organization.
    #[must_use]
    pub const fn all(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            from: Timestamp::from_micros(i64::MIN),
            to: Timestamp::from_micros(i64::MAX),
            object_type: None,
            object_id: None,
            actor_id: None,
            token_id: None,
            action: None,
            outcome: None,
            address: None,
        }
    }

    /// What the events are listed along: of what is asked for, that which fewest events have.
    fn lead(&self) -> Lead {
        let leads = [
            (self.object_id.is_some(), Lead::Object),
            (self.token_id.is_some(), Lead::Token),
            (self.outcome == Some(Outcome::Denied), Lead::Refused),
            (self.actor_id.is_some(), Lead::Actor),
            (self.address.is_some(), Lead::Address),
            (self.action.is_some(), Lead::Action),
            (self.object_type.is_some(), Lead::Kind),
        ];
        let asked = leads.into_iter().find(|(is_asked, _)| *is_asked);
        asked.map_or(Lead::All, |(_, lead)| lead)
    }

    /// Whether an index alone finds what is meant.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        let asked = [
            self.object_id.is_some(),
            self.token_id.is_some(),
            self.outcome.is_some(),
            self.actor_id.is_some(),
            self.address.is_some(),
            self.action.is_some(),
            self.object_type.is_some(),
        ];
        // Nearly everything was done, so asking for it leaves out little, but what is refused is seldom among it.
        asked.into_iter().filter(|is_asked| *is_asked).count() <= 1
    }
}

/// What events are listed along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    Object,
    Token,
    Refused,
    Actor,
    Address,
    Action,
    Kind,
    All,
}

macro_rules! filters {
    () => {
        " AND organization_id = $7 AND ($8 = '' OR object_type = $8) AND ($9 = '' OR object_id = $9) \
         AND ($10 = '' OR actor_id = $10) AND ($11 = '' OR token_id = $11) AND ($12 = '' OR action = $12) \
         AND ($13 = '' OR outcome = $13) AND ($14 = '' OR address = $14)"
    };
}

/// The statements along one thing, a question's own part being `$1`. A filter that is the empty text lets all through.
macro_rules! statements {
    ($lead:literal) => {
        Statements {
            older: list_rows!(
                "WHERE ",
                $lead,
                " AND (at, number) < ($2, $3) AND at >= $4 AND at < $5",
                filters!(),
                " ORDER BY at DESC, number DESC LIMIT $6"
            ),
            newer: list_rows!(
                "WHERE ",
                $lead,
                " AND (at, number) > ($2, $3) AND at >= $4 AND at < $5",
                filters!(),
                " ORDER BY at, number LIMIT $6"
            ),
            reach_older: concat!(
                "SELECT at FROM audit_event WHERE ",
                $lead,
                " AND (at, number) < ($2, $3) AND at >= $4 AND at < $5 ORDER BY at DESC, number DESC LIMIT 1 OFFSET $6"
            ),
            reach_newer: concat!(
                "SELECT at FROM audit_event WHERE ",
                $lead,
                " AND (at, number) > ($2, $3) AND at >= $4 AND at < $5 ORDER BY at, number LIMIT 1 OFFSET $6"
            ),
        }
    };
}

/// What can be asked along one thing.
struct Statements {
    older: Spelled,
    newer: Spelled,
    reach_older: &'static str,
    reach_newer: &'static str,
}

const ALONG_OBJECT: Statements = statements!("object_id = $1");
const ALONG_TOKEN: Statements = statements!("token_id = $1");
const ALONG_REFUSED: Statements = statements!("organization_id = $1 AND outcome <> 'done'");
const ALONG_ACTOR: Statements = statements!("actor_id = $1");
const ALONG_ADDRESS: Statements = statements!("address = $1");
const ALONG_ACTION: Statements = statements!("action = $1");
const ALONG_KIND: Statements = statements!("object_type = $1");
const ALONG_ALL: Statements = statements!("organization_id = $1");

impl EventFilter {
    /// The statements that list what is meant, and what they list along.
    fn question(&self) -> (&'static Statements, String) {
        let organization = self.organization_id.to_string();
        match self.lead() {
            Lead::Object => (&ALONG_OBJECT, text(self.object_id)),
            Lead::Token => (&ALONG_TOKEN, text(self.token_id)),
            Lead::Refused => (&ALONG_REFUSED, organization),
            Lead::Actor => (&ALONG_ACTOR, text(self.actor_id)),
            Lead::Address => (&ALONG_ADDRESS, self.address.clone().unwrap_or_default()),
            Lead::Action => (
                &ALONG_ACTION,
                self.action.map_or("", Action::label).to_owned(),
            ),
            Lead::Kind => (&ALONG_KIND, self.kind_label().to_owned()),
            Lead::All => (&ALONG_ALL, organization),
        }
    }

    fn kind_label(&self) -> &'static str {
        self.object_type.map_or("", ObjectType::label)
    }
}

fn text(id: Option<Id>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// A place as the database compares it, moved to where the events that are meant begin.
fn compared(filter: &EventFilter, turn: PageDirection) -> (i64, i64) {
    let place = match turn {
        PageDirection::Older(place) => place.min(AuditPosition::before(filter.to)),
        PageDirection::Newer(place) => place.max(AuditPosition::before(filter.from)),
    };
    let number = i64::try_from(place.number).unwrap_or(i64::MAX);
    (place.at.as_micros(), number)
}

impl Conn {
    /// The events that are meant, those nearest to the place first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_events(
        &mut self,
        filter: &EventFilter,
        turn: PageDirection,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut events = Vec::new();
        self.visit_events(filter, turn, limit, |row| {
            events.push(RecordedEvent::try_from(row)?);
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        })
        .await?;
        Ok(events)
    }

    /// Shows the events that are meant, those nearest to the place first, until `visit` has enough.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer; what `visit` answers.
    pub async fn visit_events<E: From<StoreError>>(
        &mut self,
        filter: &EventFilter,
        turn: PageDirection,
        limit: i64,
        mut visit: impl FnMut(Row<&str>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let (statements, lead) = filter.question();
        let statement = match turn {
            PageDirection::Older(_) => &statements.older,
            PageDirection::Newer(_) => &statements.newer,
        };
        let statement = statement.of(&self.ready().await?.handle());
        let (at, number) = compared(filter, turn);
        on!(self, c => {
            let mut rows = sqlx::query(statement)
                .bind(lead)
                .bind(at)
                .bind(number)
                .bind(filter.from.as_micros())
                .bind(filter.to.as_micros())
                .bind(limit)
                .bind(filter.organization_id.to_string())
                .bind(filter.kind_label())
                .bind(text(filter.object_id))
                .bind(text(filter.actor_id))
                .bind(text(filter.token_id))
                .bind(filter.action.map_or("", Action::label))
                .bind(filter.outcome.map_or("", Outcome::label))
                .bind(filter.address.as_deref().unwrap_or_default())
                .fetch(c);
            while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                if row.show(&mut visit)?.is_break() {
                    break;
                }
            }
        });
        Ok(())
    }

    /// How far so many rows of the index reach along which these events are listed: the moment of the row after them;
    /// `None` when there are no more.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn reach_of_events(
        &mut self,
        filter: &EventFilter,
        turn: PageDirection,
        rows: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (statements, lead) = filter.question();
        let statement = match turn {
            PageDirection::Older(_) => statements.reach_older,
            PageDirection::Newer(_) => statements.reach_newer,
        };
        let (at, number) = compared(filter, turn);
        let reach = on!(self, c => sqlx::query_scalar::<_, i64>(statement)
            .bind(lead)
            .bind(at)
            .bind(number)
            .bind(filter.from.as_micros())
            .bind(filter.to.as_micros())
            .bind(rows)
            .fetch_optional(c)
            .await)?;
        Ok(reach.map(Timestamp::from_micros))
    }
}
