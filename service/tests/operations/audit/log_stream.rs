//! Export of a log for programs: complete, in order, filtered, continued from a cursor, and only for those who may.

use domain::{
    audit::{
        event::{Action, ObjectType},
        query::{AuditFilter, EntryKind},
    },
    identity::{actor::Caller, role::Role},
    tokens::org_token::Rotation,
};
use serde_json::{Value, json};
use service::{LogCursor, ServiceError};
use testbed::on_both;

use crate::support::{START, Stage, call, request};

impl Stage {
    /// An org token that may export the logs, as a caller.
    pub(crate) async fn log_reader(&self) -> Caller {
        let system = self.service.system_caller().await.unwrap();
        let given = json!({"name": "siem", "authScopes": ["AUDIT"]});
        let tokens = self.service.tokens();
        let issued = tokens
            .org()
            .issue(&system, given.as_object().unwrap())
            .await
            .unwrap();
        let secret = issued.secret.unwrap();
        tokens
            .authenticate_log_reader(secret.as_str().as_bytes(), request())
            .await
            .unwrap()
    }

    /// All lines of an export, and whether the last line states that it is complete.
    async fn stream(
        &self,
        caller: &Caller,
        log: EntryKind,
        filter: &AuditFilter,
        cursor: LogCursor,
    ) -> (Vec<Value>, LogCursor) {
        let mut stream = self
            .service
            .audit()
            .stream_log(caller, log, filter, cursor)
            .await
            .unwrap();
        let mut lines: Vec<Value> = Vec::new();
        while let Some(chunk) = stream.next_chunk().await.unwrap() {
            let text = String::from_utf8(chunk).unwrap();
            lines.extend(
                text.lines()
                    .map(|line| serde_json::from_str::<Value>(line).unwrap()),
            );
        }
        let last = lines.last().unwrap();
        assert_eq!(
            (&last["record"], &last["complete"]),
            (&json!("cursor"), &json!(true))
        );
        let cursor = LogCursor::parse(log, last["cursor"].as_str().unwrap()).unwrap();
        lines.retain(|line| line["record"] != "cursor");
        (lines, cursor)
    }
}

fn numbers(lines: &[Value]) -> Vec<i64> {
    lines
        .iter()
        .map(|line| line["number"].as_i64().unwrap())
        .collect()
}

fn clients(lines: &[Value]) -> Vec<&str> {
    let clients = lines.iter().map(|line| line["request"]["client"].as_str());
    clients.map(Option::unwrap).collect()
}

on_both! {
    async fn events_are_streamed_once_over_many_exports(database: Database) {
        let stage = Stage::set_up(database).await;
        let reader = stage.log_reader().await;
        let all = AuditFilter::default();
        let (first, cursor) = stage.stream(&reader, EntryKind::Events, &all, LogCursor::Event(0)).await;
        let count = i64::try_from(first.len()).unwrap();
        assert_eq!((numbers(&first), cursor), ((1..=count).collect(), LogCursor::Event(count)));
        // Nothing is behind the cursor but the event of the first export.
        let (second, cursor) = stage.stream(&reader, EntryKind::Events, &all, cursor).await;
        assert_eq!((numbers(&second), cursor), (vec![count + 1], LogCursor::Event(count + 1)));
        let export = &second[0];
        assert_eq!((&export["action"], &export["actor"]["type"], &export["token"]["kind"]), (&json!("export"), &json!("ORG_TOKEN"), &json!("ORG")));
        stage.member("Grace", Role::Power).await;
        // An event that is recorded late has an earlier time, and follows the cursor all the same.
        stage.clock.set(START.plus_seconds(-3_600));
        stage.member("Karen", Role::Power).await;
        let members = AuditFilter { kind: Some(ObjectType::Member), ..all };
        let (third, _) = stage.stream(&reader, EntryKind::Events, &members, cursor).await;
        let names: Vec<_> = third.iter().map(|line| line["object"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Grace", "Karen"]);
    }

    async fn an_export_continues_after_any_line_and_ends_where_it_began(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let all = AuditFilter::default();
        let mut running = stage.service.audit().stream_log(&ada, EntryKind::Events, &all, LogCursor::Event(0)).await.unwrap();
        stage.member("Grace", Role::Power).await;
        let chunk = String::from_utf8(running.next_chunk().await.unwrap().unwrap()).unwrap();
        assert!(!chunk.contains("Grace") && running.next_chunk().await.unwrap().is_none());
        let (everything, _) = stage.stream(&ada, EntryKind::Events, &all, LogCursor::Event(0)).await;
        for (place, line) in everything.iter().enumerate() {
            let after = LogCursor::Event(line["number"].as_i64().unwrap());
            let (rest, _) = stage.stream(&ada, EntryKind::Events, &all, after).await;
            assert_eq!(rest[..everything.len() - place - 1], everything[place + 1..]);
        }
        for (log, beyond) in [(EntryKind::Events, LogCursor::Event(1_000_000)), (EntryKind::Calls, LogCursor::Call { checkpoint: 0, blocks: 1 })] {
            let beyond = stage.service.audit().stream_log(&ada, log, &all, beyond).await;
            assert!(matches!(beyond, Err(ServiceError::Rejected(_))), "the database was replaced by an older one");
        }
        let from = AuditFilter { from: Some(START.plus_seconds(1)), ..all };
        stage.pass_millis(1_500);
        stage.member("Karen", Role::Power).await;
        let (late, _) = stage.stream(&ada, EntryKind::Events, &from, LogCursor::Event(0)).await;
        assert_eq!(late.len(), 1, "{late:?}");
    }

    async fn calls_are_streamed_as_checkpoints_cover_them(database: Database) {
        let stage = Stage::set_up(database).await;
        let reader = stage.log_reader().await;
        let audit = stage.service.audit();
        let start = LogCursor::start(EntryKind::Calls);
        let all = AuditFilter::default();
        audit.record_call(call("first", START, 1));
        let (none, _) = stage.stream(&reader, EntryKind::Calls, &all, start).await;
        assert_eq!(none.len(), 0, "no checkpoint covers the call");
        audit.make_checkpoints().await.unwrap();
        let (first, cursor) = stage.stream(&reader, EntryKind::Calls, &all, start).await;
        assert_eq!(clients(&first), ["first"]);
        // A call that is stored late has an earlier time, and follows the cursor all the same.
        audit.record_call(call("second", START.plus_seconds(-60), 2));
        audit.make_checkpoints().await.unwrap();
        let (second, _) = stage.stream(&reader, EntryKind::Calls, &all, cursor).await;
        assert_eq!(clients(&second), ["second"]);
        let (both, _) = stage.stream(&reader, EntryKind::Calls, &all, start).await;
        assert_eq!(clients(&both), ["first", "second"]);
        let from = AuditFilter { from: Some(START), ..all };
        let (filtered, _) = stage.stream(&reader, EntryKind::Calls, &from, start).await;
        assert_eq!(clients(&filtered), ["first"]);
    }

    async fn a_start_time_skips_what_earlier_checkpoints_cover_and_nothing_else(database: Database) {
        let stage = Stage::set_up(database).await;
        let reader = stage.log_reader().await;
        let audit = stage.service.audit();
        for minute in 0..12_i64 {
            stage.clock.set(START.plus_seconds(minute * 60));
            let number = u64::try_from(minute).unwrap() + 1;
            audit.record_call(call(&format!("call {minute}"), stage.clock.now(), number));
            audit.make_checkpoints().await.unwrap();
        }
        let start = LogCursor::start(EntryKind::Calls);
        for minute in 0..14_i64 {
            let filter = AuditFilter { from: Some(START.plus_seconds(minute * 60)), ..AuditFilter::default() };
            let (calls, _) = stage.stream(&reader, EntryKind::Calls, &filter, start).await;
            let expected: Vec<_> = (minute..12).map(|minute| format!("call {minute}")).collect();
            assert_eq!(clients(&calls), expected, "{minute}");
        }
    }

    async fn an_org_token_that_ends_ends_its_export(database: Database) {
        let stage = Stage::set_up(database).await;
        let reader = stage.log_reader().await;
        let system = stage.service.system_caller().await.unwrap();
        let org = stage.service.tokens().org().clone();
        let all = AuditFilter::default();
        let begin = || stage.service.audit().stream_log(&reader, EntryKind::Events, &all, LogCursor::Event(0));
        let mut running = begin().await.unwrap();
        assert!(begin().await.unwrap().next_chunk().await.unwrap().is_some());
        org.rotate(&system, "siem", Rotation::parse(None, None).unwrap()).await.unwrap();
        assert!(matches!(running.next_chunk().await, Err(ServiceError::Denied(_))), "its secret was replaced");
        let mut running = begin().await.unwrap();
        org.delete(&system, "siem").await.unwrap();
        assert!(matches!(running.next_chunk().await, Err(ServiceError::Denied(_))), "it was deleted");
    }

    async fn only_administrators_and_org_tokens_for_it_stream_a_log(database: Database) {
        let stage = Stage::set_up(database).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let all = AuditFilter::default();
        let denied = stage.service.audit().stream_log(&grace, EntryKind::Events, &all, LogCursor::Event(0)).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))));
        let reader = stage.log_reader().await;
        stage.stream(&reader, EntryKind::Calls, &all, LogCursor::start(EntryKind::Calls)).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let exports = AuditFilter { action: Some(Action::Export), ..all };
        let (lines, _) = stage.stream(&ada, EntryKind::Events, &exports, LogCursor::Event(0)).await;
        let [recorded] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((&recorded["object"]["name"], &recorded["changes"][1]["after"]), (&json!("calls"), &json!("0.0")));
    }
}
