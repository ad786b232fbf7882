//! Taking the record away: whole, in its order, in both forms, for whoever may; and recorded itself.

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
use service::{ExportFormat, NewMember, RecordedEvent, RefusedAct, ServiceError};
use testbed::on_both;

use crate::support::{PASSWORD, Stage};

impl Stage {
    /// All of an export, as text.
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
        while let Some(piece) = export.next_piece().await.unwrap() {
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
    async fn acts_are_taken_away_whole_and_in_their_order_and_that_is_an_act(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        for name in ["Grace", "Karen"] {
            stage.pass_millis(1);
            stage.member(name, Role::Power).await;
        }
        stage.pass_millis(1);
        let told = lines(&stage.export(&ada, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await);
        let numbers: Vec<_> = told.iter().map(|line| line["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=i64::try_from(told.len()).unwrap()).collect::<Vec<_>>());
        let grace = &told[told.len() - 2];
        assert_eq!((&grace["action"], &grace["object"]["name"], &grace["outcome"]), (&"create".into(), &"Grace".into(), &"done".into()));
        assert_eq!(grace["record"], "act");
        let newest = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        let event = &newest.rows[0].event;
        assert_eq!((event.action, event.object.kind, event.object.name.as_str()), (Action::Export, ObjectType::Record, "acts"));
        assert_eq!(event.by.actor_id, ada.actor().id());
        let members = AuditFilter { kind: Some(ObjectType::Member), ..AuditFilter::default() };
        let told = lines(&stage.export(&ada, EntryKind::Events, &members, ExportFormat::Ndjson).await);
        assert_eq!(told.len(), 3);
        let recorded = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        assert!(recorded.rows[0].event.changes.iter().any(|change| change.field == "kind" && change.after == Some("member".into())));
    }

    async fn an_act_is_taken_away_as_it_stands_in_the_record(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        // What is taken away is told of the act itself.
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

    async fn what_is_no_record_any_more_is_not_taken_away_for_one(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        stage.database.tamper("UPDATE audit_event SET changes = '}' WHERE number = 2").await;
        stage.pass_millis(1);
        let mut export = stage.service.audit().export(&ada, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await.unwrap();
        assert!(matches!(export.next_piece().await, Err(ServiceError::Internal(_))));
    }

    async fn a_table_has_a_line_of_names_and_runs_nothing(database: Database) {
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
        assert_eq!(rows.headers().unwrap().get(15), Some("objectName"));
        let names: Vec<_> = rows.records().map(|row| row.unwrap()[15].to_owned()).collect();
        assert_eq!(names, ["Ada", "'=cmd|'/C calc'!A0"]);
        let none = AuditFilter { kind: Some(ObjectType::Chart), ..AuditFilter::default() };
        assert!(stage.export(&ada, EntryKind::Events, &none, ExportFormat::Csv).await.starts_with("record,at,number,"));
        let calls = stage.export(&ada, EntryKind::Calls, &none, ExportFormat::Csv).await;
        assert_eq!(calls.lines().count(), 1);
    }

    async fn a_record_of_many_pieces_is_one_text(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let refused = RefusedAct { action: Action::Create, kind: ObjectType::Team, id: None, name: String::new() };
        for _ in 0..2_050 {
            stage.service.audit().record_denial(&ada, refused.clone()).await.unwrap();
        }
        stage.pass_millis(1);
        let filter = AuditFilter { kind: Some(ObjectType::Team), ..AuditFilter::default() };
        let told = lines(&stage.export(&ada, EntryKind::Events, &filter, ExportFormat::Ndjson).await);
        assert_eq!(told.len(), 2_050);
        let table = stage.export(&ada, EntryKind::Events, &filter, ExportFormat::Csv).await;
        assert_eq!(table.lines().filter(|line| line.starts_with("record,")).count(), 1);
        assert_eq!(table.lines().count(), 2_051);
    }

    async fn others_take_nothing_away(database: Database) {
        let stage = Stage::set_up(database).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let refused = stage.service.audit().export(&grace, EntryKind::Events, &AuditFilter::default(), ExportFormat::Csv).await;
        assert!(matches!(refused, Err(ServiceError::Denied(_))));
        let system = stage.service.system_caller().await.unwrap();
        stage.pass_millis(1);
        assert!(!stage.export(&system, EntryKind::Events, &AuditFilter::default(), ExportFormat::Ndjson).await.is_empty());
    }

    async fn a_refusal_names_what_it_was_about_and_changes_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let refused = RefusedAct { action: Action::Grant, kind: ObjectType::Member, id: Some(ada.actor().id()), name: String::new() };
        stage.service.audit().record_denial(&grace, refused).await.unwrap();
        let newest = stage.service.audit().list_events(&ada, &AuditFilter::default(), PageDirection::NEWEST, 1).await.unwrap();
        let event = &newest.rows[0].event;
        assert_eq!((event.outcome, event.object.name.as_str(), event.by.actor_name.as_str()), (Outcome::Denied, "Ada", "Grace"));
        let info = stage.info(&ada, ObjectType::Member, ada.actor().id()).await.unwrap();
        assert_eq!(info.updated.actor_name, "Countersign");
    }
}
