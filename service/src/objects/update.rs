//! Updating an object: load → decide → write → commit. [`Objects::update`] is the same for every kind of object; an
//! [`Updatable`] has what differs.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::object::Object,
    platform::{
        document::{Document, same_content},
        id::Id,
        timestamp::Timestamp,
    },
};
use serde_json::Value;
use store::{Conn, ReadAccess, Write};

use crate::{
    objects::{changes::updated, handle::Objects, load::find, references::References},
    platform::{error::ServiceError, handle::Platform},
};

/// A kind of object that a request can update: the object, with what every decision about it needs.
pub(crate) trait Updatable: Sized {
    /// The parsed request, with the actor and what else the decision needs.
    type Request;

    /// The kind.
    const KIND: ObjectType;

    /// The object itself.
    fn object(&self) -> &Object;

    /// The object itself, mutable.
    fn object_mut(&mut self) -> &mut Object;

    /// Loads what the decision needs besides the object itself.
    async fn load_with(conn: &mut Conn, object: Object) -> Result<Self, ServiceError>;

    /// Parses the request, and loads what the decision about it needs.
    async fn load_request(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        given: &Document,
    ) -> Result<Self::Request, ServiceError>;

    /// Authorizes and validates the request, and applies it to a copy. `None` when it changes nothing. Pure.
    fn decide(
        &self,
        request: Self::Request,
        new_id: &dyn Fn() -> Id,
    ) -> Result<Option<Update<Self>>, ServiceError>;

    /// Writes the object and what depends on it.
    async fn write(
        &self,
        write: &mut Write,
        after: &Self,
        platform: &Platform,
    ) -> Result<(), ServiceError>;
}

/// The result of a decision.
pub(crate) struct Update<T> {
    pub(crate) after: T,
    /// New references, which must exist.
    pub(crate) references: References,
}

impl Objects {
    /// Updates an object, unless it was changed since `seen_at`.
    pub(crate) async fn update<T: Updatable>(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Option<Timestamp>,
    ) -> Result<Object, ServiceError> {
        // Load.
        let mut write = self.platform.store().write().await?;
        let object = find(&mut write, caller, T::KIND, id).await?;
        let before = T::load_with(&mut write, object).await?;
        // Decide.
        let Some(mut after) = self.decide(&mut write, caller, &before, given).await? else {
            return Ok(before.object().clone());
        };
        check_unchanged(before.object(), seen_at)?;
        // Write.
        let stamp = self.platform.stamp(caller);
        after.object_mut().updated = stamp.clone();
        before.write(&mut write, &after, &self.platform).await?;
        // Commit.
        let event = updated(caller, &stamp, before.object(), after.object());
        self.audit.commit(write, event).await?;
        Ok(after.object().clone())
    }

    /// Stores a changed object without permissions of its own in an open write, and commits.
    pub(crate) async fn store_changed(
        &self,
        mut write: Write,
        caller: &Caller,
        before: &Object,
        mut after: Object,
    ) -> Result<Object, ServiceError> {
        after.updated = self.platform.stamp(caller);
        write
            .update_object(before, &after, &ReadAccess::default())
            .await?;
        let event = updated(caller, &after.updated, before, &after);
        self.audit.commit(write, event).await?;
        Ok(after)
    }

    /// The object after an update; `None` when the update changes nothing.
    pub(crate) async fn preview<T: Updatable>(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        object: Object,
        given: &Document,
    ) -> Result<Option<Object>, ServiceError> {
        let before = T::load_with(conn, object).await?;
        let after = self.decide(conn, caller, &before, given).await?;
        Ok(after.map(|after| after.object().clone()))
    }

    async fn decide<T: Updatable>(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        before: &T,
        given: &Document,
    ) -> Result<Option<T>, ServiceError> {
        let request = before.load_request(conn, caller, given).await?;
        let Some(update) = before.decide(request, &|| self.platform.new_id())? else {
            return Ok(None);
        };
        update.references.check(conn, caller).await?;
        Ok(Some(update.after))
    }
}

/// Replaces an object's name and content. Returns whether they change. A document with the same content stays as it
/// was written.
pub(crate) fn set_content(
    object: &mut Object,
    name: String,
    document: Document,
    defaults: &[(&'static str, Value)],
) -> bool {
    let is_same = same_content(&object.document, &document, defaults);
    let is_changed = !is_same || name != object.name;
    object.name = name;
    if !is_same {
        object.document = document;
    }
    is_changed
}

/// Rejects an update of an object that was changed since it was shown.
pub(crate) fn check_unchanged(
    object: &Object,
    seen_at: Option<Timestamp>,
) -> Result<(), ServiceError> {
    if seen_at.is_none_or(|seen_at| seen_at == object.updated.at) {
        return Ok(());
    }
    Err(ServiceError::Superseded(format!(
        "{} saved this {} meanwhile, at {}.",
        object.updated.by.actor_name,
        object.kind.words(),
        object.updated.at.to_date_and_time(),
    )))
}
