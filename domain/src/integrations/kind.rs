//! The type of an integration: the fields it stores, the host it sends to, and its defaults.

use serde_json::{Value, json};

use crate::integrations::{field::Field, need::Need};

/// A type of integration.
#[derive(Debug)]
pub(crate) struct IntegrationKind {
    pub(crate) name: &'static str,
    pub(crate) content: Content,
    pub(crate) destination: Destination,
    /// Default values in responses, besides `enabled`.
    pub(crate) defaults: &'static [(&'static str, bool)],
    /// Fields that only the server sets; always `null` here.
    pub(crate) managed: &'static [&'static str],
    /// What it needs before it can work, besides the required fields.
    pub(crate) needs: &'static [Need],
}

/// The fields of a type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// These fields.
    Known(&'static [Field]),
    /// Any fields; those named like a secret are secrets.
    Free,
}

/// The host that a type sends to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Destination {
    /// A host that is not configured.
    Nowhere,
    /// The URL in this field.
    Address(&'static str),
    /// The URL in this field, if given: the type can be used without it.
    AddressIfGiven(&'static str),
    /// The host in this field.
    Host(&'static str),
}

impl IntegrationKind {
    pub(crate) const fn new(
        name: &'static str,
        content: Content,
        destination: Destination,
    ) -> Self {
        Self {
            name,
            content,
            destination,
            defaults: &[],
            managed: &[],
            needs: &[],
        }
    }

    pub(crate) const fn with(
        mut self,
        defaults: &'static [(&'static str, bool)],
        managed: &'static [&'static str],
    ) -> Self {
        self.defaults = defaults;
        self.managed = managed;
        self
    }

    pub(crate) const fn needing(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    pub(crate) const fn fields(&self) -> &'static [Field] {
        match self.content {
            Content::Known(fields) => fields,
            Content::Free => &[],
        }
    }

    /// The values in responses for fields that were not given.
    pub(crate) fn defaults(&self) -> Vec<(&'static str, Value)> {
        let own = self.defaults.iter().copied();
        let all = std::iter::once(("enabled", true)).chain(own);
        all.map(|(field, value)| (field, json!(value))).collect()
    }
}
