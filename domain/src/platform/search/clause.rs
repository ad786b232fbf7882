//! The conditions of a query, and evaluating them.

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The field; `None` for a bare word.
    pub field: Option<String>,
    /// The text, in lower case.
    pub(super) text: String,
    /// Whether the text is a prefix: it ended with `*`.
    pub(super) is_prefix: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clause {
    Term(Term),
    Not(Box<Clause>),
    All(Vec<Clause>),
    Any(Vec<Clause>),
}

impl Term {
    /// The text in lower case, if it is not a prefix.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        (!self.is_prefix).then_some(self.text.as_str())
    }

    /// Whether a value equals the text, ignoring case.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        value == self.text || self.is_prefix && value.starts_with(&self.text)
    }

    /// Whether a value contains the text; for a prefix, whether the value or a word in it starts with it. Case is
    /// ignored.
    #[must_use]
    pub fn is_within(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        if self.is_prefix {
            let mut words = value.split_whitespace();
            value.starts_with(&self.text) || words.any(|word| word.starts_with(&self.text))
        } else {
            value.contains(&self.text)
        }
    }
}

impl Clause {
    pub(super) fn holds(&self, holds: &impl Fn(&Term) -> bool) -> bool {
        match self {
            Self::Term(term) => holds(term),
            Self::Not(clause) => !clause.holds(holds),
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(holds)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(holds)),
        }
    }

    /// Gathers the conditions that must hold; `false` when there are others.
    pub(super) fn gather_required<'a>(&'a self, terms: &mut Vec<&'a Term>) -> bool {
        match self {
            Self::Term(term) => {
                terms.push(term);
                true
            }
            Self::All(clauses) => {
                let mut is_complete = true;
                for clause in clauses {
                    is_complete &= clause.gather_required(terms);
                }
                is_complete
            }
            Self::Not(_) | Self::Any(_) => false,
        }
    }

    pub(super) fn gather<'a>(&'a self, terms: &mut Vec<&'a Term>) {
        match self {
            Self::Term(term) => terms.push(term),
            Self::Not(clause) => clause.gather(terms),
            Self::All(clauses) | Self::Any(clauses) => {
                clauses.iter().for_each(|clause| clause.gather(terms));
            }
        }
    }
}
