//! Shared objects: objects without permissions of their own. Every member reads them, and every caller with a writing
//! role changes them (docs/contract.md#shared-objects). A kind is a file of this folder.

pub mod alert_muting;
pub mod archival;
pub mod data_link;
pub mod directory;
pub mod draft;
mod email_template;
pub mod metric_ruleset;
mod navigator;
pub mod slo;
pub mod template;
pub mod version;

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
            Self::MetricRuleset => metric_ruleset::read(given, present),
            Self::ArchivalSettings => archival::read_settings(given, present),
            Self::ExemptMetric => archival::read_exempt(given, present),
            Self::EmailTemplate => email_template::read(given, present),
            Self::Navigator => navigator::read(given, present),
            Self::Template => template::read(given, present),
            Self::DirectoryEntry => directory::read(given, present),
        }
    }

    /// The values in responses for fields that were not given. Fields absent here stay absent.
    #[must_use]
    pub fn defaults(self) -> Vec<(&'static str, Value)> {
        match self {
            Self::AlertMuting => alert_muting::defaults(),
            Self::DataLink => data_link::defaults(),
            Self::Slo => slo::defaults(),
            Self::MetricRuleset => metric_ruleset::defaults(),
            Self::ArchivalSettings => archival::settings_defaults(),
            Self::ExemptMetric => Vec::new(),
            Self::EmailTemplate => email_template::defaults(),
            Self::Navigator => navigator::defaults(),
            Self::Template => template::defaults(),
            Self::DirectoryEntry => directory::defaults(),
        }
    }

    /// Whether only administrators create, change or delete an object with this document
    /// (docs/contract.md#shared-objects).
    #[must_use]
    pub fn is_for_administrators(self, document: &Document) -> bool {
        match self {
            Self::Navigator => true,
            Self::MetricRuleset => metric_ruleset::drops(document),
            Self::AlertMuting
            | Self::DataLink
            | Self::Slo
            | Self::ArchivalSettings
            | Self::ExemptMetric
            | Self::EmailTemplate
            | Self::Template
            | Self::DirectoryEntry => false,
        }
    }

    /// References to other objects, and values that lists filter by.
    pub(crate) fn references(self, name: &str, document: &Document) -> Vec<(Relation, String)> {
        match self {
            Self::AlertMuting => alert_muting::references(document),
            Self::DataLink => data_link::references(document),
            Self::Navigator => navigator::references(document),
            Self::Template => template::references(document),
            Self::DirectoryEntry => directory::references(name, document),
            Self::Slo
            | Self::MetricRuleset
            | Self::ArchivalSettings
            | Self::ExemptMetric
            | Self::EmailTemplate => Vec::new(),
        }
    }
}
