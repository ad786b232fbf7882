//! Conditions that are combined by `AND`, `OR` and `NOT`: the parsed form of a query. `T` is one condition.

/// A condition, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clause<T> {
    /// One condition.
    Term(T),
    /// The opposite.
    Not(Box<Clause<T>>),
    /// All of them; without any, everything.
    All(Vec<Clause<T>>),
    /// At least one of them.
    Any(Vec<Clause<T>>),
}

impl<T> Clause<T> {
    /// Whether it holds; `holds` evaluates one condition.
    pub(crate) fn holds(&self, holds: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Term(term) => holds(term),
            Self::Not(clause) => !clause.holds(holds),
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(holds)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(holds)),
        }
    }

    /// The conditions that must hold, and whether there are no others.
    pub(crate) fn required(&self) -> (Vec<&T>, bool) {
        let mut terms = Vec::new();
        let is_complete = self.gather_required(&mut terms);
        (terms, is_complete)
    }

    fn gather_required<'a>(&'a self, terms: &mut Vec<&'a T>) -> bool {
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

    /// All conditions, at any depth.
    pub(crate) fn terms(&self) -> Vec<&T> {
        let mut terms = Vec::new();
        self.gather(&mut terms);
        terms
    }

    fn gather<'a>(&'a self, terms: &mut Vec<&'a T>) {
        match self {
            Self::Term(term) => terms.push(term),
            Self::Not(clause) => clause.gather(terms),
            Self::All(clauses) | Self::Any(clauses) => {
                clauses.iter().for_each(|clause| clause.gather(terms));
            }
        }
    }
}
