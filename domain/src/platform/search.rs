//! The query language of member lists and the audit log (docs/contract.md#members and docs/contract.md#event-search):
//! `email:ada@example.com`, `(!sf_role:admin)`, `name* AND title:lead`. The names of the fields are up to the list.

mod parser;
mod term;

use self::parser::{parse, rejected};
pub use self::term::Term;
use crate::platform::{clause::Clause, rejection::Rejected};

/// Characters in a query: more than a person types, few enough to evaluate on a long list.
const CHARACTERS: usize = 2_000;

/// A parsed query. An empty one matches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(Clause<Term>);

impl Search {
    /// Parses a query. Adjacent terms must all match; `OR` binds weaker, `!` stronger.
    ///
    /// # Errors
    /// [`Rejected`] naming `query`, when a parenthesis or an operator has no operand, or the query is too long or deep.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        if text.chars().count() > CHARACTERS {
            return Err(rejected(format!("is longer than {CHARACTERS} characters")));
        }
        parse(text).map(Self)
    }

    /// Whether the query matches; `holds` evaluates one condition.
    pub fn finds(&self, holds: impl Fn(&Term) -> bool) -> bool {
        self.0.holds(&holds)
    }

    /// The conditions that everything found meets, and whether there are no others: `false` for a query with `OR` or
    /// `!`.
    #[must_use]
    pub fn required(&self) -> (Vec<&Term>, bool) {
        self.0.required()
    }

    /// All conditions, at any depth.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        self.0.terms()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{parser::DEPTH, *};

    /// A member named Ada, with the title "Lead (acting)".
    fn finds_ada(query: &str) -> bool {
        let search = Search::parse(query).unwrap();
        search.finds(|term| match term.field.as_deref() {
            None => term.is_within("ada@example.com") || term.is_within("Ada Lovelace"),
            Some("email") => term.is("ada@example.com"),
            Some("fullName") => term.is("Ada Lovelace"),
            Some("title") => term.is("Lead (acting)"),
            Some("sf_role") => term.is("admin"),
            Some(_) => false,
        })
    }

    #[test]
    fn each_form_of_a_query_matches() {
        for query in [
            "",
            " ",
            "()",
            "email:ada@example.com",
            "(email:ADA@example.com)",
            "email:ada*",
            "email:*",
            "*",
            "lovel",
            "love*",
            "ada lovelace",
            "ada AND lovelace",
            "sf_role:admin email:ada@example.com",
            "(sf_role:admin AND (ada))",
            "!sf_role:power",
            "! email:bob@example.com",
            "NOT bob",
            "!(bob grace)",
            "!!ada",
            "bob OR ada",
            "fullName:\"Ada Lovelace\"",
            "title:\"lead (acting)\"",
            "title:lead\\ (acting\\)",
            "\"ada love\"",
        ] {
            assert!(finds_ada(query), "{query}");
        }
        for query in [
            "email:ada",
            "email:example.com",
            "(!sf_role:admin)",
            "!sf_role:admin",
            "ada bob",
            "ada AND !ada",
            "shoe:42",
            "vela*",
            "bob OR grace",
            "\"ada*\"",
            "and",
        ] {
            assert!(!finds_ada(query), "{query}");
        }
    }

    #[test]
    fn a_query_names_the_conditions_that_everything_found_meets() {
        let check = |query: &str, expected: (&[&str], bool)| {
            let search = Search::parse(query).unwrap();
            let (terms, is_complete) = search.required();
            let texts: Vec<_> = terms.iter().map(|term| term.text.as_str()).collect();
            assert_eq!((&texts[..], is_complete), expected, "{query}");
        };
        check("", (&[], true));
        check("(email:a@b) (c AND d)", (&["a@b", "c", "d"], true));
        check("a !b", (&["a"], false));
        check("a (b OR c)", (&["a"], false));
        check("a OR b", (&[], false));
    }

    #[test]
    fn an_unbalanced_query_is_rejected() {
        let long = "a".repeat(CHARACTERS + 1);
        let deep = format!("{}a{}", "(".repeat(DEPTH + 1), ")".repeat(DEPTH + 1));
        for query in [
            "(a",
            "a)",
            "!",
            "a AND",
            "AND a",
            "a OR",
            "OR",
            "a AND OR b",
            ")",
            &long,
            &deep,
        ] {
            assert_eq!(Search::parse(query).unwrap_err().field, "query", "{query}");
        }
    }

    proptest! {
        #[test]
        fn any_query_is_parsed_or_rejected(query in ".{0,80}|[()! a:*\"\\\\]{0,80}") {
            let Ok(search) = Search::parse(&query) else { return Ok(()) };
            // An unterminated quote would include the parenthesis.
            if !query.contains(['"', '\\']) {
                let negated = Search::parse(&format!("!({query})")).unwrap();
                let holds = |term: &Term| term.is_within("Ada Lovelace");
                prop_assert_ne!(search.finds(holds), negated.finds(holds));
            }
        }
    }
}
