//! Replaces the key that signs the log tree: the old key signs the new one.

use domain::{
    audit::event::{Action, FieldChange, ObjectType},
    identity::actor::Caller,
    platform::id::Id,
};
use serde_json::json;

use super::keys::{self, LogKey};
use crate::{
    audit::{
        commit::{done, object},
        handle::Audit,
    },
    platform::error::ServiceError,
};

impl Audit {
    /// Replaces the key, and returns the new public key. Nodes sign with it from their next checkpoint on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the first start of a server, [`ServiceError::Conflict`] when another node replaces
    /// the key at the same time.
    pub async fn rotate_log_key(&self, caller: &Caller) -> Result<String, ServiceError> {
        let at = self.platform.now();
        let mut write = self.platform.store().write().await?;
        write.hold_keys().await?;
        let old = keys::newest(&mut write, &self.vault).await?;
        let old = old.ok_or_else(|| ServiceError::not_found("key of the log"))?;
        let stored = keys::new_key(&self.vault, at, Some(&old))?;
        let new = LogKey::open(&self.vault, &stored);
        let new = new.ok_or_else(|| ServiceError::Internal("a new key cannot be used".into()))?;
        if !write.insert_log_key(&stored).await? {
            return Err(ServiceError::Conflict(
                "Another node has replaced the key at the same time.".to_owned(),
            ));
        }
        let about = object(
            ObjectType::AuditLog,
            Id::from_bits(0),
            "key of the log tree",
        );
        let change = FieldChange {
            field: "publicKey".to_owned(),
            before: Some(json!(old.public.to_string())),
            after: Some(json!(new.public.to_string())),
        };
        let event = done(caller, at, Action::Rotate, about, vec![change]);
        self.commit(write, event).await?;
        Ok(new.public.to_string())
    }
}
