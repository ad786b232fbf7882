//! A row that was changed, added, removed or put back with SQL is found by a comparison with the audit log, and named
//! with its table, id and field. Every test of a stage also compares at its end that an honest history deviates nowhere.

mod rows;
mod upkeep;

use domain::identity::role::Role;
use serde_json::json;
use service::StateDeviation;
use testbed::on_both;

use self::rows::Rows;
use crate::support::request;

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
}
