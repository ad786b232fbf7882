//! The types of entries of the metric catalog, and their labels. `ingest::catalog` parses their documents.

/// A kind of entry (docs/contract.md#metric-catalog).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CatalogKind {
    /// A key and a value of a dimension.
    Dimension,
    /// The name of a metric.
    Metric,
    /// A tag.
    Tag,
}

impl CatalogKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Dimension, Self::Metric, Self::Tag];

    /// The noun of the API's paths.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dimension => "dimension",
            Self::Metric => "metric",
            Self::Tag => "tag",
        }
    }

    /// The kind in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.label()
    }

    /// The type in entries of the audit API (docs/contract.md#audit-events).
    #[must_use]
    pub const fn entry_type(self) -> &'static str {
        match self {
            Self::Dimension => "DIMENSION",
            Self::Metric => "METRIC",
            Self::Tag => "TAG",
        }
    }

    /// The kind with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }
}
