//! The types of shared objects, and their labels. `objects::shared` parses their documents.

/// A kind of shared object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SharedKind {
    /// An alert muting rule.
    AlertMuting,
    /// A data link.
    DataLink,
    /// A service level objective.
    Slo,
}

impl SharedKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::AlertMuting, Self::DataLink, Self::Slo];

    /// The noun of the API's paths.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AlertMuting => "alertmuting",
            Self::DataLink => "crosslink",
            Self::Slo => "slo",
        }
    }

    /// The kind in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AlertMuting => "alert muting rule",
            Self::DataLink => "data link",
            Self::Slo => "SLO",
        }
    }

    /// The type in entries of the audit API (docs/contract.md#audit-events).
    #[must_use]
    pub const fn entry_type(self) -> &'static str {
        match self {
            Self::AlertMuting => "ALERT_MUTING",
            Self::DataLink => "CROSSLINK",
            Self::Slo => "SLO",
        }
    }

    /// Whether requests and responses have the name as a field. The name of the others is made from other fields.
    #[must_use]
    pub const fn has_name(self) -> bool {
        match self {
            Self::AlertMuting | Self::DataLink => false,
            Self::Slo => true,
        }
    }
}
