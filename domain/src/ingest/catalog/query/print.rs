//! Writes a query as text, which parses to the same query.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{
    Query,
    pattern::Pattern,
    term::{Clause, Term},
};

impl Display for Query {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Display for Clause {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let joined = |formatter: &mut Formatter<'_>, clauses: &[Self], operator| {
            for (index, clause) in clauses.iter().enumerate() {
                if index > 0 {
                    formatter.write_str(operator)?;
                }
                nested(clause, formatter)?;
            }
            Ok(())
        };
        match self {
            Self::Term(term) => term.fmt(formatter),
            Self::Not(clause) => {
                formatter.write_str("NOT ")?;
                nested(clause, formatter)
            }
            Self::All(clauses) => joined(formatter, clauses, " AND "),
            Self::Any(clauses) => joined(formatter, clauses, " OR "),
        }
    }
}

fn nested(clause: &Clause, formatter: &mut Formatter<'_>) -> fmt::Result {
    match clause {
        Clause::Term(_) | Clause::Not(_) => clause.fmt(formatter),
        Clause::All(_) | Clause::Any(_) => write!(formatter, "({clause})"),
    }
}

impl Display for Term {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            escaped(field, formatter)?;
            formatter.write_char(':')?;
        } else if self
            .pattern
            .whole()
            .is_some_and(|text| matches!(text, "AND" | "OR" | "NOT"))
        {
            // An escaped letter makes it a word.
            formatter.write_char('\\')?;
        }
        self.pattern.fmt(formatter)
    }
}

impl Display for Pattern {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if self.whole() == Some("") {
            return formatter.write_str("\"\"");
        }
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                formatter.write_char('*')?;
            }
            escaped(part, formatter)?;
        }
        Ok(())
    }
}

fn escaped(text: &str, formatter: &mut Formatter<'_>) -> fmt::Result {
    for sign in text.chars() {
        if sign.is_whitespace() || "()\":\\*!".contains(sign) {
            formatter.write_char('\\')?;
        }
        formatter.write_char(sign)?;
    }
    Ok(())
}
