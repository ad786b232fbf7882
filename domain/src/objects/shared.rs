//! Shared objects: objects without permissions of their own. Every member reads them, and every caller with a writing
//! role changes them (docs/contract.md#shared-objects). A kind is a file of this folder.

pub mod alert_muting;
pub mod data_link;
pub mod draft;
mod slo;

use serde_json::Value;

use self::draft::SharedDraft;
use crate::{
    audit::event::SharedKind,
    objects::object::{Object, Relation},
    platform::{document::Document, rejection::Rejected, timestamp::Timestamp},
};

impl SharedKind {
    /// Parses a request. `present` is the object that it replaces.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#shared-objects.
    pub fn read(
        self,
        given: &Document,
        present: Option<&Object>,
        now: Timestamp,
    ) -> Result<SharedDraft, Rejected> {
        match self {
            Self::AlertMuting => alert_muting::read(given, present, now),
            Self::DataLink => data_link::read(given),
            Self::Slo => slo::read(given, present),
        }
    }

    /// The values in responses for fields that were not given. Fields absent here stay absent.
    #[must_use]
    pub fn defaults(self) -> Vec<(&'static str, Value)> {
        match self {
            Self::AlertMuting => alert_muting::defaults(),
            Self::DataLink => data_link::defaults(),
            Self::Slo => slo::defaults(),
        }
    }

    /// References to other objects, and values that lists filter by.
    pub(crate) fn references(self, document: &Document) -> Vec<(Relation, String)> {
        match self {
            Self::AlertMuting => alert_muting::references(document),
            Self::DataLink => data_link::references(document),
            Self::Slo => Vec::new(),
        }
    }
}
