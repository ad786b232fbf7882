//! Export of the audit log and the call log: complete, ordered, in both formats, permission checked, and itself logged.

use domain::{
    audit::{
        event::{Action, ObjectType, Outcome},
        query::{AuditFilter, EntryKind, PageDirection},
    },
    identity::{
        actor::Caller,
        role::{Role, RoleSet},
    },
};
use serde_json::{Value, json};
use service::{DeniedOperation, ExportFormat, NewMember, RecordedEvent, ServiceError};
use testbed::on_both;

use crate::support::{PASSWORD, Stage, request};

impl Stage {
    /// The whole text of an export.
    async fn export(
        &self,
        caller: &Caller,
        what: EntryKind,
        filter: &AuditFilter,
        format: ExportFormat,
    ) -> String {
        let mut export = self
            .service
            .audit()
            .export(caller, what, filter, format)
            .await
            .unwrap();
        let mut text = Vec::new();
        while let Some(piece) = export.next_chunk().await.unwrap() {
            text.extend(piece);
        }
        String::from_utf8(text).unwrap()
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

on_both! {
    async fn events_are_exported_completely_and_in_order_and_the_export_is_logged(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        for name in ["Grace", "Karen"] {
            stage.pass_millis(1);
            stage.member(name, Role::Power).await;
        }
        stage.pass_millis(1);
        let exported = lines(&stage.export(&ada, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await);
        let numbers: Vec<_> = exported.iter().map(|line| line["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=i64::try_from(exported.len()).unwrap()).collect::<Vec<_>>());
        let grace = &exported[exported.len() - 2];
        assert_eq!((&grace["action"], &grace["object"]["name"], &grace["outcome"]), (&"create".into(), &"Grace".into(), &"done".into()));
        assert_eq!(grace["record"], "act");
        let newest = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        let event = &newest.rows[0].event;
        assert_eq!((event.action, event.object.kind, event.object.name.as_str()), (Action::Export, ObjectType::AuditLog, "events"));
        assert_eq!(event.by.actor_id, ada.actor().id());
        let members = AuditFilter { kind: Some(ObjectType::Member), ..AuditFilter::default() };
        let exported = lines(&stage.export(&ada, EntryKind::Events, &members, ExportFormat::Ndjson).await);
        assert_eq!(exported.len(), 3);
        let recorded = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        assert!(recorded.rows[0].event.changes.iter().any(|change| change.field == "kind" && change.after == Some("member".into())));
    }

    async fn an_export_ends_when_its_reader_loses_the_right(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let identity = stage.service.identity();
        for (name, loss) in ["role", "member", "session", "token"].into_iter().enumerate() {
            let ada = stage.member(&format!("Ada{name}"), Role::Admin).await;
            let secret = stage.token(&ada.email).await;
            let reader = if loss == "token" {
                stage.service.tokens().authenticate(secret.as_bytes(), request()).await.unwrap()
            } else {
                stage.browser(&ada.email).await
            };
            let (what, filter) = (EntryKind::Events, AuditFilter::default());
            stage.pass_millis(1);
            let export = || stage.service.audit().export(&reader, what, &filter, ExportFormat::Ndjson);
            assert!(export().await.unwrap().next_chunk().await.unwrap().is_some());
            let mut running = export().await.unwrap();
            match loss {
                "role" => identity.members().set_roles(&admin, ada.id, RoleSet::of(&[Role::Power])).await.unwrap(),
                "member" => identity.members().disable(&admin, ada.id).await.unwrap(),
                "session" => identity.sign_member_out(&admin, ada.id).await.unwrap(),
                _ => stage.service.tokens().revoke_by_secret(secret.as_bytes(), request()).await.unwrap(),
            }
            assert!(matches!(running.next_chunk().await, Err(ServiceError::Denied(_))), "{loss}");
        }
    }

    async fn an_event_is_exported_exactly_as_it_is_stored(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        // The export itself is logged as an audit event.
        stage.export(&ada, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await;
        stage.pass_millis(1);
        let listed = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        let RecordedEvent { number, event } = &listed.rows[0];
        let text = stage.export(&ada, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await;
        let (by, request) = (&event.by, &event.by.request);
        let token = by.credential.as_ref().map(|token| json!({"id": token.id, "kind": token.kind.label(), "last4": token.last4}));
        let changes = serde_json::to_string(&event.changes).unwrap();
        let mut actor = json!({"type": by.actor_type, "id": by.actor_id, "name": by.actor_name, "email": by.actor_email});
        if by.actor_email.is_empty() {
            actor.as_object_mut().unwrap().remove("email");
        }
        let mut line = json!({
            "record": "act", "number": number, "at": event.at.to_rfc3339(), "organizationId": event.organization_id,
            "actor": actor, "token": token,
            "request": {
                "id": request.id, "method": request.method, "path": request.path, "address": request.address, "client": request.client,
            },
            "action": event.action.label(),
            "object": {"type": event.object.kind.label(), "id": event.object.id, "name": event.object.name},
            "outcome": event.outcome.label(),
        }).to_string();
        line.pop();
        assert_eq!(text.lines().last(), Some(format!("{line},\"changes\":{changes}}}").as_str()));
        assert_ne!(event.changes, []);
    }

    async fn a_corrupt_event_fails_the_export(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        stage.database.tamper("UPDATE audit_event SET changes = '}' WHERE number = 2").await;
        stage.pass_millis(1);
        let mut export = stage.service.audit().export(&ada, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await.unwrap();
        assert!(matches!(export.next_chunk().await, Err(ServiceError::Internal(_))));
    }

    async fn a_csv_export_has_a_header_and_no_executable_cells(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let system = stage.service.system_caller().await.unwrap();
        let new = NewMember {
            email: "mallory@example.com".to_owned(),
            full_name: "=cmd|'/C calc'!A0".to_owned(),
            password: PASSWORD.to_owned(),
            roles: RoleSet::of(&[Role::Power]),
        };
        stage.service.identity().members().create(&system, &new).await.unwrap();
        stage.pass_millis(1);
        let filter = AuditFilter { kind: Some(ObjectType::Member), ..AuditFilter::default() };
        let text = stage.export(&ada, EntryKind::Events, &filter, ExportFormat::Csv).await;
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(rows.headers().unwrap().get(16), Some("objectName"));
        let names: Vec<_> = rows.records().map(|row| row.unwrap()[16].to_owned()).collect();
        assert_eq!(names, ["Ada", "'=cmd|'/C calc'!A0"]);
        let none = AuditFilter { kind: Some(ObjectType::Chart), ..AuditFilter::default() };
        assert!(stage.export(&ada, EntryKind::Events, &none, ExportFormat::Csv).await.starts_with("record,at,number,"));
        let calls = stage.export(&ada, EntryKind::Calls, &none, ExportFormat::Csv).await;
        assert_eq!(calls.lines().count(), 1);
    }

    async fn a_large_export_is_one_continuous_text(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let rejected = DeniedOperation { action: Action::Create, kind: ObjectType::Team, id: None, name: String::new() };
        for _ in 0..2_050 {
            stage.service.audit().record_denial(&ada, rejected.clone()).await.unwrap();
        }
        stage.pass_millis(1);
        let filter = AuditFilter { kind: Some(ObjectType::Team), ..AuditFilter::default() };
        let exported = lines(&stage.export(&ada, EntryKind::Events, &filter, ExportFormat::Ndjson).await);
        assert_eq!(exported.len(), 2_050);
        let table = stage.export(&ada, EntryKind::Events, &filter, ExportFormat::Csv).await;
        assert_eq!(table.lines().filter(|line| line.starts_with("record,")).count(), 1);
        assert_eq!(table.lines().count(), 2_051);
    }

    async fn members_without_permission_cannot_export(database: Database) {
        let stage = Stage::set_up(database).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let rejected = stage.service.audit().export(&grace, EntryKind::Events, &AuditFilter::default(), ExportFormat::Csv).await;
        assert!(matches!(rejected, Err(ServiceError::Denied(_))));
        let system = stage.service.system_caller().await.unwrap();
        stage.pass_millis(1);
        assert!(!stage.export(&system, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await.is_empty());
    }

    async fn a_logged_denial_names_its_object_and_is_not_a_change(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let rejected = DeniedOperation { action: Action::Grant, kind: ObjectType::Member, id: Some(ada.actor().id()), name: String::new() };
        stage.service.audit().record_denial(&grace, rejected).await.unwrap();
        let newest = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        let event = &newest.rows[0].event;
        assert_eq!((event.outcome, event.object.name.as_str(), event.by.actor_name.as_str()), (Outcome::Denied, "Ada", "Grace"));
        let info = stage.info(&ada, ObjectType::Member, ada.actor().id()).await.unwrap();
        assert_eq!(info.updated.unwrap().actor_name, "Countersign");
    }
}
