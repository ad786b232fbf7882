//! Words that this project does not use, in comments, names, documents and texts on screen (docs/glossary.md).

use std::path::Path;

use anyhow::{Result, bail};

use super::texts;
use crate::paths;

/// Each unwanted word, and what to write instead. `concat!` keeps this file's own lint quiet.
const UNWANTED: [(&str, &str); 11] = [
    (concat!("to", "ld"), "notified, returned, reported"),
    (concat!("who", "ever"), "the caller, any member"),
    (concat!("some", "body"), "a member, a caller, a person"),
    (concat!("no", "body"), "no member, no one"),
    (concat!("every", "body"), "all members, all callers"),
    (concat!("any", "body"), "any member, any caller"),
    (concat!("sh", "all"), "must"),
    (concat!("kno", "ck"), "probe"),
    (concat!("lin", "ger"), "drain the request body"),
    (concat!("sight", "ings"), "recent use"),
    (concat!("an", "ew"), "again"),
];

/// Each unwanted phrase, and what to write instead.
const PHRASES: [(&str, &str); 2] = [
    (
        concat!("there is no", "ne"),
        "if absent, if it does not exist",
    ),
    (concat!("there are no", "ne"), "if the list is empty"),
];

/// Fails on an unwanted word or phrase.
///
/// # Errors
/// Lists each with its file, line and replacement.
pub(super) fn check() -> Result<()> {
    check_in(paths::root())
}

fn check_in(root: &Path) -> Result<()> {
    let mut problems = Vec::new();
    for (path, text) in texts::read(root)? {
        for (number, line) in text.lines().enumerate() {
            problems.extend(unwanted(line).into_iter().map(|(word, instead)| {
                let place = format!("{}:{}", path.display(), number + 1);
                format!("{place}: \"{word}\"; write: {instead}")
            }));
        }
    }
    if !problems.is_empty() {
        bail!("{} unwanted words\n{}", problems.len(), problems.join("\n"));
    }
    Ok(())
}

/// The unwanted words and phrases of a line. The parts of a name in snake case are words.
fn unwanted(line: &str) -> Vec<(&'static str, &'static str)> {
    let line = line.to_lowercase();
    let phrases = PHRASES
        .into_iter()
        .filter(|(phrase, _)| line.contains(phrase));
    let words = line.split(|c: char| !c.is_alphabetic());
    let words = words.filter_map(|word| UNWANTED.into_iter().find(|(one, _)| word == *one));
    phrases.chain(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::plant;

    fn outcome(name: &str, text: &str) -> Result<()> {
        let root = tempfile::tempdir().unwrap();
        plant(root.path(), &[(name, text)]);
        check_in(root.path())
    }

    #[test]
    fn every_unwanted_word_fails_in_prose_and_in_names() {
        for (word, instead) in UNWANTED {
            let expected = format!("1 unwanted words\nsrc/a.rs:2: \"{word}\"; write: {instead}");
            for line in [format!("// As {word}, it"), format!("fn is_{word}_here()")] {
                let error = outcome("src/a.rs", &format!("\n{line}\n")).unwrap_err();
                assert_eq!(error.to_string(), expected);
            }
        }
    }

    #[test]
    fn every_unwanted_phrase_fails() {
        for (phrase, instead) in PHRASES {
            let error = outcome("a.md", &format!("Empty when {phrase}.")).unwrap_err();
            let expected = format!("1 unwanted words\na.md:1: \"{phrase}\"; write: {instead}");
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn longer_words_and_other_folders_pass() {
        for (word, _) in UNWANTED {
            outcome("a.md", &format!("x{word} {word}x")).unwrap();
        }
        outcome("target/a.md", UNWANTED[0].0).unwrap();
    }
}
