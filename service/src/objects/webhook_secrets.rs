//! The secrets and URLs of webhooks in detectors, SLOs, teams, integrations and org tokens. They are credentials: callers
//! who may change the object read them, and each read is an audit event; all others read them masked
//! (docs/contract.md#notifications).

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        object::Object,
        permissions::{Protection, may_permit, may_write},
    },
    platform::{
        document::Document,
        notification::{has_secrets, without_secrets},
    },
};
use store::Conn;

use crate::{
    audit::{commit::object, reveals::RevealedSecret},
    objects::{access::effective, handle::Objects, load::acting},
    platform::error::ServiceError,
};

impl Objects {
    /// The objects as the caller may read them.
    pub(crate) async fn readable_all(
        &self,
        caller: &Caller,
        objects: Vec<Object>,
    ) -> Result<Vec<Object>, ServiceError> {
        // Most lists have no webhooks, and need no connection for this.
        if !objects.iter().any(|object| has_secrets(&object.document)) {
            return Ok(objects);
        }
        let mut read = self.platform.store().read().await?;
        readable_all(&mut read, caller, objects).await
    }

    /// Records that the caller reads the secrets of webhooks in these objects, as far as they may. To be called before
    /// the objects are returned.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn record_webhook_reads(
        &self,
        caller: &Caller,
        mut objects: Vec<&Object>,
    ) -> Result<(), ServiceError> {
        objects.retain(|object| has_secrets(&object.document));
        if objects.is_empty() {
            return Ok(());
        }
        let mut read = self.platform.store().read().await?;
        let actor = acting_on(&mut read, caller, &objects).await?;
        let readable = objects
            .into_iter()
            .filter(|object| may_read_secrets(&actor, object));
        let revealed: Vec<_> = readable.map(revealed_secret).collect();
        if revealed.is_empty() {
            return Ok(());
        }
        self.audit.record_reveals(read, caller, revealed).await
    }
}

/// The objects as the caller may read them.
pub(crate) async fn readable_all(
    conn: &mut Conn,
    caller: &Caller,
    objects: Vec<Object>,
) -> Result<Vec<Object>, ServiceError> {
    let all: Vec<&Object> = objects.iter().collect();
    let actor = acting_on(conn, caller, &all).await?;
    let objects = objects.into_iter();
    Ok(objects.map(|object| readable(&actor, object)).collect())
}

/// The object as the caller may read it.
pub(crate) async fn readable_one(
    conn: &mut Conn,
    caller: &Caller,
    object: Object,
) -> Result<Object, ServiceError> {
    let actor = acting_on(conn, caller, &[&object]).await?;
    Ok(readable(&actor, object))
}

/// A document that only administrators may change, as the caller may read it.
pub(crate) fn readable_document(caller: &Caller, document: Document) -> Document {
    if caller.is_administrator() {
        document
    } else {
        without_secrets(document)
    }
}

/// The secrets of webhooks in an object.
pub(crate) fn revealed_secret(of: &Object) -> RevealedSecret {
    RevealedSecret {
        object: object(of.kind, of.id, &of.name),
        since: of.updated.at,
    }
}

fn readable(actor: &Actor, object: Object) -> Object {
    if may_read_secrets(actor, &object) {
        return object;
    }
    Object {
        document: without_secrets(object.document),
        ..object
    }
}

/// Administrators may change every object, or give themselves the permission; other users a detector or a shared
/// object that they may write.
fn may_read_secrets(actor: &Actor, object: &Object) -> bool {
    let may_change = || {
        let rights = effective(object);
        may_write(actor, &rights) || may_permit(actor, &rights)
    };
    match actor {
        Actor::System => true,
        Actor::User(_) | Actor::OrgToken(_) => {
            let is_open = matches!(object.kind, ObjectType::Detector | ObjectType::Shared(_));
            actor.has_administrator_role() || is_open && may_change()
        }
    }
}

/// The actor, with its current teams when a team may write one of the objects with secrets.
async fn acting_on(
    conn: &mut Conn,
    caller: &Caller,
    objects: &[&Object],
) -> Result<Actor, ServiceError> {
    let with_secrets = objects
        .iter()
        .filter(|object| has_secrets(&object.document));
    let protections: Vec<&Protection> = with_secrets.map(|object| &object.protection).collect();
    acting(conn, caller, &protections).await
}
