//! What an import did: a line for each object that was skipped, failed, or lacks something, and one for each kind.

use domain::{objects::imports::kind::ImportKind, platform::document::Document};
use serde_json::Value;

use super::{
    copy::{Copying, Outcome},
    fetched::{Fetched, Unread},
    reader::id_of,
};
use crate::command::say;

/// The numbers of objects of one kind.
#[derive(Default)]
struct Counts {
    created: usize,
    updated: usize,
    unchanged: usize,
    skipped: usize,
    failed: usize,
}

/// Prints the report. Returns the number of objects that failed.
pub(super) fn print(copying: &Copying<'_>, fetched: &Fetched) -> usize {
    let mut failed = 0;
    for kind in ImportKind::ALL {
        let counts = print_objects(copying, fetched, kind);
        failed += counts.failed;
        for problem in fetched.problems(kind) {
            failed += 1;
            say(&format!("{}s: failed, {problem}", kind.words()));
        }
        match fetched.unread(kind) {
            Some(Unread::NotServed) => {
                say(&format!(
                    "{}s: skipped, the source does not serve them",
                    kind.words()
                ));
            }
            Some(Unread::Forbidden) => {
                failed += 1;
                say(&format!(
                    "{}s: failed, the token may not read them (403)",
                    kind.words()
                ));
            }
            None => say(&format!(
                "{}s: {} created, {} updated, {} unchanged, {} skipped, {} failed",
                kind.words(),
                counts.created,
                counts.updated,
                counts.unchanged,
                counts.skipped,
                counts.failed,
            )),
        }
    }
    failed
}

fn print_objects(copying: &Copying<'_>, fetched: &Fetched, kind: ImportKind) -> Counts {
    let mut counts = Counts::default();
    for object in fetched.of(kind) {
        let Some(source_id) = id_of(object) else {
            continue;
        };
        let Some(copied) = copying.copied(kind, source_id) else {
            continue;
        };
        let what = format!("{} {source_id}{}", kind.words(), name_of(object));
        match &copied.outcome {
            Outcome::Created => counts.created += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Unchanged => counts.unchanged += 1,
            Outcome::Skipped(reason) => {
                counts.skipped += 1;
                say(&one_line(&format!("{what}: skipped, {reason}")));
            }
            Outcome::Failed(reason) => {
                counts.failed += 1;
                say(&one_line(&format!("{what}: failed, {reason}")));
            }
        }
        if matches!(copied.outcome, Outcome::Skipped(_) | Outcome::Failed(_)) {
            continue;
        }
        for left_out in &copied.left_out {
            say(&one_line(&format!("{what}: left out {left_out}")));
        }
    }
    counts
}

fn name_of(object: &Document) -> String {
    let name = object.get("name").and_then(Value::as_str);
    name.map(|name| format!(" {name:?}")).unwrap_or_default()
}

/// The text without control characters: it contains texts of the source.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}
