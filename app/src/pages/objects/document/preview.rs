//! What saving a document changes.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, permissions::ItemKind},
    platform::{document::Document, id::Id},
};
use service::Service;
use similar::{ChangeTag, TextDiff};

use crate::{
    error::UiError,
    model::objects::{
        content_kind::ContentKind,
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
    kind: ContentKind,
    id: Id,
    given: &Document,
) -> Result<DocumentDifference, UiError> {
    match kind {
        ContentKind::Item(kind) => item_difference(service, caller, kind, id, given).await,
        ContentKind::Shared(shared) => {
            let objects = service.objects();
            let edit = objects.preview_shared_update(shared.kind(), caller, id, given);
            let (before, after) = edit.await.map_err(to_ui)?;
            let permissions = Preview::default();
            Ok(between(kind, &before, &after, given, permissions))
        }
    }
}

async fn item_difference(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
    given: &Document,
) -> Result<DocumentDifference, UiError> {
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
    Ok(between(kind.into(), before, after, given, permissions))
}

fn between(
    kind: ContentKind,
    before: &Object,
    after: &Object,
    given: &Document,
    permissions: Preview,
) -> DocumentDifference {
    DocumentDifference {
        lines: changed_lines(
            &comparable_text(kind, before),
            &comparable_text(kind, after),
        ),
        unknown: unknown_fields(given, &after.document),
        permissions,
    }
}

/// Fields of the document that are not stored.
fn unknown_fields(given: &Document, stored: &Document) -> Vec<String> {
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
