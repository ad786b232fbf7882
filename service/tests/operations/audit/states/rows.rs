//! An organization with rows in each table, and what changes of them with SQL must lead to.

use domain::identity::{actor::Caller, member::InvitationDraft, role::Role};
use serde_json::json;
use service::{StateDeviation, StateFinding};
use testbed::Database;

use crate::{
    objects::support::{document, user_id},
    support::Stage,
};

/// An organization with rows in each table.
pub(super) struct Rows {
    pub(super) stage: Stage,
    pub(super) ada: Caller,
}

impl Rows {
    pub(super) async fn of(database: Database) -> Self {
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
    pub(super) async fn text(&self, query: &str) -> String {
        let found = self.stage.database.texts(query).await;
        found
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{query}"))
    }

    pub(super) async fn findings(&self) -> Vec<StateFinding> {
        let verdict = self.stage.service.audit().verify_states().await.unwrap();
        assert!(verdict.rows > 0 && !verdict.is_start_forged);
        verdict.findings
    }

    /// What statements do to a row is found, and nothing else.
    pub(super) async fn assert_found(
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
    pub(super) async fn assert_named(
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
