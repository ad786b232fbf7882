//! A page of a list.

use serde::{Deserialize, Serialize};

/// Rows on one page of a list.
pub const PAGE_SIZE: i64 = 50;

/// Options of a `<select>` or `<datalist>`: value and label.
pub type Choices = Vec<(String, String)>;

/// The rows of one page, and the size of the whole list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPage<T> {
    /// Rows in the whole list.
    pub count: i64,
    /// Rows on this page.
    pub rows: Vec<T>,
}
