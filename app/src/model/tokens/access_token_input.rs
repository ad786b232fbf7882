//! The form of an access token.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// The limits of an access token: form field, document field (`docs/contract.md#org-tokens`), label. A threshold
/// triggers a warning; a quota rejects data.
pub const LIMITS: &[(&str, &str, &str)] = &[
    ("limits[dpmQuota]", "dpmQuota", "Data points a minute"),
    (
        "limits[dpmNotificationThreshold]",
        "dpmNotificationThreshold",
        "Data points a minute, warning at",
    ),
    ("limits[categoryQuota.1]", "categoryQuota.1", "Hosts"),
    (
        "limits[categoryNotificationThreshold.1]",
        "categoryNotificationThreshold.1",
        "Hosts, warning at",
    ),
    ("limits[categoryQuota.2]", "categoryQuota.2", "Containers"),
    (
        "limits[categoryNotificationThreshold.2]",
        "categoryNotificationThreshold.2",
        "Containers, warning at",
    ),
    (
        "limits[categoryQuota.3]",
        "categoryQuota.3",
        "Custom metrics",
    ),
    (
        "limits[categoryNotificationThreshold.3]",
        "categoryNotificationThreshold.3",
        "Custom metrics, warning at",
    ),
    (
        "limits[categoryQuota.4]",
        "categoryQuota.4",
        "High-resolution metrics",
    ),
    (
        "limits[categoryNotificationThreshold.4]",
        "categoryNotificationThreshold.4",
        "High-resolution metrics, warning at",
    ),
    (
        "limits[eventSearchesPerMinute]",
        "eventSearchesPerMinute",
        "Event searches a minute (1 to 30)",
    ),
    (
        "limits[jobsPerMinuteLimit]",
        "jobsPerMinuteLimit",
        "Jobs a minute (1 to 60)",
    ),
];

/// Content of the access token form, as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccessTokenInput {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Title of the role for API calls; empty for a token without one.
    #[serde(default, rename = "roles")]
    pub role: String,
    /// Who may see the token, besides administrators: `administrators`, `all` or `these`.
    pub visibility: String,
    /// For `these`: email addresses and team names, one per line.
    pub readers: String,
    /// Limits by document field; an empty value means no limit.
    #[serde(default)]
    pub limits: HashMap<String, String>,
}

/// An existing access token in the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenDraft {
    /// Initial content of the form.
    pub input: AccessTokenInput,
    /// Whether the token has the scope `API`, and with it a role.
    pub calls_api: bool,
}
