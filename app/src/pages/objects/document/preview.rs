//! What saving a document changes.

use domain::{identity::actor::Caller, platform::document::Document};
use service::{ObjectAccess, Service, UpdatePreview};
use similar::{ChangeTag, TextDiff};

use crate::{
    error::UiError,
    model::objects::{
        document::{DiffLine, DocumentDifference},
        permissions::Preview,
    },
    pages::objects::{document::text::comparable_text, permissions::preview::permission_changes},
    request::to_ui,
};

/// Unchanged lines around a changed one.
const CONTEXT: usize = 3;

/// Fields that are not part of a document although the API accepts them, as clients send back what they have read:
/// fields that only the server sets, and permissions.
const IGNORED: &[&str] = &[
    "id",
    "name",
    "groupId",
    "created",
    "creator",
    "lastUpdated",
    "lastUpdatedBy",
    "locked",
    "customProperties",
    "permissions",
    "authorizedWriters",
    "dashboards",
    "labelResolutions",
    "overMTSLimit",
    "status",
];

/// The difference between an object and the update of it with a document.
pub(super) async fn difference(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    given: &Document,
) -> Result<DocumentDifference, UiError> {
    let (kind, id) = (stored.kind, stored.object.id);
    let objects = service.objects();
    let edit = objects.preview_update(caller, kind, id, given).await;
    let edit = edit.map_err(to_ui)?;
    let before = &edit.before.object;
    let after = edit.after.as_ref().map_or(before, |after| &after.object);
    let permissions = if after.protection == before.protection {
        Preview::default()
    } else {
        permission_changes(service, caller, &edit).await?
    };
    Ok(DocumentDifference {
        lines: changed_lines(
            &comparable_text(kind, before),
            &comparable_text(kind, after),
        ),
        unknown: unknown_fields(given, &edit),
        permissions,
    })
}

/// Fields of the document that are not stored.
fn unknown_fields(given: &Document, edit: &UpdatePreview) -> Vec<String> {
    let stored = &edit.after.as_ref().unwrap_or(&edit.before).object.document;
    given
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(field, _)| field)
        .filter(|field| !IGNORED.contains(&field.as_str()) && !stored.contains_key(*field))
        .cloned()
        .collect()
}

/// The changed lines, with the unchanged lines around them.
fn changed_lines(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            lines.push(DiffLine::Gap);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => DiffLine::Same(text),
                ChangeTag::Delete => DiffLine::Removed(text),
                ChangeTag::Insert => DiffLine::Added(text),
            });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_changed_lines_and_the_lines_around_them() {
        let before: String = (1..=20).map(|line| format!("{line}\n")).collect();
        let after = before.replace("\n10\n", "\nten\n").replace("20\n", "");
        let lines = changed_lines(&before, &after);
        let removed = DiffLine::Removed("10".to_owned());
        let at = lines.iter().position(|line| *line == removed).unwrap();
        assert_eq!(at, CONTEXT);
        assert_eq!(lines[at + 1], DiffLine::Added("ten".to_owned()));
        assert_eq!(lines[at + 5], DiffLine::Gap);
        assert_eq!(lines.last(), Some(&DiffLine::Removed("20".to_owned())));
        assert_eq!(changed_lines("a", "a"), []);
    }
}
