//! The query language of the metric catalog (docs/contract.md#metric-catalog): `sf_metric:cpu.* AND NOT host:(a OR b)`.
//! Unlike that of members, it respects case, has `*` anywhere in a word, and names the position of a mistake.

mod parser;
mod pattern;
mod print;
mod term;

use self::term::Clause;
pub use self::{
    pattern::{Pattern, TextRange},
    term::Term,
};
use crate::platform::rejection::Rejected;

/// A parsed query. An empty one matches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Clause);

impl Query {
    /// Parses a query. Adjacent terms must all match; `OR` binds weaker, `NOT` and `!` stronger.
    ///
    /// # Errors
    /// [`Rejected`] naming `query` and the position, when an operator has no operand, a bracket or quote is not closed, or
    /// the query is too long or deep.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        parser::parse(text).map(Self)
    }

    /// Whether the query matches; `holds` evaluates one condition.
    pub fn finds(&self, holds: impl Fn(&Term) -> bool) -> bool {
        self.0.holds(&holds)
    }

    /// The conditions that everything found meets.
    #[must_use]
    pub fn required(&self) -> Vec<&Term> {
        self.0.required().0
    }

    /// All conditions, at any depth.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        self.0.terms()
    }
}

#[cfg(test)]
mod tests;
