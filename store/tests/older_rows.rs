//! Rows that an earlier version stored: they are read, and their hashed text stays as that version hashed it.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

use domain::{
    audit::{
        event::ActorType,
        query::{AuditPosition, PageDirection},
    },
    identity::credential::TokenKind,
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};
use sqlx::{
    ConnectOptions, Connection, Executor as _, PgConnection, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};
use store::{CallFilter, CallWalk, EventFilter, Store};
use testbed::Database;

/// The migration that adds the name of tokens to events.
const TOKEN_NAMES: i64 = 31;

const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(7));

/// An event with a user token, and one with an org token.
const EVENTS: &str = "INSERT INTO audit_event (number, at, organization_id, actor_type, actor_id, actor_name, \
    actor_email, token_id, token_kind, token_last4, request_id, method, path, address, client, action, object_type, \
    object_id, object_name, outcome, changes) VALUES \
    (1, 5, 'AAAAAAAAAAc', 'USER', 'AAAAAAAAAAE', 'Ada', 'ada@example.com', 'AAAAAAAAAAI', 'UI', 'kP4w', \
     'AAAAAAAAAAM', 'POST', '/v2/team', '203.0.113.7', 'curl', 'create', 'team', 'AAAAAAAAAAQ', 'SRE', 'done', '[]'), \
    (2, 6, 'AAAAAAAAAAc', 'ORG_TOKEN', 'AAAAAAAAAAU', 'ci', '', 'AAAAAAAAAAU', 'ORG', 'Bc4w', \
     'AAAAAAAAAAY', 'PUT', '/v2/team/x', '', '', 'update', 'team', 'AAAAAAAAAAQ', 'SRE', 'done', '[]')";

/// The first event as the earlier version hashed it.
const HASHED: &str = r#"["audit_event",{"number":1,"at":5,"organization_id":"AAAAAAAAAAc","actor_type":"USER","actor_id":"AAAAAAAAAAE","actor_name":"Ada","actor_email":"ada@example.com","token_id":"AAAAAAAAAAI","token_kind":"UI","token_last4":"kP4w","request_id":"AAAAAAAAAAM","method":"POST","path":"/v2/team","address":"203.0.113.7","client":"curl","action":"create","object_type":"team","object_id":"AAAAAAAAAAQ","object_name":"SRE","outcome":"done","changes":"[]"}]"#;

/// Calls of a user, of an org token, and with an unknown token.
const CALLS: &str = r#"INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls) VALUES
    (1, FALSE, 0, 2, 3, '[["AAAAAAAAAAc","AAAAAAAAAAE","ada@example.com","AAAAAAAAAAI","UI","203.0.113.7","curl"],["AAAAAAAAAAc","AAAAAAAAAAU","ci","AAAAAAAAAAU","ORG","",""],[null,null,"",null,null,"192.0.2.9","","00ff00ff00ff"]]',
     '[["GET","/v2/team",null]]', '[[0,0,0,200,10,20,1],[1,1,0,200,10,20,2],[2,2,0,401,10,20,3]]')"#;

fn earlier(mut migrator: Migrator) -> Migrator {
    let steps = migrator.migrations.iter();
    let earlier: Vec<_> = steps
        .filter(|step| step.version < TOKEN_NAMES)
        .cloned()
        .collect();
    migrator.migrations = earlier.into();
    migrator
}

/// Fills the schema of the earlier version with its rows, and opens it with this version.
async fn opened(database: &Database) -> Store {
    if let Some(file) = database.url.strip_prefix("sqlite:") {
        let options = SqliteConnectOptions::new().filename(file);
        let mut conn = options.create_if_missing(true).connect().await.unwrap();
        let migrator = earlier(sqlx::migrate!("migrations/sqlite"));
        migrator.run(&mut conn).await.unwrap();
        for rows in [EVENTS, CALLS] {
            conn.execute(rows).await.unwrap();
        }
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(&database.url).await.unwrap();
        let migrator = earlier(sqlx::migrate!("migrations/postgres"));
        migrator.run(&mut conn).await.unwrap();
        for rows in [EVENTS, CALLS] {
            conn.execute(rows).await.unwrap();
        }
        conn.close().await.unwrap();
    }
    Store::open(&database.url).await.unwrap()
}

testbed::on_both! {
    async fn an_event_without_the_name_of_its_token_is_hashed_as_before(database: Database) {
        let store = opened(&database).await;
        let mut read = store.read().await.unwrap();
        let rows = read.list_event_rows(0, 1, 10).await.unwrap();
        assert_eq!(String::from_utf8(rows[0].text.clone()).unwrap(), HASHED);
        let events = read.list_events(&EventFilter::all(ORGANIZATION), PageDirection::NEWEST, 10).await.unwrap();
        let names: Vec<_> = events.into_iter().map(|found| found.event.by.credential.unwrap().name).collect();
        assert_eq!(names, ["ci", ""], "an org token is its own actor");
    }

    async fn calls_without_the_names_of_users_and_tokens_are_read(database: Database) {
        let store = opened(&database).await;
        let all = CallFilter {
            with_unknown_callers: true,
            ..CallFilter::between(ORGANIZATION, Timestamp::from_micros(0), Timestamp::from_micros(9))
        };
        let oldest = PageDirection::Newer(AuditPosition::before(Timestamp::from_micros(0)));
        let calls = store.read().await.unwrap().next_calls(&mut CallWalk::new(all, oldest)).await.unwrap();
        let [user, org_token, unknown] = &calls[..] else { panic!("{calls:?}") };
        let actor = |call: &store::Call| (call.source.actor_type, call.source.actor_name.clone(), call.source.actor_email.clone());
        let ada = "ada@example.com".to_owned();
        assert_eq!(actor(user), (ActorType::User, ada.clone(), ada));
        assert_eq!(actor(org_token), (ActorType::OrgToken, "ci".to_owned(), String::new()));
        assert_eq!(actor(unknown), (ActorType::Unauthenticated, String::new(), String::new()));
        let token = |call: &store::Call| call.source.credential.clone().map(|token| (token.kind, token.name));
        assert_eq!(token(user), Some((TokenKind::Ui, String::new())));
        assert_eq!(token(org_token), Some((TokenKind::Org, "ci".to_owned())));
        assert_eq!((token(unknown), unknown.source.fingerprint.as_str()), (None, "00ff00ff00ff"));
    }
}
