//! Parsing the text of a query: tokens, then clauses by precedence.

use std::{iter::Peekable, str::Chars};

use super::term::Term;
use crate::platform::{clause, document::reject, rejection::Rejected};

type Clause = clause::Clause<Term>;

/// Nested parentheses: parsing them uses stack.
pub(super) const DEPTH: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
enum SearchToken {
    Term(Term),
    Not,
    And,
    Or,
    Open,
    Close,
}

/// Parses the whole text.
pub(super) fn parse(text: &str) -> Result<Clause, Rejected> {
    let mut parser = Parser {
        tokens: tokens(text).into_iter().peekable(),
        depth: 0,
    };
    let clause = parser.any()?;
    match parser.tokens.next() {
        None => Ok(clause),
        Some(_) => Err(rejected("a parenthesis is closed that was not opened")),
    }
}

/// A recursive-descent parser.
struct Parser {
    tokens: Peekable<std::vec::IntoIter<SearchToken>>,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Clause, Rejected> {
        let first = self.all()?;
        let mut clauses = vec![first];
        while self.tokens.next_if_eq(&SearchToken::Or).is_some() {
            clauses.push(self.all()?);
        }
        if clauses.len() > 1 && clauses.contains(&Clause::All(Vec::new())) {
            return Err(rejected("OR has nothing beside it"));
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
                None | Some(SearchToken::Close | SearchToken::Or) => {
                    return Ok(Clause::All(clauses));
                }
                Some(SearchToken::And) if clauses.is_empty() => {
                    return Err(rejected("AND has nothing before it"));
                }
                Some(SearchToken::And) => {
                    self.tokens.next();
                    clauses.push(self.one()?);
                }
                Some(SearchToken::Term(_) | SearchToken::Not | SearchToken::Open) => {
                    clauses.push(self.one()?)
                }
            }
        }
    }

    fn one(&mut self) -> Result<Clause, Rejected> {
        let mut is_negated = false;
        while self.tokens.next_if_eq(&SearchToken::Not).is_some() {
            is_negated = !is_negated;
        }
        let clause = match self.tokens.next() {
            Some(SearchToken::Term(term)) => Clause::Term(term),
            Some(SearchToken::Open) => self.within_parentheses()?,
            None
            | Some(SearchToken::Close | SearchToken::And | SearchToken::Or | SearchToken::Not) => {
                return Err(rejected("a term is missing"));
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
            return Err(rejected(format!("is nested deeper than {DEPTH} levels")));
        }
        let clause = self.any()?;
        self.depth -= 1;
        match self.tokens.next() {
            Some(SearchToken::Close) => Ok(clause),
            None | Some(_) => Err(rejected("a parenthesis is not closed")),
        }
    }
}

pub(super) fn rejected(what: impl AsRef<str>) -> Rejected {
    reject("query", what)
}

fn tokens(text: &str) -> Vec<SearchToken> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        let sign = match next {
            '(' => Some(SearchToken::Open),
            ')' => Some(SearchToken::Close),
            '!' => Some(SearchToken::Not),
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
fn word(rest: &mut Peekable<Chars<'_>>) -> SearchToken {
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
        "AND" if is_plain => return SearchToken::And,
        "OR" if is_plain => return SearchToken::Or,
        "NOT" if is_plain => return SearchToken::Not,
        _ => {}
    }
    if is_prefix {
        text.pop();
    }
    SearchToken::Term(Term {
        field,
        text: text.to_lowercase(),
        is_prefix,
    })
}
