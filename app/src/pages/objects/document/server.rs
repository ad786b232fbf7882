//! The document of a dashboard, dashboard group or detector as a text somebody edits, and what saving it would change.

use domain::{
    identity::actor::Caller,
    objects::{dashboard, dashboard_group, detector, object::Object, permissions::ItemKind},
    platform::{
        document::{Document, beyond_defaults},
        json,
        timestamp::Timestamp,
    },
};
use leptos::serde_json::{self, Value, json};
use service::{ObjectAccess, Service, UpdatePreview};
use similar::{ChangeTag, TextDiff};

use crate::{
    error::UiError,
    model::{
        objects::document::{DiffLine, Difference, DocumentForm, FIELD, FORM},
        platform::notice::Notice,
    },
    pages::objects::{
        form::server::{LABEL, PROGRAM, create, find, lead_to_object},
        permissions::form_server::preview,
    },
    request::{Posted, posted, rejection, to_ui},
};

/// Lines around a changed one that are shown too.
const CONTEXT: usize = 3;

/// What only the server writes, and what is about permissions: neither is part of a document, but the API takes it when
/// it is sent back.
const NOT_CONTENT: &[&str] = &[
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

/// The document of an object, or of a new one. When it was posted it does what its button says; refused, it says why and
/// where, and holds what was typed.
pub(crate) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: &str,
) -> Result<DocumentForm, UiError> {
    let stored = find(service, caller, kind, id).await?;
    let object = stored.as_ref().map(|stored| &stored.object);
    let form = posted();
    let text = match (&form, object) {
        (Some(form), _) => form.text(FIELD).to_owned(),
        (None, Some(object)) => written(object),
        (None, None) => pretty(&template(kind)),
    };
    let mut shown = DocumentForm {
        kind,
        id: id.to_owned(),
        stored_name: object.map(|object| object.name.clone()).unwrap_or_default(),
        seen_at: object.map_or(0, |object| object.updated.at.as_micros()),
        text,
        difference: None,
        notice: Notice::default(),
    };
    let Some(form) = form else {
        return Ok(shown);
    };
    match answer(service, caller, kind, stored.as_ref(), &form).await {
        Ok(difference) => shown.difference = difference,
        Err(error) => {
            // What would be saved is told anew against what somebody else saved.
            if let (UiError::Conflict(_), Some(stored)) = (&error, &stored) {
                shown.difference = Some(difference(service, caller, stored, &form).await?);
            }
            shown.notice = Notice::refused(FORM, error, Vec::new());
        }
    }
    Ok(shown)
}

/// Does what the button says: tells what would change, saves, or makes a new one.
async fn answer(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    stored: Option<&ObjectAccess>,
    form: &Posted,
) -> Result<Option<Difference>, UiError> {
    let typed = form.text(FIELD);
    match (form.text("step"), stored) {
        ("preview", Some(stored)) => Ok(Some(difference(service, caller, stored, form).await?)),
        ("save", Some(stored)) => {
            let seen_at = Timestamp::from_micros(form.text("seen").parse().unwrap_or_default());
            let (given, id) = (read(typed)?, stored.object.id);
            let saved = service
                .objects()
                .update_unless_changed(caller, kind, id, &given, seen_at);
            let saved = saved.await.map_err(rejection);
            lead_to_object(
                kind,
                &saved.map_err(|error| at_its_line(error, typed))?,
                "saved",
            );
            Ok(None)
        }
        ("create", None) => {
            let made = create(service, caller, kind, &read(typed)?).await;
            lead_to_object(
                kind,
                &made.map_err(|error| at_its_line(error, typed))?,
                "made",
            );
            Ok(None)
        }
        _ => Ok(None),
    }
}

async fn difference(
    service: &Service,
    caller: &Caller,
    stored: &ObjectAccess,
    form: &Posted,
) -> Result<Difference, UiError> {
    let typed = form.text(FIELD);
    let given = read(typed)?;
    let (kind, id) = (stored.kind, stored.object.id);
    let edit = service
        .objects()
        .preview_update(caller, kind, id, &given)
        .await;
    let edit = edit.map_err(|error| at_its_line(to_ui(error), typed))?;
    let after = edit
        .after
        .as_ref()
        .map_or(&edit.before.object, |after| &after.object);
    Ok(Difference {
        lines: lines_between(&compared(kind, &edit.before.object), &compared(kind, after)),
        unknown: unknown(&given, &edit),
        permissions: preview_of(service, caller, &edit).await?,
    })
}

/// What changes of the permissions; nothing when they stay.
async fn preview_of(
    service: &Service,
    caller: &Caller,
    edit: &UpdatePreview,
) -> Result<crate::model::objects::permissions::Preview, UiError> {
    let stays = edit
        .after
        .as_ref()
        .is_none_or(|after| after.object.protection == edit.before.object.protection);
    if stays {
        Ok(crate::model::objects::permissions::Preview::default())
    } else {
        preview(service, caller, edit).await
    }
}

/// Fields that are given and not kept, and that a response does not show either.
fn unknown(given: &Document, edit: &UpdatePreview) -> Vec<String> {
    let kept = edit.after.as_ref().unwrap_or(&edit.before);
    let said = given.iter().filter(|(_, value)| !value.is_null());
    said.map(|(field, _)| field)
        .filter(|field| {
            !NOT_CONTENT.contains(&field.as_str()) && !kept.object.document.contains_key(*field)
        })
        .cloned()
        .collect()
}

fn read(text: &str) -> Result<Document, UiError> {
    match json::read(text.as_bytes()) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(_) => Err(refused("It must be an object: {…}.".to_owned())),
        Err(error) => Err(refused(format!("The document {error}."))),
    }
}

/// A refusal of a field, at the line where the field stands.
fn at_its_line(error: UiError, text: &str) -> UiError {
    let Some(line) = error.field().and_then(|field| json::line_of(text, field)) else {
        return match error.field() {
            Some(_) => refused(error.to_string()),
            None => error,
        };
    };
    refused(format!("Line {line}: {error}"))
}

fn refused(message: String) -> UiError {
    UiError::Rejected {
        field: FIELD.to_owned(),
        message,
    }
}

/// An object as it is edited: its name, where it is, and its document.
fn written(object: &Object) -> String {
    let mut whole = Document::new();
    whole.insert("name".to_owned(), json!(object.name));
    if let Some(group_id) = object.parent_id {
        whole.insert("groupId".to_owned(), json!(group_id));
    }
    whole.extend(object.document.clone());
    pretty(&whole.into())
}

/// An object as it is compared: without what only spells out a default, since programs send that or leave it out.
fn compared(kind: ItemKind, object: &Object) -> String {
    let defaults = match kind {
        ItemKind::DashboardGroup => dashboard_group::defaults(),
        ItemKind::Detector => detector::defaults(),
        ItemKind::Dashboard => dashboard::defaults(),
    };
    let document = beyond_defaults(&object.document, &defaults);
    written(&Object {
        document,
        ..object.clone()
    })
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// What a new document starts with.
fn template(kind: ItemKind) -> Value {
    match kind {
        ItemKind::DashboardGroup => json!({"name": "", "description": "", "teams": []}),
        ItemKind::Detector => {
            let rule = json!({"detectLabel": LABEL, "severity": "Critical", "description": "", "notifications": []});
            json!({"name": "", "description": "", "programText": PROGRAM, "rules": [rule], "tags": [], "teams": []})
        }
        ItemKind::Dashboard => {
            let filters = json!({"sources": [], "variables": []});
            json!({"name": "", "description": "", "groupId": "", "charts": [], "filters": filters, "tags": []})
        }
    }
}

/// The lines that differ, with some around them.
fn lines_between(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (place, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if place > 0 {
            lines.push(DiffLine::Gap);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => DiffLine::Same(text),
                ChangeTag::Delete => DiffLine::Gone(text),
                ChangeTag::Insert => DiffLine::New(text),
            });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changes_and_what_is_around_it() {
        let before: String = (1..=20).map(|line| format!("{line}\n")).collect();
        let after = before.replace("\n10\n", "\nten\n").replace("20\n", "");
        let lines = lines_between(&before, &after);
        let gone = DiffLine::Gone("10".to_owned());
        let at = lines.iter().position(|line| *line == gone).unwrap();
        assert_eq!(at, CONTEXT);
        assert_eq!(lines[at + 1], DiffLine::New("ten".to_owned()));
        assert_eq!(lines[at + 5], DiffLine::Gap);
        assert_eq!(lines.last(), Some(&DiffLine::Gone("20".to_owned())));
        assert_eq!(lines_between("a", "a"), []);
    }

    #[test]
    fn a_refusal_names_its_line() {
        let text = "{\n\"rules\": [\n{\"severity\": 1}]}";
        let error = UiError::Rejected {
            field: "rules[0].severity".to_owned(),
            message: "rules[0].severity: must be a text".to_owned(),
        };
        let error = at_its_line(error, text);
        assert_eq!(error.field(), Some(FIELD));
        assert_eq!(
            error.to_string(),
            "Line 3: rules[0].severity: must be a text"
        );
        let denied = UiError::Denied("no".to_owned());
        assert_eq!(at_its_line(denied.clone(), text), denied);
        assert!(read("[]").is_err() && read("{").unwrap_err().to_string().contains("line 1"));
    }
}
