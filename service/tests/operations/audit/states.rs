//! A row that was changed, added, removed or put back with SQL is found by a comparison with the audit log, and named
//! with its table, id and field. Every test of a stage also compares at its end that an honest history deviates nowhere.

use domain::identity::{actor::Caller, member::InvitationDraft, role::Role};
use serde_json::json;
use service::{FaultKind, KeepDays, Service, StateDeviation, StateFinding};
use testbed::{Database, on_both};
use tokio::task::JoinSet;

use crate::{
    objects::support::{document, user_id},
    support::{Stage, request, settings},
};

/// An organization with rows in each table.
struct Rows {
    stage: Stage,
    ada: Caller,
}

impl Rows {
    async fn of(database: Database) -> Self {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let grace = stage.caller("Grace", Role::Power).await;
        let members = json!([user_id(&ada).to_string(), user_id(&grace).to_string()]);
        let team = document(json!({"name": "Operators", "members": members}));
        stage
            .service
            .identity()
            .teams()
            .create(&ada, &team)
            .await
            .unwrap();
        let pager = document(json!({"type": "PagerDuty", "name": "pager", "apiKey": "hunter2"}));
        stage
            .service
            .integrations()
            .create(&ada, &pager)
            .await
            .unwrap();
        stage.org_token(&ada, "agent", Role::Power).await;
        let reader = json!([{"principalId": user_id(&ada).to_string(), "principalType": "USER", "actions": ["READ", "WRITE"]}]);
        let group = json!({"name": "Machines", "permissions": {"acl": reader}});
        stage.group(&ada, group).await;
        let draft = InvitationDraft::read(&document(json!({"email": "new@example.com"}))).unwrap();
        let browser = stage.browser("ada@example.com").await;
        stage
            .service
            .identity()
            .invitations()
            .invite(&browser, &draft)
            .await
            .unwrap();
        Self { stage, ada }
    }

    /// The text that a query selects.
    async fn text(&self, query: &str) -> String {
        let found = self.stage.database.texts(query).await;
        found
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{query}"))
    }

    async fn findings(&self) -> Vec<StateFinding> {
        let verdict = self.stage.service.audit().verify_states().await.unwrap();
        assert!(verdict.rows > 0 && !verdict.is_start_forged);
        verdict.findings
    }

    /// What statements do to a row is found, and nothing else.
    async fn assert_found(
        &self,
        table: &'static str,
        id: &str,
        statement: &str,
        expected: impl Fn(&StateDeviation) -> bool,
    ) {
        self.stage.database.tamper(statement).await;
        let found = self.findings().await;
        let [finding] = &found[..] else {
            panic!("{statement}: {found:?}")
        };
        assert_eq!((finding.table, &*finding.id), (table, id), "{statement}");
        assert!(expected(&finding.deviation), "{statement}: {finding}");
    }

    /// Sets a field of a row to a value, which is found, and back.
    async fn assert_named(
        &self,
        table: &'static str,
        row: &str,
        id: &str,
        field: &str,
        value: &str,
    ) {
        let before =
            format!("CREATE TABLE kept AS SELECT {field} AS kept FROM {table} WHERE {row}");
        self.stage.database.tamper(&before).await;
        let statement = format!("UPDATE {table} SET {field} = {value} WHERE {row}");
        let is_named = |deviation: &StateDeviation| matches!(deviation, StateDeviation::Changed { fields, event } if fields[..] == [field] && *event > 0);
        self.assert_found(table, id, &statement, is_named).await;
        let back = format!("UPDATE {table} SET {field} = (SELECT kept FROM kept) WHERE {row}");
        self.stage.database.tamper(&back).await;
        self.stage.database.tamper("DROP TABLE kept").await;
        assert_eq!(self.findings().await, [], "undone: {statement}");
    }
}

on_both! {
    async fn an_edited_field_of_any_table_is_named(database: Database) {
        let rows = Rows::of(database).await;
        assert_eq!(rows.findings().await, []);
        let digest = rows.stage.database.bytes_literal(&"07".repeat(32));
        let of_kind = |kind: &str| format!("kind = '{kind}'");
        let agent = "name = 'agent'".to_owned();
        let grace = "email = 'grace@example.com'".to_owned();
        for (table, row, fields) in [
            ("object", of_kind("integration"), vec![
                ("created_via", "'{}'"), ("created_by", "'AAAAAAAAAAE'"), ("updated_via", "'{}'"), ("updated_at", "1"),
                ("document", "'{\"a\":1}'"), ("name", "'other'"), ("kind", "'chart'"),
            ]),
            ("object", of_kind("dashboardgroup"), vec![
                ("restricted", "FALSE"), ("access_id", "NULL"), ("protection", "'{}'"), ("created_via", "'{}'"),
            ]),
            ("object", of_kind("team"), vec![("document", "'{\"a\":1}'"), ("updated_by", "'AAAAAAAAAAE'")]),
            ("member", grace.clone(), vec![
                ("roles", "'admin'"), ("password_hash", "'$argon2id$'"), ("created_by", "'AAAAAAAAAAE'"),
                ("email", "'mallory@example.com'"), ("disabled_at", "1"), ("removed_at", "1"),
            ]),
            ("token", "user_id = (SELECT id FROM member WHERE email = 'grace@example.com')".to_owned(), vec![
                ("user_id", "(SELECT id FROM member WHERE email = 'ada@example.com')"), ("digest", &digest),
                ("expires_at", "9000000000000000"), ("ended_at", "1"), ("created_at", "1"),
            ]),
            ("org_token", agent.clone(), vec![
                ("role", "'admin'"), ("auth_scopes", "'API,INGEST'"), ("disabled", "TRUE"), ("acl", "'[{}]'"),
                ("document", "'{\"a\":1}'"), ("created_via", "'{}'"), ("expires_at", "9000000000000000"),
            ]),
            ("session", "TRUE".to_owned(), vec![("created_at", "1"), ("expires_at", "9000000000000000")]),
            ("invitation", "TRUE".to_owned(), vec![("roles", "'admin'"), ("digest", &digest)]),
        ] {
            for (field, value) in fields {
                let id = rows.text(&format!("SELECT id FROM {table} WHERE {row}")).await;
                let row = format!("id = '{id}'");
                rows.assert_named(table, &row, &id, field, value).await;
            }
        }
        let id = rows.text("SELECT id FROM org_token").await;
        for (field, value) in [("digest", &*digest), ("expires_at", "9000000000000000"), ("last4", "'0000'")] {
            rows.assert_named("org_token_secret", &format!("org_token_id = '{id}'"), &id, field, value).await;
        }
    }

    async fn a_revoked_token_that_is_revived_is_named(database: Database) {
        let rows = Rows::of(database).await;
        let secret = rows.stage.token("grace@example.com").await;
        rows.stage.service.tokens().revoke_by_secret(secret.as_bytes(), request()).await.unwrap();
        let id = rows.text("SELECT id FROM token WHERE ended_at IS NOT NULL").await;
        assert_eq!(rows.findings().await, []);
        let revive = format!("UPDATE token SET ended_at = NULL, end_reason = NULL WHERE id = '{id}'");
        rows.assert_found("token", &id, &revive, |deviation| {
            matches!(deviation, StateDeviation::Changed { fields, .. } if fields[..] == ["ended_at", "end_reason"])
        }).await;
    }

    async fn an_added_row_is_named(database: Database) {
        let rows = Rows::of(database).await;
        for statement in [
            "CREATE TABLE copy AS SELECT * FROM member WHERE email = 'ada@example.com'",
            "UPDATE copy SET id = 'AAAAAAAAAAE', email = 'mallory@example.com'",
        ] {
            rows.stage.database.tamper(statement).await;
        }
        let is_added = |deviation: &StateDeviation| *deviation == StateDeviation::Added;
        rows.assert_found("member", "AAAAAAAAAAE", "INSERT INTO member SELECT * FROM copy", is_added).await;
    }

    async fn an_added_membership_is_named(database: Database) {
        let rows = Rows::of(database).await;
        let mary = rows.stage.member("Mary", Role::ReadOnly).await.id;
        let team = rows.text("SELECT id FROM object WHERE kind = 'team'").await;
        let add = format!("INSERT INTO team_member (team_id, user_id, joined_at) VALUES ('{team}', '{mary}', 1)");
        let is_added = |deviation: &StateDeviation| *deviation == StateDeviation::Added;
        rows.assert_found("team_member", &format!("{team}/{mary}"), &add, is_added).await;
    }

    async fn an_added_and_a_removed_reader_are_named(database: Database) {
        let rows = Rows::of(database).await;
        let id = rows.text("SELECT object_id FROM acl_entry").await;
        let is_named = |deviation: &StateDeviation| {
            matches!(deviation, StateDeviation::Changed { fields, .. } if fields[..] == ["acl_entry"])
        };
        let add = format!("INSERT INTO acl_entry (object_id, principal_id) VALUES ('{id}', 'AAAAAAAAAAE')");
        rows.assert_found("object", &id, &add, is_named).await;
        rows.assert_found("object", &id, "DELETE FROM acl_entry", is_named).await;
    }

    async fn a_removed_row_is_named(database: Database) {
        let rows = Rows::of(database).await;
        for (table, query, condition) in [
            ("team_member", "SELECT team_id || '/' || user_id FROM team_member ORDER BY user_id", "team_id || '/' || user_id"),
            ("object", "SELECT id FROM object WHERE kind = 'integration'", "id"),
            ("token", "SELECT id FROM token ORDER BY id", "id"),
        ] {
            let before = rows.findings().await;
            let id = rows.text(query).await;
            rows.stage.database.tamper(&format!("DELETE FROM {table} WHERE {condition} = '{id}'")).await;
            let mut found = rows.findings().await;
            found.retain(|finding| !before.contains(finding));
            let [finding] = &found[..] else { panic!("{table}: {found:?}") };
            assert_eq!((finding.table, &finding.id), (table, &id));
            assert!(matches!(finding.deviation, StateDeviation::Removed { .. }), "{finding}");
        }
    }

    async fn a_deleted_row_that_is_put_back_is_named(database: Database) {
        let rows = Rows::of(database).await;
        let made = rows.stage.dashboard(&rows.ada, json!({"name": "CPU"})).await;
        let copy = format!("CREATE TABLE copy AS SELECT * FROM object WHERE id = '{}'", made.id);
        rows.stage.database.tamper(&copy).await;
        rows.stage.service.objects().delete_dashboard(&rows.ada, made.id).await.unwrap();
        assert_eq!(rows.findings().await, []);
        let is_back = |deviation: &StateDeviation| matches!(deviation, StateDeviation::Returned { .. });
        rows.stage.database.tamper("UPDATE copy SET parent_id = NULL, access_id = NULL").await;
        rows.assert_found("object", &made.id.to_string(), "INSERT INTO object SELECT * FROM copy", is_back).await;
    }

    async fn a_stamp_that_was_edited_before_an_honest_change_is_still_named(database: Database) {
        let rows = Rows::of(database).await;
        let made = rows.stage.dashboard(&rows.ada, json!({"name": "CPU"})).await;
        let edit = format!("UPDATE object SET created_via = updated_via, created_by = 'AAAAAAAAAAE' WHERE id = '{}'", made.id);
        rows.stage.database.tamper(&edit).await;
        rows.stage.put(&rows.ada, &made, json!({"name": "Memory"})).await.unwrap();
        let found = rows.findings().await;
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert!(
            matches!(&finding.deviation, StateDeviation::ChangedBefore { fields, .. } if fields[..] == ["created_by"]),
            "{finding}"
        );
    }

    async fn a_state_without_its_mac_is_not_believed(database: Database) {
        let rows = Rows::of(database).await;
        let id = rows.text("SELECT id FROM member WHERE email = 'grace@example.com'").await;
        let number = rows.text(&format!("SELECT CAST(MAX(number) AS TEXT) FROM audit_event WHERE state LIKE '%member:{id}:%'")).await;
        let forge = format!("UPDATE audit_event SET state = replace(state, 'member:{id}', 'member:{id}x') WHERE number = {number}");
        rows.assert_found("member", &id, &forge, |deviation| *deviation == StateDeviation::Added).await;
    }

    async fn rows_are_compared_in_ranges_that_fit_in_memory(database: Database) {
        let rows = Rows::of(database).await;
        let audit = rows.stage.service.audit();
        let all = audit.verify_states().await.unwrap();
        for most in [1, 3] {
            assert_eq!(audit.verify_states_in_ranges_of(most).await.unwrap(), all);
        }
        rows.stage.database.tamper("UPDATE token SET expires_at = 9000000000000000").await;
        rows.stage.database.tamper("UPDATE member SET title = 'x'").await;
        let all = audit.verify_states().await.unwrap();
        assert!(all.findings.len() > 3);
        assert_eq!(audit.verify_states_in_ranges_of(2).await.unwrap(), all);
    }

    async fn rows_of_an_earlier_version_get_their_states_once(database: Database) {
        let rows = Rows::of(database).await;
        rows.stage.service.close().await.unwrap();
        rows.stage.database.tamper("DELETE FROM row_state_start").await;
        rows.stage.database.tamper("UPDATE audit_event SET state = NULL").await;
        let open = async || Service::open(settings(&rows.stage.database, &rows.stage.clock)).await.unwrap();
        let service = open().await;
        let verdict = service.audit().verify_states().await.unwrap();
        assert_eq!((verdict.findings, verdict.is_start_forged), (Vec::new(), false));
        service.close().await.unwrap();

        rows.stage.database.tamper("UPDATE member SET roles = 'admin' WHERE email = 'grace@example.com'").await;
        let service = open().await;
        let verdict = service.audit().verify_states().await.unwrap();
        assert_eq!(verdict.findings.len(), 1, "{:?}", verdict.findings);
        service.close().await.unwrap();

        rows.stage.database.tamper("DELETE FROM row_state_start").await;
        let service = open().await;
        let verdict = service.audit().verify_states().await.unwrap();
        assert_eq!((verdict.findings.len(), verdict.is_start_forged), (1, true));
        let faults = service.list_database_faults().await.unwrap();
        assert!(faults.iter().any(|fault| fault.kind == FaultKind::StateDiffers), "{faults:?}");
        service.close().await.unwrap();
    }

    async fn states_outlive_the_events_that_retention_removes(database: Database) {
        let rows = Rows::of(database).await;
        let made = rows.stage.dashboard(&rows.ada, json!({"name": "CPU"})).await;
        let keep = KeepDays { events: Some(30), calls: None, ended: Some(90) };
        for day in 0..5 {
            rows.stage.put(&rows.ada, &made, json!({"name": format!("CPU {day}")})).await.unwrap();
            rows.stage.service.audit().make_checkpoints().await.unwrap();
            rows.stage.pass_millis(40 * 86_400_000);
            rows.stage.service.remove_old_rows(keep).await.unwrap();
            assert_eq!(rows.findings().await, [], "day {day}");
        }
        let oldest = rows.stage.number("SELECT CAST(MIN(number) AS TEXT) FROM audit_event").await;
        assert!(oldest > 10, "events were removed: {oldest}");
        let edit = "UPDATE member SET roles = 'admin' WHERE email = 'grace@example.com'";
        let id = rows.text("SELECT id FROM member WHERE email = 'grace@example.com'").await;
        rows.assert_found("member", &id, edit, |deviation| {
            matches!(deviation, StateDeviation::Changed { fields, .. } if fields[..] == ["roles"])
        }).await;
    }

    async fn three_nodes_that_change_rows_at_once_deviate_nowhere(database: Database) {
        let rows = Rows::of(database).await;
        let nodes = [rows.stage.service.clone(), rows.stage.another_node().await, rows.stage.another_node().await];
        let mut changing = JoinSet::new();
        for (index, node) in nodes.iter().cloned().enumerate() {
            let ada = rows.ada.clone();
            changing.spawn(async move {
                for number in 0..12 {
                    let given = document(json!({"name": format!("CPU {index} {number}")}));
                    let made = node.objects().create_dashboard(&ada, &given).await.unwrap();
                    if number % 3 == 0 {
                        node.objects().delete_dashboard(&ada, made.id).await.unwrap();
                    }
                }
            });
        }
        while !changing.is_empty() {
            assert_eq!(rows.findings().await, []);
            changing.join_next().await.transpose().unwrap();
        }
        assert_eq!(rows.findings().await, []);
        for node in &nodes[1..] {
            node.close().await.unwrap();
        }
    }

    async fn a_check_reports_rows_until_an_operator_confirms(database: Database) {
        let rows = Rows::of(database).await;
        let service = &rows.stage.service;
        service.audit().check_all_states().await.unwrap();
        assert_eq!(service.list_database_faults().await.unwrap(), []);
        rows.stage.database.tamper("UPDATE member SET roles = 'admin' WHERE email = 'grace@example.com'").await;
        service.audit().check_all_states().await.unwrap();
        let faults = service.list_database_faults().await.unwrap();
        assert_eq!((faults.len(), faults[0].kind), (1, FaultKind::StateDiffers));
        assert!(faults[0].detail.contains("of member: roles is not what it was after event"), "{}", faults[0].detail);
        let measured = service.usage().measures().await.state_deviations;
        assert_eq!(measured.map(|(deviations, _)| deviations), Some(1));
    }

    async fn an_older_copy_is_reported_with_the_first_checkpoint_that_it_lacks(database: Database) {
        let rows = Rows::of(database).await;
        let stage = &rows.stage;
        let file = stage.database.folder.path().join("checkpoints.ndjson");
        let missing = async |service: &Service| service.audit().find_missing_checkpoint(&file).await.unwrap();
        assert_eq!(missing(&stage.service).await, None, "there is no file yet, and none is created");
        stage.service.audit().make_checkpoints().await.unwrap();
        for name in ["CPU", "Memory"] {
            stage.dashboard(&rows.ada, json!({"name": name})).await;
            stage.service.audit().make_checkpoints().await.unwrap();
        }
        stage.service.close().await.unwrap();
        let node = stage.another_node().await;
        assert_eq!(missing(&node).await, None);
        node.close().await.unwrap();
        stage.database.tamper("DELETE FROM seal WHERE number > 1").await;

        let node = stage.another_node().await;
        assert_eq!(missing(&node).await, Some(2));
        node.close().await.unwrap();
        let node = stage.another_node().await;
        let faults = node.list_database_faults().await.unwrap();
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        assert_eq!(fault.kind, FaultKind::OlderCopy);
        assert!(fault.detail.starts_with("The database lacks checkpoint 2 of the checkpoint file"), "{}", fault.detail);
        node.close().await.unwrap();
    }
}
