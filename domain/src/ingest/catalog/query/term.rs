//! One condition of a query.

use super::pattern::Pattern;
use crate::platform::clause;

/// The conditions of a query.
pub(super) type Clause = clause::Clause<Term>;

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The field; `None` for a word without a field.
    pub field: Option<String>,
    /// What its value must be.
    pub pattern: Pattern,
}
