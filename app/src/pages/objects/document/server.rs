//! Fills, previews and saves the document of an object.

use domain::{
    identity::actor::Caller,
    objects::object::Object,
    platform::{document::Document, json},
};
use leptos::serde_json::Value;
use service::Service;

use crate::{
    error::UiError,
    model::{
        objects::{
            content_kind::ContentKind,
            document::{DocumentDifference, DocumentForm, FIELD, FORM},
        },
        platform::notice::Notice,
    },
    pages::objects::{
        document::{
            preview::difference,
            text::{object_text, template_text},
        },
        editing::{create, find_editable, redirect_to, update},
        server::shown_name,
    },
    request::{Posted, posted, report},
};

/// The document of an object, or of a new one. When it was posted, the pressed button is carried out; a rejected
/// document has the reason with its line, and the posted text.
pub(super) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    id: &str,
) -> Result<DocumentForm, UiError> {
    let stored = find_editable(service, caller, kind, id).await?;
    let posted = posted();
    let mut form = form_of(kind, id, stored.as_ref(), posted.as_ref());
    if let Some(posted) = &posted {
        match carry_out(service, caller, kind, stored.as_ref(), posted).await {
            Ok(difference) => form.difference = difference,
            Err(error) => {
                // The preview compares with the update that was stored in the meantime.
                if let (UiError::Conflict(_), Some(stored)) = (&error, &stored) {
                    let preview = preview(service, caller, kind, stored, posted).await?;
                    form.difference = Some(preview);
                }
                form.notice = Notice::rejected(FORM, error, Vec::new());
            }
        }
    }
    let shows_stored = posted.is_none() || form.difference.is_some();
    if let Some(stored) = stored.filter(|_| shows_stored) {
        let reads = service
            .objects()
            .record_webhook_reads(caller, vec![&stored]);
        report(reads.await)?;
    }
    Ok(form)
}

fn form_of(
    kind: ContentKind,
    id: &str,
    stored: Option<&Object>,
    posted: Option<&Posted>,
) -> DocumentForm {
    let text = match (posted, stored) {
        (Some(posted), _) => posted.text(FIELD).to_owned(),
        (None, Some(object)) => object_text(kind, object),
        (None, None) => template_text(kind),
    };
    DocumentForm {
        kind,
        id: id.to_owned(),
        stored_name: stored.map(shown_name).unwrap_or_default(),
        base_updated_at: stored.map_or(0, |object| object.updated.at.as_micros()),
        text,
        difference: None,
        notice: Notice::default(),
    }
}

/// Carries out the pressed button: previews, saves or creates. Only a preview returns a difference.
async fn carry_out(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    stored: Option<&Object>,
    form: &Posted,
) -> Result<Option<DocumentDifference>, UiError> {
    let text = form.text(FIELD);
    let (saved, done) = match (form.text("step"), stored) {
        ("preview", Some(stored)) => {
            return preview(service, caller, kind, stored, form).await.map(Some);
        }
        ("save", Some(stored)) => {
            let given = parse(text)?;
            let saved = update(service, caller, kind, stored.id, &given, form).await;
            (saved, "saved")
        }
        ("create", None) => (
            create(service, caller, kind, &parse(text)?).await,
            "created",
        ),
        _ => return Ok(None),
    };
    let saved = saved.map_err(|error| at_line(error, text))?;
    redirect_to(kind, &saved, done);
    Ok(None)
}

async fn preview(
    service: &Service,
    caller: &Caller,
    kind: ContentKind,
    stored: &Object,
    form: &Posted,
) -> Result<DocumentDifference, UiError> {
    let text = form.text(FIELD);
    let previewed = difference(service, caller, kind, stored.id, &parse(text)?).await;
    previewed.map_err(|error| at_line(error, text))
}

/// Parses a posted document.
pub(in crate::pages::objects) fn parse(text: &str) -> Result<Document, UiError> {
    match json::read(text.as_bytes()) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(_) => Err(rejected("It must be an object: {…}.".to_owned())),
        Err(error) => Err(rejected(format!("The document {error}."))),
    }
}

/// Reports an error of a field of the document with the line of that field.
pub(in crate::pages::objects) fn at_line(error: UiError, text: &str) -> UiError {
    let Some(field) = error.field() else {
        return error;
    };
    match json::line_of(text, field) {
        Some(line) => rejected(format!("Line {line}: {error}")),
        None => rejected(error.to_string()),
    }
}

fn rejected(message: String) -> UiError {
    UiError::rejected(FIELD, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_line() {
        let text = "{\n\"rules\": [\n{\"severity\": 1}]}";
        let error = UiError::Rejected {
            field: "rules[0].severity".to_owned(),
            message: "rules[0].severity: must be a text".to_owned(),
        };
        let reported = at_line(error, text);
        assert_eq!(reported.field(), Some(FIELD));
        assert_eq!(
            reported.to_string(),
            "Line 3: rules[0].severity: must be a text"
        );
        let denied = UiError::Denied("no".to_owned());
        assert_eq!(at_line(denied.clone(), text), denied);
        assert!(parse("[]").is_err() && parse("{").unwrap_err().to_string().contains("line 1"));
    }
}
