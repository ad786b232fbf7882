//! One entry of the audit log (docs/contract.md#audit-events).

use domain::{
    audit::event::{Action, ActorType, AuditEvent, ObjectType, Outcome},
    identity::credential::{Credential, TokenKind},
    platform::{id::Id, search::Term},
};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::{Map, Value, json};
use service::{Call, RecordedEvent};

use crate::api::platform::error::ApiError;

/// The type of entries that are calls of the API.
pub(super) const HTTP_REQUEST: &str = "HttpRequest";

/// Fields whose change is a permission change (docs/contract.md#permission-fields).
const PERMISSION_FIELDS: [&str; 2] = ["permissions", "authorizedWriters"];

/// The category of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryCategory {
    /// Calls and sign-ins.
    Audit,
    /// Changes of objects.
    Customer,
}

impl EntryCategory {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Audit => "AUDIT",
            Self::Customer => "CUSTOMER_AUDIT",
        }
    }

    pub(super) fn parse(label: &str) -> Result<Self, ApiError> {
        [Self::Audit, Self::Customer]
            .into_iter()
            .find(|category| category.label() == label)
            .ok_or_else(|| ApiError::bad_request("sf_eventCategory is AUDIT or CUSTOMER_AUDIT."))
    }
}

/// An entry of the audit log.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: Id,
    /// The same for all entries of one request.
    series: Id,
    /// In milliseconds since 1970.
    pub(super) timestamp: i64,
    pub(super) category: EntryCategory,
    pub(super) kind: &'static str,
    properties: Map<String, Value>,
}

impl Entry {
    pub(super) fn new(id: Id, timestamp: i64, category: EntryCategory, kind: &'static str) -> Self {
        Self {
            id,
            series: id,
            timestamp,
            category,
            kind,
            properties: Map::new(),
        }
    }

    /// Returns the entry of a call, with what its audit event states.
    pub(super) fn of_call(call: &Call, event: Option<&AuditEvent>) -> Self {
        let mut entry = Self::new(
            call.request_id.0,
            call.at.as_millis(),
            EntryCategory::Audit,
            HTTP_REQUEST,
        );
        let source = &*call.source;
        let is_user = source.actor_type == ActorType::User;
        entry.put("sf_requestMethod", &*call.method);
        entry.put("sf_requestUri", &*call.path);
        entry.put("sf_responseStatus", call.status);
        entry.put("sf_actorType", if is_user { "USER" } else { "ORG_TOKEN" });
        entry.put_id("sf_actorId", source.actor_id);
        entry.put_id("sf_userId", source.actor_id.filter(|_| is_user));
        entry.put("sf_email", source.actor_email.as_str());
        entry.put_id("sf_organizationId", source.organization_id.map(Into::into));
        entry.put_credential(source.credential.as_ref());
        entry.put("sf_clientIp", source.address.as_str());
        entry.put("sf_userAgent", source.client.as_str());
        entry.put("sf_tokenFingerprint", source.fingerprint.as_str());
        match event {
            Some(event) => entry.put_object(event),
            None => entry.put_path_variables(call),
        }
        entry
    }

    /// Returns the entry of an audit event.
    pub(super) fn of_event(recorded: &RecordedEvent) -> Self {
        let event = &recorded.event;
        let (category, kind) = classify(event);
        let mut entry = Self {
            series: event.by.request.id.0,
            ..Self::new(
                Id::from_bits(recorded.number.unsigned_abs()),
                event.at.as_millis(),
                category,
                kind,
            )
        };
        match category {
            EntryCategory::Audit => entry.put_session(event),
            EntryCategory::Customer if event.object.kind == ObjectType::Integration => {
                entry.put_integration(event)
            }
            EntryCategory::Customer => {
                entry.put("sf_operation", operation(event.action));
                entry.put("sf_principal", principal(event));
                entry.put_object(event);
            }
        }
        entry.put_id("sf_actorId", Some(event.by.actor_id));
        entry.put_id("sf_organizationId", Some(event.organization_id.into()));
        entry.put_credential(event.by.credential.as_ref());
        entry.put("sf_clientIp", &*event.by.request.address);
        entry.put("sf_userAgent", &*event.by.request.client);
        entry
    }

    /// Whether the event is a denied change, which has no entry of its own: the entry of the call has its status.
    pub(super) fn is_denied_change(event: &AuditEvent) -> bool {
        event.outcome == Outcome::Denied && classify(event).0 == EntryCategory::Customer
    }

    /// Whether a property has this value, written as in a query.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        match self.properties.get(name) {
            Some(Value::String(text)) => text == value,
            Some(other) => serde_json::from_str::<Value>(value).is_ok_and(|value| value == *other),
            None => false,
        }
    }

    /// Whether a condition of a search holds: on its field, or on any property for a bare word.
    pub(super) fn holds(&self, term: &Term) -> bool {
        let text = |value: &Value| {
            let text = value.as_str().map(str::to_owned);
            text.unwrap_or_else(|| value.to_string())
        };
        match term.field.as_deref() {
            Some("sf_eventCategory") => term.is(self.category.label()),
            Some("sf_eventType") => term.is(self.kind),
            Some(name) => {
                let value = self.properties.get(name);
                value.is_some_and(|value| term.is(&text(value)))
            }
            None => {
                let mut values = self.properties.values();
                term.is_within(self.kind) || values.any(|value| term.is_within(&text(value)))
            }
        }
    }

    fn put(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if value != "" {
            self.properties.insert(name.to_owned(), value);
        }
    }

    fn put_id(&mut self, name: &str, id: Option<Id>) {
        if let Some(id) = id {
            self.put(name, id.to_string());
        }
    }

    fn put_credential(&mut self, credential: Option<&Credential>) {
        let Some(credential) = credential else { return };
        self.put("sf_tokenId", credential.id.to_string());
        self.put("sf_tokenType", credential.kind.label());
        self.put("sf_tokenName", credential.name.as_str());
        if credential.kind != TokenKind::Org {
            self.put("sf_sessionId", credential.id.to_string());
        }
    }

    fn put_object(&mut self, event: &AuditEvent) {
        self.put("sf_resourceType", event.object.kind.label());
        self.put("sf_resourceId", event.object.id.to_string());
        self.put("sf_resourceName", event.object.name.as_str());
        if event.changes.is_empty() {
            return;
        }
        let fields: Vec<&str> = event
            .changes
            .iter()
            .map(|change| change.field.as_str())
            .collect();
        self.put("sf_changedFields", fields.join(","));
        self.put(
            "sf_permissionChange",
            fields.iter().any(|field| PERMISSION_FIELDS.contains(field)),
        );
    }

    /// Adds the object of a call without an audit event, taken from its path.
    fn put_path_variables(&mut self, call: &Call) {
        let mut segments = call.route.split('/').zip(call.path.split('/')).skip(2);
        if let Some((kind, _)) = segments.next() {
            self.put("sf_resourceType", kind);
        }
        if let Some((_, id)) = segments.find(|(template, _)| template.starts_with('{')) {
            self.put("sf_resourceId", id);
        }
    }

    fn put_session(&mut self, event: &AuditEvent) {
        let action = match (event.outcome, event.action) {
            (Outcome::Denied, _) => "session refused",
            (Outcome::Done, Action::SignIn | Action::Issue) => "session created",
            (Outcome::Done, _) => "session deleted",
        };
        self.put("action", action);
        self.put("authMethod", "UNDEFINED");
        self.put_id("userId", Some(event.by.actor_id));
        self.put("email", event.by.actor_email.as_str());
        self.put("tokenId", event.object.id.to_string());
    }

    fn put_integration(&mut self, event: &AuditEvent) {
        self.put("operation", operation(event.action));
        self.put("principal", event.by.actor_id.to_string());
        self.put("principalName", principal(event));
        self.put("newResource", event.object.name.as_str());
        self.put(
            "srn",
            format!(
                "srn:{}:integration:{}",
                event.organization_id, event.object.id
            ),
        );
        self.put_object(event);
    }
}

/// Returns the category and the type of an audit event.
fn classify(event: &AuditEvent) -> (EntryCategory, &'static str) {
    match event.object.kind {
        ObjectType::Session | ObjectType::Token => (EntryCategory::Audit, "SessionLog"),
        ObjectType::Dashboard => (EntryCategory::Customer, "DASHBOARD"),
        ObjectType::DashboardGroup => (EntryCategory::Customer, "DASHBOARD_GROUP"),
        ObjectType::Chart => (EntryCategory::Customer, "CHART"),
        ObjectType::Detector => (EntryCategory::Customer, "DETECTOR"),
        ObjectType::Integration => (EntryCategory::Customer, "INTEGRATION"),
        ObjectType::Team => (EntryCategory::Customer, "TEAM"),
        ObjectType::Shared(kind) => (EntryCategory::Customer, kind.entry_type()),
        ObjectType::Catalog(kind) => (EntryCategory::Customer, kind.entry_type()),
        ObjectType::OrgToken => (EntryCategory::Customer, "ORG_TOKEN"),
        ObjectType::Member => (EntryCategory::Customer, "ORG_MEMBER"),
        ObjectType::Organization => (EntryCategory::Customer, "ORGANIZATION"),
        ObjectType::AuditLog => (EntryCategory::Audit, "RecordLog"),
        ObjectType::MasterKey => (EntryCategory::Customer, "MASTER_KEY"),
        ObjectType::Unknown => (EntryCategory::Customer, "UNKNOWN"),
    }
}

const fn operation(action: Action) -> &'static str {
    match action {
        Action::Create | Action::Invite | Action::Issue | Action::SignIn => "CREATE",
        Action::Delete | Action::Revoke | Action::SignOut | Action::Expire => "DELETE",
        Action::Update
        | Action::Rotate
        | Action::Grant
        | Action::Disable
        | Action::Enable
        | Action::Unlock
        | Action::ChangePassword => "UPDATE",
        Action::Export => "EXPORT",
        Action::Reveal => "READ",
        Action::Validate => "VALIDATE",
    }
}

/// Returns a user's email address, or the name of another actor.
fn principal(event: &AuditEvent) -> &str {
    match event.by.actor_type {
        ActorType::User => &event.by.actor_email,
        ActorType::OrgToken | ActorType::System | ActorType::Unauthenticated => {
            &event.by.actor_name
        }
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let metadata =
            json!({"sf_eventCategory": self.category.label(), "sf_eventType": self.kind});
        let mut entry = serializer.serialize_struct("Entry", 5)?;
        entry.serialize_field("id", &self.id)?;
        entry.serialize_field("tsId", &self.series)?;
        entry.serialize_field("timestamp", &self.timestamp)?;
        entry.serialize_field("metadata", &metadata)?;
        entry.serialize_field("properties", &self.properties)?;
        entry.end()
    }
}
