//! Parsing the text of a query by recursive descent, character by character.

use super::{
    pattern::Pattern,
    term::{Clause, Term},
};
use crate::platform::{document::reject, rejection::Rejected};

/// Characters in a query: more than a person types, few enough to evaluate on a long list.
pub(super) const CHARACTERS: usize = 2_000;

/// Conditions in a query: each is evaluated on every item that is searched.
const TERMS: usize = 100;

/// Nested brackets: parsing them uses stack.
pub(super) const DEPTH: usize = 32;

/// Parses the whole text.
pub(super) fn parse(text: &str) -> Result<Clause, Rejected> {
    let signs: Vec<char> = text.chars().take(CHARACTERS + 1).collect();
    if signs.len() > CHARACTERS {
        return Err(reject(
            "query",
            format!("is longer than {CHARACTERS} characters"),
        ));
    }
    let mut parser = Parser {
        signs,
        at: 0,
        depth: 0,
        terms: 0,
    };
    parser.skip_blanks();
    if parser.peek().is_none() {
        return Ok(Clause::All(Vec::new()));
    }
    let clause = parser.any(None)?;
    match parser.peek() {
        None => Ok(clause),
        Some(_) => Err(parser.rejected(parser.at, "a bracket is closed that was not opened")),
    }
}

struct Parser {
    signs: Vec<char>,
    at: usize,
    depth: usize,
    terms: usize,
}

/// A word, before it is known whether it is an operator.
struct Word {
    at: usize,
    field: Option<String>,
    parts: Vec<String>,
    /// Whether it has no quotes and no escaped characters.
    is_plain: bool,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// The rejection of the query at a position, counted from 1.
    fn rejected(&self, at: usize, what: &str) -> Rejected {
        reject("query", format!("{what} (character {})", at + 1))
    }

    /// Whether this operator is next, as a word of its own. If so, it is consumed.
    fn takes(&mut self, operator: &str) -> bool {
        self.skip_blanks();
        let end = self.at + operator.len();
        let is_next = self
            .signs
            .get(self.at..end)
            .is_some_and(|next| next.iter().copied().eq(operator.chars()));
        let ends = self
            .signs
            .get(end)
            .is_none_or(|sign| sign.is_whitespace() || "()".contains(*sign));
        if is_next && ends {
            self.at = end;
        }
        is_next && ends
    }

    fn any(&mut self, field: Option<&str>) -> Result<Clause, Rejected> {
        let mut clauses = vec![self.all(field)?];
        while self.takes("OR") {
            clauses.push(self.all(field)?);
        }
        Ok(only_or(clauses, Clause::Any))
    }

    fn all(&mut self, field: Option<&str>) -> Result<Clause, Rejected> {
        let mut clauses = vec![self.one(field)?];
        loop {
            let is_and = self.takes("AND");
            let before = self.at;
            let ends = matches!(self.peek(), None | Some(')')) || self.takes("OR");
            if ends && !is_and {
                self.at = before;
                return Ok(only_or(clauses, Clause::All));
            }
            self.at = before;
            clauses.push(self.one(field)?);
        }
    }

    fn one(&mut self, field: Option<&str>) -> Result<Clause, Rejected> {
        let mut is_negated = false;
        loop {
            self.skip_blanks();
            if self.peek() == Some('!') {
                self.at += 1;
            } else if !self.takes("NOT") {
                break;
            }
            is_negated = !is_negated;
        }
        let clause = match self.peek() {
            None | Some(')') => return Err(self.rejected(self.at, "a term is missing")),
            Some('(') => self.within_brackets(field)?,
            Some(_) => self.term(field)?,
        };
        Ok(if is_negated { negated(clause) } else { clause })
    }

    fn within_brackets(&mut self, field: Option<&str>) -> Result<Clause, Rejected> {
        let opened = self.at;
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.rejected(opened, &format!("is nested deeper than {DEPTH} levels")));
        }
        let clause = self.any(field)?;
        self.depth -= 1;
        if self.peek() != Some(')') {
            return Err(self.rejected(opened, "a bracket is not closed"));
        }
        self.at += 1;
        Ok(clause)
    }

    /// A word with or without a field, or a field with brackets.
    fn term(&mut self, field: Option<&str>) -> Result<Clause, Rejected> {
        let word = self.word(field.is_none())?;
        let is_operator =
            |parts: &[String]| matches!(parts, [only] if matches!(only.as_str(), "AND" | "OR"));
        if word.is_plain && word.field.is_none() && is_operator(&word.parts) {
            return Err(self.rejected(word.at, "an operator has nothing before it"));
        }
        let is_empty = matches!(word.parts.as_slice(), [only] if only.is_empty());
        if let Some(own) = &word.field
            && is_empty
            && word.is_plain
        {
            if self.peek() == Some('(') {
                return self.within_brackets(Some(own));
            }
            return Err(self.rejected(self.at, "a value is missing"));
        }
        self.terms += 1;
        if self.terms > TERMS {
            return Err(self.rejected(word.at, &format!("has more than {TERMS} terms")));
        }
        Ok(Clause::Term(Term {
            field: word.field.or_else(|| field.map(str::to_owned)),
            pattern: Pattern { parts: word.parts },
        }))
    }

    /// A word up to a blank or a bracket. Quotes include both, a backslash escapes a character.
    fn word(&mut self, may_have_field: bool) -> Result<Word, Rejected> {
        let (at, mut quoted_at) = (self.at, None);
        let (mut field, mut parts, mut text, mut is_plain) =
            (None, Vec::new(), String::new(), true);
        while let Some(sign) = self.peek() {
            if quoted_at.is_none() && (sign.is_whitespace() || "()".contains(sign)) {
                break;
            }
            match sign {
                '"' => {
                    is_plain = false;
                    quoted_at = if quoted_at.is_some() {
                        None
                    } else {
                        Some(self.at)
                    };
                }
                '\\' => {
                    is_plain = false;
                    self.at += 1;
                    let escaped = self.peek();
                    text.push(
                        escaped
                            .ok_or_else(|| self.rejected(self.at - 1, "a character is missing"))?,
                    );
                }
                '*' if quoted_at.is_none() => parts.push(std::mem::take(&mut text)),
                ':' if quoted_at.is_none()
                    && may_have_field
                    && field.is_none()
                    && parts.is_empty() =>
                {
                    if text.is_empty() {
                        return Err(self.rejected(self.at, "a field is missing"));
                    }
                    field = Some(std::mem::take(&mut text));
                    is_plain = true;
                }
                sign => text.push(sign),
            }
            self.at += 1;
        }
        if let Some(quoted_at) = quoted_at {
            return Err(self.rejected(quoted_at, "a quote is not closed"));
        }
        parts.push(text);
        Ok(Word {
            at,
            field,
            parts,
            is_plain,
        })
    }
}

/// The only clause, or a clause of all of them.
fn only_or(mut clauses: Vec<Clause>, of: fn(Vec<Clause>) -> Clause) -> Clause {
    match clauses.pop() {
        Some(only) if clauses.is_empty() => only,
        last => of(clauses.into_iter().chain(last).collect()),
    }
}

/// The opposite of a clause.
fn negated(clause: Clause) -> Clause {
    match clause {
        Clause::Not(clause) => *clause,
        Clause::Term(_) | Clause::All(_) | Clause::Any(_) => Clause::Not(Box::new(clause)),
    }
}
