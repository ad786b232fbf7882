//! The metrics and dimensions that are known, as their lists show them.

use domain::{audit::event::ObjectType, platform::timestamp::Timestamp};
use serde::{Deserialize, Serialize};

/// Search and page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogQuery {
    /// The type of the entries: metric or dimension.
    pub kind: ObjectType,
    /// Words or a query.
    pub search: String,
    /// The field to sort by, `-` before it for descending order.
    pub sort: String,
    /// The number of the page; the first is 1.
    pub page: i64,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogList {
    /// The number of entries in the whole list.
    pub count: i64,
    /// The entries of this page.
    pub rows: Vec<CatalogRow>,
    /// Why the query cannot be read; empty when it can.
    pub mistake: String,
}

/// A metric or a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogRow {
    /// The id.
    pub id: String,
    /// The name of a metric, or the key and value of a dimension: `host:web-1`.
    pub name: String,
    /// The type of a metric: `GAUGE`. Empty for a dimension.
    pub metric_type: String,
    /// The description.
    pub description: String,
    /// Properties (`owner: payments`) and tags.
    pub labels: Vec<String>,
    /// When it was first sent or created.
    pub created_at: Timestamp,
    /// The name of the token that sent it, or of the user who created it.
    pub created_by: String,
}
