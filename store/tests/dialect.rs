//! Code that differs by database is in `platform/dialect`, and every statement is declared by `statements!`, which
//! prepares it on both databases.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The source files outside the dialect, each with its code: comments are left out.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("dialect") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            found.push((path.clone(), code.collect::<Vec<_>>().join("\n")));
        }
    }
    found
}

fn check_absent(words: &[&str]) {
    let sources = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    assert!(sources.len() > 40, "{}", sources.len());
    for (path, code) in sources {
        let code = code.to_lowercase();
        for word in words {
            assert!(!code.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn no_other_code_names_a_database() {
    check_absent(&["sqlite", "postgres", "pgrow", "pgconnection"]);
}

#[test]
fn no_other_code_runs_text_that_is_not_a_declared_statement() {
    check_absent(&["sqlx::query", "sqlx::raw_sql", "declared("]);
}
