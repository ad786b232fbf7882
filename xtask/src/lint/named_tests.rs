//! The tests that `docs/security.md` names exist: a promise whose test was renamed or removed has none.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

use super::texts;
use crate::paths;

const SECURITY: &str = "docs/security.md";

/// Fails when the document names a test that no source has.
///
/// # Errors
/// Lists the names without a test.
pub(super) fn check() -> Result<()> {
    check_texts(&texts::read(paths::root())?)
}

fn check_texts(texts: &[(PathBuf, String)]) -> Result<()> {
    let security = texts.iter().find(|(path, _)| path == Path::new(SECURITY));
    let names = security.map_or_else(Vec::new, |(_, text)| named_tests(text));
    ensure!(!names.is_empty(), "{SECURITY} names no test");
    let sources = || {
        texts
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "rs"))
    };
    let is_missing = |name: &&str| {
        let mut parts = name.rsplit("::");
        let (function, module) = (parts.next(), parts.next());
        let declared = format!("fn {}(", function.unwrap_or(name));
        let is_of_module = |path: &Path| path.file_stem().and_then(OsStr::to_str) == module;
        !sources().any(|(path, text)| is_of_module(path) && text.contains(&declared))
    };
    let missing: Vec<_> = names.into_iter().filter(is_missing).collect();
    ensure!(
        missing.is_empty(),
        "{SECURITY} names tests that do not exist:\n{}",
        missing.join("\n")
    );
    Ok(())
}

/// The names in backticks that have a module: `attack::forms::a_form_is_rejected`.
fn named_tests(text: &str) -> Vec<&str> {
    let in_backticks = text.split('`').skip(1).step_by(2);
    in_backticks.filter(|name| name.contains("::")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: bool) {
        let texts = [
            (PathBuf::from(SECURITY), document.to_owned()),
            (
                PathBuf::from("tests/attack.rs"),
                "async fn a_form_is_rejected(database: Database) {}".to_owned(),
            ),
        ];
        assert_eq!(check_texts(&texts).is_ok(), expected, "{document}");
    }

    #[test]
    fn every_named_test_exists() {
        check("cannot (`attack::a_form_is_rejected`)", true);
        check("cannot (`attack::a_form`)", false);
        check("cannot (`defence::a_form_is_rejected`)", false);
        check("cannot (`a_form_is_rejected`)", false);
    }
}
