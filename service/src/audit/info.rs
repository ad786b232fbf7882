//! Info: who created and last changed an object, when, with which token and from where; and its history
//! (docs/contract.md#info).
//!
//! Anyone with READ on the object sees who and when. Administrators see everything.

pub(crate) mod token_data;

use domain::{
    audit::{
        event::{Action, ActorType, Attribution, ObjectRef, ObjectType, Outcome},
        query::{AuditPosition, PageDirection},
    },
    identity::actor::Caller,
    objects::object::Stamp,
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Conn, EventFilter, RecordedEvent};

use crate::{
    audit::{handle::Audit, info::token_data::TokenData},
    platform::error::ServiceError,
};

/// Maximum number of events in the history of an object.
const LISTED_EVENTS: i64 = 200;

/// The Info of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Info {
    /// The object.
    pub object: ObjectRef,
    /// How it was created.
    pub created: InfoEntry,
    /// How it was last changed.
    pub updated: InfoEntry,
    /// The fields of the last change; empty for callers who are not administrators.
    pub updated_fields: Vec<String>,
    /// The history, newest first; `None` for callers who are not administrators.
    pub history: Option<Vec<RecordedEvent>>,
}

/// One operation in Info.
#[derive(Debug, Clone, PartialEq)]
pub struct InfoEntry {
    /// When it happened.
    pub at: Timestamp,
    /// The actor's id.
    pub actor_id: Id,
    /// The actor's name at that time.
    pub actor_name: String,
    /// The credential and the request; `None` for callers who are not administrators.
    pub detail: Option<InfoDetail>,
}

/// The part of an operation that only administrators see.
#[derive(Debug, Clone, PartialEq)]
pub struct InfoDetail {
    /// The actor, the credential and the request.
    pub by: Attribution,
    /// The current state of the credential, if it has one.
    pub token: Option<TokenData>,
}

/// An object that the caller may read.
#[derive(Debug, Clone)]
pub struct Subject {
    pub(crate) object: ObjectRef,
    pub(crate) created: Stamp,
    pub(crate) updated: Stamp,
}

impl Audit {
    /// Who created and last changed an object, and for administrators its history.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn info(&self, caller: &Caller, subject: Subject) -> Result<Info, ServiceError> {
        let complete = caller.is_administrator();
        let mut read = self.platform.store().read().await?;
        let history = if complete {
            let filter = EventFilter {
                object_id: Some(subject.object.id),
                ..EventFilter::all(caller.organization_id())
            };
            Some(
                read.list_events(&filter, PageDirection::NEWEST, LISTED_EVENTS)
                    .await?,
            )
        } else {
            None
        };
        let last_update = history.iter().flatten().map(|recorded| &recorded.event);
        let last_update = last_update
            .filter(|event| event.action == Action::Update && event.outcome == Outcome::Done)
            .max_by_key(|event| event.at);
        Ok(Info {
            updated_fields: last_update
                .map(|event| {
                    event
                        .changes
                        .iter()
                        .map(|change| change.field.clone())
                        .collect()
                })
                .unwrap_or_default(),
            created: self.entry(&mut read, &subject.created, complete).await?,
            updated: self.entry(&mut read, &subject.updated, complete).await?,
            history,
            object: subject.object,
        })
    }

    /// A member as a subject. The row of a member holds when and by whom; the rest comes from the audit log.
    pub(crate) async fn member_subject(
        &self,
        caller: &Caller,
        member: ObjectRef,
        created: (Timestamp, Id),
        updated: (Timestamp, Id),
    ) -> Result<Subject, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let filter = EventFilter {
            object_id: Some(member.id),
            object_type: Some(ObjectType::Member),
            outcome: Some(Outcome::Done),
            ..EventFilter::all(caller.organization_id())
        };
        let oldest = PageDirection::Newer(AuditPosition::before(Timestamp::from_micros(i64::MIN)));
        let first = read.list_events(&filter, oldest, 1).await?.pop();
        // Retention may have removed the creating event.
        let first = first.filter(|recorded| recorded.event.action == Action::Create);
        let newest = read
            .list_events(&filter, PageDirection::NEWEST, 1)
            .await?
            .pop();
        let stamp = |recorded: Option<RecordedEvent>, (at, by)| {
            recorded.map_or_else(
                || self.stamp_without_record(at, by),
                |recorded| Stamp {
                    at: recorded.event.at,
                    by: recorded.event.by,
                },
            )
        };
        Ok(Subject {
            object: member,
            created: stamp(first, created),
            updated: stamp(newest, updated),
        })
    }

    /// The stamp of an operation whose event retention has removed.
    fn stamp_without_record(&self, at: Timestamp, by: Id) -> Stamp {
        Stamp {
            at,
            by: Attribution {
                actor_type: ActorType::User,
                actor_id: by,
                actor_name: by.to_string(),
                actor_email: String::new(),
                credential: None,
                request: self.platform.system_meta(),
            },
        }
    }

    async fn entry(
        &self,
        read: &mut Conn,
        stamp: &Stamp,
        complete: bool,
    ) -> Result<InfoEntry, ServiceError> {
        let detail = if complete {
            Some(InfoDetail {
                by: stamp.by.clone(),
                token: self.token_data(read, stamp).await?,
            })
        } else {
            None
        };
        Ok(InfoEntry {
            at: stamp.at,
            actor_id: stamp.by.actor_id,
            actor_name: stamp.by.actor_name.clone(),
            detail,
        })
    }
}
