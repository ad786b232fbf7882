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
    /// A metric ruleset.
    MetricRuleset,
    /// The settings of automated archival, of which an organization has at most one.
    ArchivalSettings,
    /// A metric that is exempt from automated archival.
    ExemptMetric,
    /// An email template.
    EmailTemplate,
    /// A navigator.
    Navigator,
    /// A template.
    Template,
    /// An entry of the directory.
    DirectoryEntry,
}

impl SharedKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::AlertMuting,
        Self::DataLink,
        Self::Slo,
        Self::MetricRuleset,
        Self::ArchivalSettings,
        Self::ExemptMetric,
        Self::EmailTemplate,
        Self::Navigator,
        Self::Template,
        Self::DirectoryEntry,
    ];

    /// The noun of the API's paths.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AlertMuting => "alertmuting",
            Self::DataLink => "crosslink",
            Self::Slo => "slo",
            Self::MetricRuleset => "metricruleset",
            Self::ArchivalSettings => "archivalsettings",
            Self::ExemptMetric => "exemptmetric",
            Self::EmailTemplate => "emailtemplate",
            Self::Navigator => "navigator",
            Self::Template => "template",
            Self::DirectoryEntry => "directory",
        }
    }

    /// The kind in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AlertMuting => "alert muting rule",
            Self::DataLink => "data link",
            Self::Slo => "SLO",
            Self::MetricRuleset => "metric ruleset",
            Self::ArchivalSettings => "archival settings",
            Self::ExemptMetric => "exempt metric",
            Self::EmailTemplate => "email template",
            Self::Navigator => "navigator",
            Self::Template => "template",
            Self::DirectoryEntry => "directory entry",
        }
    }

    /// The type in entries of the audit API (docs/contract.md#audit-events).
    #[must_use]
    pub const fn entry_type(self) -> &'static str {
        match self {
            Self::AlertMuting => "ALERT_MUTING",
            Self::DataLink => "CROSSLINK",
            Self::Slo => "SLO",
            Self::MetricRuleset => "METRIC_RULESET",
            Self::ArchivalSettings => "ARCHIVAL_SETTINGS",
            Self::ExemptMetric => "EXEMPT_METRIC",
            Self::EmailTemplate => "EMAIL_TEMPLATE",
            Self::Navigator => "NAVIGATOR",
            Self::Template => "TEMPLATE",
            Self::DirectoryEntry => "DIRECTORY",
        }
    }

    /// The field of requests and responses that is the name, if one is. The name of the others is made from other
    /// fields.
    #[must_use]
    pub const fn name_field(self) -> Option<&'static str> {
        match self {
            Self::AlertMuting | Self::DataLink | Self::ArchivalSettings => None,
            Self::Slo | Self::ExemptMetric | Self::EmailTemplate => Some("name"),
            Self::MetricRuleset => Some("metricName"),
            Self::Navigator => Some("displayName"),
            Self::Template => Some("title"),
            Self::DirectoryEntry => Some("path"),
        }
    }

    /// Whether objects have a `version`, which an update must name (docs/contract.md#metric-rulesets).
    #[must_use]
    pub const fn is_versioned(self) -> bool {
        match self {
            Self::MetricRuleset | Self::ArchivalSettings => true,
            Self::AlertMuting
            | Self::DataLink
            | Self::Slo
            | Self::ExemptMetric
            | Self::EmailTemplate
            | Self::Navigator
            | Self::Template
            | Self::DirectoryEntry => false,
        }
    }
}
