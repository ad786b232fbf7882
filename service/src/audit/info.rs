//! Info: who created, last changed and deleted an object, when, with which token and from where; and its history
//! (docs/contract.md#info).
//!
//! Anyone with READ on the object sees who and when. Administrators see everything, also of deleted objects. Start with
//! [`Audit::info`]; `subject` has what is known of an object before its events are read.

pub(crate) mod subject;
pub(crate) mod token_data;

use domain::{
    audit::{
        event::{Action, ActorType, ObjectRef, Outcome},
        query::PageDirection,
    },
    identity::{
        actor::{Actor, Caller, RequestMeta},
        credential::Credential,
    },
    objects::object::Stamp,
    platform::{
        document::Document,
        id::{Id, UserId},
        timestamp::Timestamp,
    },
};
use store::{Conn, EventFilter, RecordedEvent};

use crate::{
    audit::{
        handle::Audit,
        info::{
            subject::{LISTED_EVENTS, Subject, Trace},
            token_data::TokenData,
        },
    },
    platform::error::ServiceError,
};

/// The Info of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Info {
    /// The object.
    pub object: ObjectRef,
    /// How it was created; `None` for a deleted object whose creation the audit log no longer has.
    pub created: Option<InfoEntry>,
    /// How it was last changed; `None` as for `created`.
    pub updated: Option<InfoEntry>,
    /// How it was deleted; `None` for an object that exists.
    pub deleted: Option<InfoEntry>,
    /// The last content of a deleted object; empty for others.
    pub content: Document,
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
    /// The type of the actor.
    pub actor_type: ActorType,
    /// A user's email address; empty for others.
    pub actor_email: String,
    /// The credential, and its current state; `None` for an actor without one.
    pub token: Option<(Credential, TokenData)>,
    /// The request; `None` when the audit log no longer has it.
    pub request: Option<RequestMeta>,
}

impl Audit {
    /// Who created, last changed and deleted an object, and for administrators its history.
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
        let deleted = subject.deleted.map(Trace::of);
        Ok(Info {
            updated_fields: updated_fields(history.as_deref().unwrap_or_default()),
            created: self.entry(&mut read, subject.created, complete).await?,
            updated: self.entry(&mut read, subject.updated, complete).await?,
            deleted: self.entry(&mut read, deleted, complete).await?,
            content: subject.content,
            history,
            object: subject.object,
        })
    }

    async fn entry(
        &self,
        read: &mut Conn,
        trace: Option<Trace>,
        complete: bool,
    ) -> Result<Option<InfoEntry>, ServiceError> {
        let entry = match trace {
            None => return Ok(None),
            Some(Trace::Event(stamp)) => self.recorded_entry(read, *stamp, complete).await?,
            Some(Trace::Actor { at, id }) => {
                let actor = present_actor(read, id).await?;
                InfoEntry {
                    at,
                    actor_id: id,
                    actor_name: actor.name,
                    detail: complete.then_some(actor.detail),
                }
            }
        };
        Ok(Some(entry))
    }

    async fn recorded_entry(
        &self,
        read: &mut Conn,
        stamp: Stamp,
        complete: bool,
    ) -> Result<InfoEntry, ServiceError> {
        let detail = if complete {
            let data = self.token_data(read, &stamp).await?;
            let token = stamp.by.credential.zip(data).map(|(credential, data)| {
                let name = data.name.clone();
                (Credential { name, ..credential }, data)
            });
            Some(InfoDetail {
                actor_type: stamp.by.actor_type,
                actor_email: stamp.by.actor_email,
                token,
                request: Some(stamp.by.request),
            })
        } else {
            None
        };
        Ok(InfoEntry {
            at: stamp.at,
            actor_id: stamp.by.actor_id,
            actor_name: stamp.by.actor_name,
            detail,
        })
    }
}

/// The fields of the newest update in a history.
fn updated_fields(history: &[RecordedEvent]) -> Vec<String> {
    let updates = history.iter().map(|recorded| &recorded.event);
    let newest = updates
        .filter(|event| event.action == Action::Update && event.outcome == Outcome::Done)
        .max_by_key(|event| event.at);
    let changes = newest.map_or(&[][..], |event| &event.changes);
    changes.iter().map(|change| change.field.clone()).collect()
}

struct PresentActor {
    name: String,
    detail: InfoDetail,
}

/// An actor as it is now, where no event states how it was.
async fn present_actor(read: &mut Conn, id: Id) -> Result<PresentActor, ServiceError> {
    let actor = |actor_type, name: String, actor_email| PresentActor {
        name,
        detail: InfoDetail {
            actor_type,
            actor_email,
            token: None,
            request: None,
        },
    };
    if id == Id::SYSTEM {
        let name = Actor::System.name().to_owned();
        return Ok(actor(ActorType::System, name, String::new()));
    }
    if let Some(member) = read.find_member(UserId(id)).await? {
        return Ok(actor(ActorType::User, member.full_name, member.email));
    }
    let name = "Unknown user".to_owned();
    Ok(actor(ActorType::User, name, String::new()))
}
