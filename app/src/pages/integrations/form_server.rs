//! What the form of an integration says, as the document the service reads, and the other way round.

use domain::{
    identity::actor::Caller,
    integrations::{FormField, FormInput, FormPart, form_of, item_count, read_typed, typed},
    platform::document::Document,
};
use leptos::serde_json::{self, Value, json};
use service::{IntegrationView, Service};

use crate::{
    error::UiError,
    model::{
        document::text,
        integrations::form::{FORM, FormValue, Input, IntegrationForm, REMOVE, Secret},
        platform::notice::Notice,
    },
    pages::integrations::types::type_in_words,
    request::{
        context::{Posted, lead_to, refused as refused_act, set_status, told},
        parameters,
        posted::posted,
    },
};

/// Items that are there to be filled in besides those that are.
const EMPTY_ITEMS: usize = 2;

/// The field of a type that keeps whatever document it is given.
const DOCUMENT: &str = "document";

/// The form of an integration, or of a new one of a type. When it was posted, the integration is stored, and the browser
/// is led to its page; refused, the form says why and holds what was typed, but for secrets.
pub(crate) async fn fill(
    service: &Service,
    caller: &Caller,
    id: &str,
    kind: &str,
) -> Result<IntegrationForm, UiError> {
    let stored = if id.is_empty() {
        None
    } else {
        let id = parameters::id(id)?;
        Some(told(service.integrations().find(caller, id).await)?)
    };
    let kind = stored
        .as_ref()
        .map_or(kind, |stored| text(&stored.integration.document, "type"));
    let Some(parts) = form_of(kind) else {
        set_status(404);
        let words = format!("There is no type of integration called {kind}.");
        return Err(UiError::NotFound(words));
    };
    let form = posted();
    let mut notice = Notice::default();
    if let Some(form) = &form
        && let Err(error) = save(service, caller, stored.as_ref(), kind, &parts, form).await
    {
        notice = Notice::refused(FORM, error, Vec::new());
    }
    Ok(shown(kind, &parts, stored.as_ref(), form.as_ref(), notice))
}

async fn save(
    service: &Service,
    caller: &Caller,
    stored: Option<&IntegrationView>,
    kind: &str,
    parts: &[FormPart],
    form: &Posted,
) -> Result<(), UiError> {
    let mut given = read(parts, form)?;
    remove_secrets(parts, form, &mut given)?;
    given.insert("name".to_owned(), json!(form.text("name").trim()));
    given.insert("type".to_owned(), json!(kind));
    given.insert("enabled".to_owned(), json!(form.text("enabled") != "false"));
    let kept = match stored {
        None => service.integrations().create(caller, &given).await,
        Some(stored) => {
            let id = stored.integration.id;
            service.integrations().update(caller, id, &given).await
        }
    };
    let kept = kept.map_err(refused_act)?;
    let words = match stored {
        None => format!(
            "The integration of the type {} is made. Validate it here.",
            type_in_words(kind)
        ),
        Some(_) => "The integration is saved.".to_owned(),
    };
    lead_to(&format!("/integrations/{}", kept.integration.id), words);
    Ok(())
}

fn read(parts: &[FormPart], form: &Posted) -> Result<Document, UiError> {
    if parts.is_empty() {
        let refused = |message: String| UiError::Rejected {
            field: DOCUMENT.to_owned(),
            message,
        };
        let typed = form.text(DOCUMENT);
        if typed.trim().is_empty() {
            return Ok(Document::new());
        }
        let value: Value = serde_json::from_str(typed)
            .map_err(|error| refused(format!("Is no JSON: {error}.")))?;
        let document = value.as_object().cloned();
        return document.ok_or_else(|| refused("Must be an object: {…}.".to_owned()));
    }
    read_typed(parts, |path| form.find(path)).map_err(|refused| UiError::Rejected {
        field: refused.field,
        message: refused.message,
    })
}

/// Writes nothing where a stored secret shall go: what is left out stays. Only what a type can be without is asked
/// for; whether it can as it is configured is judged with the rest.
fn remove_secrets(parts: &[FormPart], form: &Posted, given: &mut Document) -> Result<(), UiError> {
    for part in parts {
        let FormPart::Field(field) = part else {
            continue;
        };
        let may_go = field.is_secret && !field.required;
        if !may_go || form.find(&format!("{REMOVE}{}", field.path)).is_none() {
            continue;
        }
        if given.contains_key(&field.path) {
            return Err(UiError::Rejected {
                field: field.path.clone(),
                message: "Either type another one, or remove the stored one.".to_owned(),
            });
        }
        let nothing = match field.input {
            FormInput::Pairs => json!({}),
            FormInput::Lines => json!([]),
            FormInput::Line
            | FormInput::Address
            | FormInput::Text
            | FormInput::Word(_)
            | FormInput::Truth
            | FormInput::Number(..)
            | FormInput::Json => json!(""),
        };
        given.insert(field.path.clone(), nothing);
    }
    Ok(())
}

/// The form with what was typed, or else what is stored.
fn shown(
    kind: &str,
    parts: &[FormPart],
    stored: Option<&IntegrationView>,
    form: Option<&Posted>,
    notice: Notice,
) -> IntegrationForm {
    let nothing = Document::new();
    let document = stored.map_or(&nothing, |stored| &stored.integration.document);
    let filling = Filling {
        document,
        form,
        secret_places: stored.map_or(&[], |stored| &stored.secret_places),
    };
    let stored_name = stored.map(|stored| stored.integration.name.clone());
    let stored_name = stored_name.unwrap_or_default();
    let enabled = match form {
        Some(form) => form.text("enabled") != "false",
        None => document.get("enabled") != Some(&Value::Bool(false)),
    };
    let mut fields = Vec::new();
    let mut items = Vec::new();
    for part in parts {
        match part {
            FormPart::Field(field) => fields.push(filling.value(field, None)),
            FormPart::Items {
                name,
                label,
                fields,
            } => {
                for place in 0..item_count(document, name) + EMPTY_ITEMS {
                    let values = fields
                        .iter()
                        .map(|field| filling.value(field, Some((name, place))));
                    items.push((format!("{label} {}", place + 1), values.collect()));
                }
            }
        }
    }
    if parts.is_empty() {
        fields.push(filling.whole());
    }
    IntegrationForm {
        id: stored
            .map(|stored| stored.integration.id.to_string())
            .unwrap_or_default(),
        name: form.map_or(stored_name.clone(), |form| form.text("name").to_owned()),
        stored_name,
        kind: kind.to_owned(),
        enabled,
        fields,
        items,
        notice,
    }
}

struct Filling<'a> {
    document: &'a Document,
    form: Option<&'a Posted>,
    secret_places: &'a [String],
}

impl Filling<'_> {
    fn value(&self, field: &FormField, item: Option<(&str, usize)>) -> FormValue {
        let name = match item {
            None => field.path.clone(),
            Some((list, place)) => format!("{list}[{place}].{}", field.path),
        };
        let secret = match (field.is_secret, self.is_stored(field, item)) {
            (false, _) => Secret::No,
            (true, false) => Secret::NotSet,
            (true, true) if field.required || item.is_some() => Secret::Stored,
            (true, true) => {
                let ticked = self
                    .form
                    .and_then(|form| form.find(&format!("{REMOVE}{name}")));
                Secret::Removable(ticked.is_some())
            }
        };
        let value = match self.form {
            _ if field.is_secret => String::new(),
            Some(form) => form.text(&name).to_owned(),
            None => typed(self.document, item, field),
        };
        FormValue {
            // An item that is left empty is none, so that nothing in it has to be filled in.
            required: field.required && item.is_none(),
            label: field.label.clone(),
            input: field.input.into(),
            name,
            value,
            secret,
        }
    }

    fn is_stored(&self, field: &FormField, item: Option<(&str, usize)>) -> bool {
        match item {
            None => self.secret_places.contains(&field.path),
            Some((list, place)) => {
                let stored = self.document.get(list).and_then(Value::as_array);
                stored.is_some_and(|items| place < items.len())
            }
        }
    }

    /// The whole document of a type that keeps whatever it is given.
    fn whole(&self) -> FormValue {
        let mut document = self.document.clone();
        for managed in ["type", "enabled"] {
            document.shift_remove(managed);
        }
        let stored = serde_json::to_string_pretty(&document).unwrap_or_default();
        FormValue {
            name: DOCUMENT.to_owned(),
            label: "Settings".to_owned(),
            input: Input::Json,
            value: self
                .form
                .map_or(stored, |form| form.text(DOCUMENT).to_owned()),
            required: false,
            secret: if self.secret_places.is_empty() {
                Secret::No
            } else {
                Secret::Stored
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_holds_what_was_typed_but_no_secret() {
        let parts = form_of("Webhook").unwrap();
        let typed = [
            ("name", "Hook"),
            ("url", "nowhere"),
            ("sharedSecret", "hunter2"),
            ("enabled", "false"),
        ];
        let form = Posted::of(&typed);
        let shown = shown("Webhook", &parts, None, Some(&form), Notice::default());
        assert_eq!((shown.name.as_str(), shown.enabled), ("Hook", false));
        assert_eq!(shown.fields[0].value, "nowhere");
        assert!(!format!("{shown:?}").contains("hunter2"));
    }

    #[test]
    fn only_a_secret_that_may_go_is_removed_and_not_while_another_is_typed() {
        let removed = |kind: &str, fields: &[(&str, &str)]| {
            let parts = form_of(kind).unwrap();
            let form = Posted::of(fields);
            let mut given = read(&parts, &form)?;
            remove_secrets(&parts, &form, &mut given).map(|()| json!(given))
        };
        let both = [
            ("remove.sharedSecret", "true"),
            ("remove.headers", "true"),
            ("remove.url", "true"),
        ];
        assert_eq!(
            removed("Webhook", &both).unwrap(),
            json!({"sharedSecret": "", "headers": {}})
        );
        assert_eq!(
            removed("Opsgenie", &[("remove.apiKey", "true")]).unwrap(),
            json!({})
        );
        let typed = [("remove.apiKey", "true"), ("apiKey", "another")];
        assert_eq!(
            removed("PagerDuty", &typed).unwrap_err().field(),
            Some("apiKey")
        );
    }

    #[test]
    fn a_refused_form_keeps_the_choice_to_remove_a_secret() {
        let parts = form_of("Webhook").unwrap();
        let form = Posted::of(&[("remove.headers", "true")]);
        let nothing = Document::new();
        let filling = Filling {
            document: &nothing,
            form: Some(&form),
            secret_places: &["headers".to_owned(), "sharedSecret".to_owned()],
        };
        let secrets: Vec<_> = parts
            .iter()
            .filter_map(|part| match part {
                FormPart::Field(field) => Some(filling.value(field, None).secret),
                FormPart::Items { .. } => None,
            })
            .collect();
        assert_eq!(
            secrets[..3],
            [
                Secret::No,
                Secret::Removable(false),
                Secret::Removable(true)
            ]
        );
    }

    #[test]
    fn a_type_without_a_table_takes_any_object() {
        let read = |text: &str| {
            read(
                &[],
                &Posted::new(vec![(DOCUMENT.to_owned(), text.to_owned())]),
            )
        };
        assert_eq!(read("").unwrap(), Document::new());
        assert_eq!(json!(read("{\"a\": 1}").unwrap()), json!({"a": 1}));
        assert_eq!(read("[1]").unwrap_err().field(), Some(DOCUMENT));
        assert_eq!(read("{").unwrap_err().field(), Some(DOCUMENT));
    }
}
