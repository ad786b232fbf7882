//! The query language of member lists and the audit log (docs/contract.md#members and docs/contract.md#event-search):
//! `email:ada@example.com`, `(!sf_role:admin)`, `name* AND title:lead`. The names of the fields are up to the list.

use std::{iter::Peekable, str::Chars};

use crate::platform::{document::reject, rejection::Rejected};

/// Characters in a query: more than a person types, few enough to evaluate on a long list.
const CHARACTERS: usize = 2_000;

/// Nested parentheses: parsing them uses stack.
const DEPTH: usize = 32;

/// A parsed query. An empty one matches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(Clause);

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The field; `None` for a bare word.
    pub field: Option<String>,
    /// The text, in lower case.
    text: String,
    /// Whether the text is a prefix: it ended with `*`.
    is_prefix: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Clause {
    Term(Term),
    Not(Box<Clause>),
    All(Vec<Clause>),
    Any(Vec<Clause>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Term(Term),
    Not,
    And,
    Or,
    Open,
    Close,
}

impl Search {
    /// Parses a query. Adjacent terms must all match; `OR` binds weaker, `!` stronger.
    ///
    /// # Errors
    /// [`Rejected`] naming `query`, when a parenthesis or an operator has no operand, or the query is too long or deep.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        if text.chars().count() > CHARACTERS {
            return Err(refused(format!("is longer than {CHARACTERS} characters")));
        }
        let mut parser = Parser {
            tokens: tokens(text).into_iter().peekable(),
            depth: 0,
        };
        let clause = parser.any()?;
        match parser.tokens.next() {
            None => Ok(Self(clause)),
            Some(_) => Err(refused("a parenthesis is closed that was not opened")),
        }
    }

    /// Whether the query matches; `holds` evaluates one condition.
    pub fn finds(&self, holds: impl Fn(&Term) -> bool) -> bool {
        self.0.holds(&holds)
    }

    /// All conditions, at any depth.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        let mut terms = Vec::new();
        self.0.gather(&mut terms);
        terms
    }
}

impl Term {
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
    fn holds(&self, holds: &impl Fn(&Term) -> bool) -> bool {
        match self {
            Self::Term(term) => holds(term),
            Self::Not(clause) => !clause.holds(holds),
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(holds)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(holds)),
        }
    }

    fn gather<'a>(&'a self, terms: &mut Vec<&'a Term>) {
        match self {
            Self::Term(term) => terms.push(term),
            Self::Not(clause) => clause.gather(terms),
            Self::All(clauses) | Self::Any(clauses) => {
                clauses.iter().for_each(|clause| clause.gather(terms));
            }
        }
    }
}

struct Parser {
    tokens: Peekable<std::vec::IntoIter<Token>>,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Clause, Rejected> {
        let first = self.all()?;
        let mut clauses = vec![first];
        while self.tokens.next_if_eq(&Token::Or).is_some() {
            clauses.push(self.all()?);
        }
        if clauses.len() > 1 && clauses.contains(&Clause::All(Vec::new())) {
            return Err(refused("OR has nothing beside it"));
        }
        Ok(match clauses.pop() {
            Some(only) if clauses.is_empty() => only,
            last => Clause::Any(clauses.into_iter().chain(last).collect()),
        })
    }

    fn all(&mut self) -> Result<Clause, Rejected> {
        let mut clauses = Vec::new();
        loop {
            match self.tokens.peek() {
                None | Some(Token::Close | Token::Or) => return Ok(Clause::All(clauses)),
                Some(Token::And) if clauses.is_empty() => {
                    return Err(refused("AND has nothing before it"));
                }
                Some(Token::And) => {
                    self.tokens.next();
                    clauses.push(self.one()?);
                }
                Some(Token::Term(_) | Token::Not | Token::Open) => clauses.push(self.one()?),
            }
        }
    }

    fn one(&mut self) -> Result<Clause, Rejected> {
        let mut is_negated = false;
        while self.tokens.next_if_eq(&Token::Not).is_some() {
            is_negated = !is_negated;
        }
        let clause = match self.tokens.next() {
            Some(Token::Term(term)) => Clause::Term(term),
            Some(Token::Open) => self.within_parentheses()?,
            None | Some(Token::Close | Token::And | Token::Or | Token::Not) => {
                return Err(refused("a term is missing"));
            }
        };
        Ok(if is_negated {
            Clause::Not(Box::new(clause))
        } else {
            clause
        })
    }

    fn within_parentheses(&mut self) -> Result<Clause, Rejected> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(refused(format!("is nested deeper than {DEPTH} levels")));
        }
        let clause = self.any()?;
        self.depth -= 1;
        match self.tokens.next() {
            Some(Token::Close) => Ok(clause),
            None | Some(_) => Err(refused("a parenthesis is not closed")),
        }
    }
}

fn refused(what: impl AsRef<str>) -> Rejected {
    reject("query", what)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        let sign = match next {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            '!' => Some(Token::Not),
            _ => None,
        };
        if sign.is_some() || next.is_whitespace() {
            rest.next();
            tokens.extend(sign);
        } else {
            tokens.push(word(&mut rest));
        }
    }
    tokens
}

/// A term, or an operator in capitals. Quotes include blanks, a backslash escapes a character.
fn word(rest: &mut Peekable<Chars<'_>>) -> Token {
    let (mut field, mut text) = (None, String::new());
    let (mut is_quoted, mut is_plain, mut is_prefix) = (false, true, false);
    while let Some(sign) = rest.next_if(|sign| is_quoted || !(sign.is_whitespace() || *sign == ')'))
    {
        is_plain &= sign.is_alphabetic();
        is_prefix = sign == '*' && !is_quoted;
        match sign {
            '"' => is_quoted = !is_quoted,
            '\\' => text.extend(rest.next()),
            ':' if !is_quoted && field.is_none() && !text.is_empty() => {
                field = Some(std::mem::take(&mut text));
            }
            sign => text.push(sign),
        }
    }
    match text.as_str() {
        "AND" if is_plain => return Token::And,
        "OR" if is_plain => return Token::Or,
        "NOT" if is_plain => return Token::Not,
        _ => {}
    }
    if is_prefix {
        text.pop();
    }
    Token::Term(Term {
        field,
        text: text.to_lowercase(),
        is_prefix,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
