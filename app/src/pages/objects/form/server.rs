//! What the form of a dashboard, dashboard group or detector says, as the document the service reads, and the other way
//! round.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, permissions::ItemKind},
    platform::{document::Document, id::Id, page::OffsetPage, timestamp::Timestamp},
};
use leptos::serde_json::{Value, json};
use service::{ObjectAccess, Service};

use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::form::{Alert, FORM, ObjectForm},
        platform::{list::Choices, notice::Notice},
    },
    pages::objects::kind::list_path,
    request::{Posted, lead_to, note_denial, parameters, posted, rejection, report, set_status},
};

/// Groups that are offered for a new dashboard at most; into another one it is put by its document.
const OFFERED_GROUPS: i64 = 500;

/// What a new detector starts with.
pub(crate) const PROGRAM: &str = "A = data('cpu.utilization').mean(by=['host']).publish('A', enable=False)\n\
    detect(when(A > 90, '5m')).publish('CPU is high')\n";

/// The label of that program that a rule goes by.
pub(crate) const LABEL: &str = "CPU is high";

/// The form of an object, or of a new one. When it was posted, the object is stored, and the browser is led to its page;
/// refused, the form says why and holds what was typed.
pub(crate) async fn fill(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: &str,
) -> Result<ObjectForm, UiError> {
    let stored = find(service, caller, kind, id).await?;
    let form = posted();
    let mut notice = Notice::default();
    if let Some(form) = &form
        && let Err(error) = save(service, caller, kind, stored.as_ref(), form).await
    {
        notice = Notice::refused(FORM, error, Vec::new());
    }
    let groups = if stored.is_none() && kind == ItemKind::Dashboard {
        groups(service, caller).await?
    } else {
        Vec::new()
    };
    let shown = shown(kind, stored.as_ref(), form.as_ref());
    Ok(ObjectForm {
        groups,
        notice,
        ..shown
    })
}

/// The object of this id, which the caller may change; `None` for a new one.
pub(crate) async fn find(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: &str,
) -> Result<Option<ObjectAccess>, UiError> {
    if id.is_empty() {
        return Ok(None);
    }
    let standing = service
        .objects()
        .find_with_access(caller, kind, parameters::id(id)?)
        .await;
    let standing = report(standing)?;
    if standing.rights.write {
        return Ok(Some(standing));
    }
    set_status(403);
    note_denial();
    let words = kind.words();
    Err(UiError::Denied(if standing.rights.permit {
        format!("To change this {words}, give yourself write permission first.")
    } else {
        format!("You may read this {words}. Changing it needs write permission.")
    }))
}

async fn save(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    stored: Option<&ObjectAccess>,
    form: &Posted,
) -> Result<(), UiError> {
    let given = given(kind, stored.map(|stored| &stored.object), form);
    let Some(stored) = stored else {
        let made = create(service, caller, kind, &given).await;
        lead_to_object(kind, &made.map_err(at_its_field)?, "made");
        return Ok(());
    };
    let seen_at = Timestamp::from_micros(form.text("seen").parse().unwrap_or_default());
    let id = stored.object.id;
    let saved = service
        .objects()
        .update_unless_changed(caller, kind, id, &given, seen_at);
    match saved.await.map_err(rejection) {
        Ok(saved) => {
            lead_to_object(kind, &saved, "saved");
            Ok(())
        }
        Err(UiError::Conflict(words)) => Err(UiError::Conflict(format!(
            "{words} What you typed is still here: saving again puts it in the place of theirs."
        ))),
        Err(error) => Err(at_its_field(error)),
    }
}

/// What the rules say of the first rule and of one tag is said where it was typed.
fn at_its_field(error: UiError) -> UiError {
    let field = error.field().unwrap_or_default().to_owned();
    let typed_into = match field.as_str() {
        "rules[0].detectLabel" => "label",
        "rules[0].severity" => "severity",
        "rules[0].notifications[0].email" => "email",
        field if field.starts_with("tags[") => "tags",
        _ => return error,
    };
    let message = error.to_string();
    let message = message
        .strip_prefix(&format!("{field}: "))
        .unwrap_or(&message);
    UiError::Rejected {
        field: typed_into.to_owned(),
        message: format!("{typed_into}: {message}"),
    }
}

/// Leads to the page of an object, which says what was done with it.
pub(crate) fn lead_to_object(kind: ItemKind, object: &Object, done: &str) {
    lead_to(
        &format!("{}/{}", list_path(kind), object.id),
        format!("The {} {} is {done}.", kind.words(), object.name),
    );
}

/// Makes a dashboard, dashboard group or detector.
pub(crate) async fn create(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    given: &Document,
) -> Result<Object, UiError> {
    let made = match kind {
        ItemKind::DashboardGroup => {
            service
                .objects()
                .create_dashboard_group(caller, given, true)
                .await
        }
        ItemKind::Detector => service.objects().create_detector(caller, given).await,
        ItemKind::Dashboard => service.objects().create_dashboard(caller, given).await,
    };
    made.map_err(rejection)
}

/// Deletes a dashboard, dashboard group or detector.
pub(crate) async fn delete(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: Id,
) -> Result<(), UiError> {
    report(match kind {
        ItemKind::Dashboard => service.objects().delete_dashboard(caller, id).await,
        ItemKind::DashboardGroup => service.objects().delete_dashboard_group(caller, id).await,
        ItemKind::Detector => service.objects().delete_detector(caller, id).await,
    })
}

/// The object as it is, with what was typed in place of what is stored.
fn given(kind: ItemKind, stored: Option<&Object>, form: &Posted) -> Document {
    let mut given = stored
        .map(|stored| stored.document.clone())
        .unwrap_or_default();
    let mut set = |field: &str, value: Value| drop(given.insert(field.to_owned(), value));
    set("name", json!(form.text("name").trim()));
    set("description", json!(form.text("description")));
    if kind != ItemKind::DashboardGroup {
        let tags = form.text("tags").lines().map(str::trim);
        let tags: Vec<&str> = tags.filter(|tag| !tag.is_empty()).collect();
        set("tags", json!(tags));
    }
    match (kind, stored) {
        (ItemKind::Dashboard, Some(stored)) => set("groupId", json!(stored.parent_id)),
        (ItemKind::Dashboard, None) => set("groupId", json!(form.text("groupId"))),
        (ItemKind::Detector, stored) => {
            set("programText", json!(form.text("programText")));
            if stored.is_none() {
                set("rules", rules(&alert(form)));
            }
        }
        (ItemKind::DashboardGroup, _) => {}
    }
    given
}

fn alert(form: &Posted) -> Alert {
    let typed = |field| form.text(field).trim().to_owned();
    Alert {
        label: typed("label"),
        severity: typed("severity"),
        email: typed("email"),
    }
}

fn rules(alert: &Alert) -> Value {
    if alert.label.is_empty() {
        return json!([]);
    }
    let notifications = if alert.email.is_empty() {
        json!([])
    } else {
        json!([{"type": "Email", "email": alert.email}])
    };
    json!([{"detectLabel": alert.label, "severity": alert.severity, "notifications": notifications}])
}

/// The form with what was typed, or else what is stored, or else what a new one starts with.
fn shown(kind: ItemKind, stored: Option<&ObjectAccess>, form: Option<&Posted>) -> ObjectForm {
    let object = stored.map(|stored| &stored.object);
    let nothing = Document::new();
    let document = object.map_or(&nothing, |object| &object.document);
    let typed =
        |field: &str, else_ours: &str| form.map_or(else_ours, |form| form.text(field)).to_owned();
    let stored_name = object.map(|object| object.name.clone()).unwrap_or_default();
    let tags: Vec<&str> = items(document, "tags").filter_map(Value::as_str).collect();
    let program = match object {
        Some(_) => text(document, "programText"),
        None => PROGRAM,
    };
    let first = Alert {
        label: LABEL.to_owned(),
        severity: "Critical".to_owned(),
        email: String::new(),
    };
    ObjectForm {
        kind,
        id: object
            .map(|object| object.id.to_string())
            .unwrap_or_default(),
        seen_at: object.map_or(0, |object| object.updated.at.as_micros()),
        name: typed("name", &stored_name),
        stored_name,
        description: typed("description", text(document, "description")),
        tags: typed("tags", &tags.join("\n")),
        program: typed("programText", program),
        groups: Vec::new(),
        group: typed("groupId", ""),
        alert: form.map_or(first, alert),
        notice: Notice::default(),
    }
}

/// The groups a new dashboard can be put into.
async fn groups(service: &Service, caller: &Caller) -> Result<Choices, UiError> {
    let by_name = parameters::by_name(String::new(), "name".to_owned());
    let first = OffsetPage {
        limit: OFFERED_GROUPS,
        offset: 0,
    };
    let found = service
        .objects()
        .list_dashboard_groups(caller, &by_name, first)
        .await;
    let found = report(found)?.results;
    let rights = report(service.objects().rights_on(caller, &found).await)?;
    let writable = found
        .into_iter()
        .zip(rights)
        .filter(|(_, rights)| rights.write);
    Ok(writable
        .map(|(group, _)| (group.id.to_string(), group.name))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_detector_has_the_rule_that_was_typed() {
        let form = Posted::of(&[
            ("name", " CPU "),
            ("programText", "detect(a).publish('x')"),
            ("label", "x"),
            ("severity", "Minor"),
            ("email", "a@example.com"),
            ("tags", "prod\r\n\r\n test "),
        ]);
        assert_eq!(
            json!(given(ItemKind::Detector, None, &form)),
            json!({
                "name": "CPU", "description": "", "tags": ["prod", "test"], "programText": "detect(a).publish('x')",
                "rules": [{"detectLabel": "x", "severity": "Minor", "notifications": [{"type": "Email", "email": "a@example.com"}]}],
            })
        );
        let none = given(ItemKind::Detector, None, &Posted::of(&[("name", "n")]));
        assert_eq!(none["rules"], json!([]));
    }

    #[test]
    fn what_the_rules_refuse_is_said_where_it_was_typed() {
        let refused = |field: &str| UiError::Rejected {
            field: field.to_owned(),
            message: format!("{field}: is wrong"),
        };
        let label = at_its_field(refused("rules[0].detectLabel"));
        assert_eq!(
            (label.field(), label.to_string()),
            (Some("label"), "label: is wrong".to_owned())
        );
        assert_eq!(at_its_field(refused("name")), refused("name"));
    }

    #[test]
    fn a_refused_form_holds_what_was_typed() {
        let form = Posted::of(&[("name", ""), ("description", "long"), ("groupId", "x")]);
        let shown = shown(ItemKind::Dashboard, None, Some(&form));
        assert_eq!(
            (shown.description.as_str(), shown.group.as_str()),
            ("long", "x")
        );
    }
}
