//! Filters on names, as LIKE patterns.

use domain::platform::{limits, visible::folded};

/// A filter on names. Case is ignored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NameFilter {
    /// Every name.
    #[default]
    Any,
    /// Names that contain this text.
    Containing(String),
    /// Names that match this whole pattern: `*` stands for any characters, `?` for one.
    Whole(String),
}

impl NameFilter {
    /// The maximum length of a folded name: folding the case at most triples the number of characters.
    const CHARACTERS: usize = 8 * limits::OBJECT_NAME_CHARACTERS;

    /// Names that contain this text; every name, when it is empty.
    #[must_use]
    pub fn containing(text: &str) -> Self {
        match text {
            "" => Self::Any,
            text => Self::Containing(text.to_owned()),
        }
    }

    /// The pattern for `LIKE … ESCAPE '!'` on folded names; empty for every name.
    pub(crate) fn pattern(&self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Containing(text) => {
                let literal: String = folded(text)
                    .chars()
                    .take(Self::CHARACTERS)
                    .flat_map(escaped)
                    .collect();
                format!("%{literal}%")
            }
            Self::Whole(text) => {
                let mut characters: Vec<char> = folded(text).chars().collect();
                characters.dedup_by(|next, before| *next == '*' && *before == '*');
                characters.truncate(Self::CHARACTERS);
                characters.into_iter().flat_map(wildcard).collect()
            }
        }
    }
}

fn wildcard(character: char) -> impl Iterator<Item = char> {
    let (escape, character) = match character {
        '*' => (None, '%'),
        '?' => (None, '_'),
        literal => (escape_of(literal), literal),
    };
    escape.into_iter().chain([character])
}

fn escaped(character: char) -> impl Iterator<Item = char> {
    escape_of(character).into_iter().chain([character])
}

/// The escape before a character that is special in patterns.
fn escape_of(character: char) -> Option<char> {
    "%_!".contains(character).then_some('!')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_like_are_escaped() {
        let check = |filter: NameFilter, pattern: &str| assert_eq!(filter.pattern(), pattern);
        let containing = |text: &str| NameFilter::Containing(text.to_owned());
        let whole = |text: &str| NameFilter::Whole(text.to_owned());
        check(NameFilter::Any, "");
        check(containing("CPU"), "%cpu%");
        check(containing("50%_!*"), "%50!%!_!!*%");
        check(whole("PD primary"), "pd primary");
        check(whole("P?_**%"), "p_!_%!%");
    }
}
