//! The database does not grow without limit: small blocks are merged, old rows are removed, space is returned.

use domain::{
    identity::{member::InvitationDraft, role::Role},
    platform::timestamp::Timestamp,
    usage::query::{Grouping, Range, Step},
};
use serde_json::json;
use service::{CallRecord, CallerFilter, KeepDays, UsageQuery};
use testbed::on_both;

use crate::{
    objects::support::document,
    support::{PASSWORD, Stage, call, request},
};

const DAY_MILLIS: i64 = 86_400_000;

const NINETY_DAYS: KeepDays = KeepDays {
    events: None,
    calls: None,
    ended: Some(90),
};

impl Stage {
    /// Stores calls as a server with little traffic does: `blocks` blocks of two calls, a thirtieth of a second apart.
    async fn quiet_traffic(&self, blocks: u64) {
        for block in 0..blocks {
            for number in [2 * block + 1, 2 * block + 2] {
                self.service.audit().record_call(CallRecord {
                    method: "POST",
                    route: "/v2/dashboard/{id}",
                    path: Some("/v2/dashboard/AAAAAAAAAAE".to_owned()),
                    duration_us: 1_234,
                    bytes: 2_345,
                    ..call(
                        "terraform-provider-signalfx/9.7.0",
                        self.clock.now(),
                        u64::MAX - number,
                    )
                });
            }
            self.service.audit().store_calls_of_changes().await;
            self.pass_millis(31);
        }
    }

    /// The calls of the hour from this time.
    async fn counted(&self, step: Step, from: Timestamp) -> Result<i64, String> {
        let admin = self.service.system_caller().await.unwrap();
        let now = self.clock.now();
        let query = UsageQuery {
            range: Range::new(from, from.plus_millis(3_600_000), step, now)
                .map_err(|rejected| rejected.message)?,
            grouping: Grouping::Route,
            callers: CallerFilter::Any,
            token_id: None,
            route: None,
            status_class: None,
            limit: 10,
        };
        let usage = self.service.usage().query(&admin, &query).await.unwrap();
        Ok(usage.total.calls)
    }
}

on_both! {
    async fn small_blocks_become_one_and_each_call_is_counted_verified_and_found_once(database: Database) {
        let stage = Stage::set_up(database).await;
        let began = stage.clock.now();
        stage.quiet_traffic(150).await;
        assert_eq!(stage.counted(Step::Hour, began).await, Ok(300));
        stage.quiet_traffic(150).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let after = stage.number("SELECT CAST(COUNT(*) AS TEXT) FROM call_block").await;
        // Each of the 300 pairs of calls was stored as a block.
        let merges = stage.number("SELECT CAST(value AS TEXT) FROM counter WHERE name = 'block_merge'").await;
        assert!(after <= 30 && merges > 0, "{after} blocks are left after {merges} merges");
        assert_eq!(stage.number("SELECT CAST(SUM(call_count) AS TEXT) FROM call_block").await, 600);
        assert_eq!(stage.counted(Step::Hour, began).await, Ok(600));
        let verdict = stage.service.audit().verify(None).await.unwrap();
        assert_eq!(verdict.findings, []);
        assert_eq!(verdict.uncovered_blocks, 0);
        let bytes = stage.number("SELECT CAST(SUM(LENGTH(sources) + LENGTH(targets) + LENGTH(calls)) AS TEXT) FROM call_block").await;
        assert!(bytes < 60 * 600, "{} bytes for each call", bytes / 600);
        // A merged block is covered by a checkpoint, so a change of it is found.
        stage.database.tamper("UPDATE call_block SET calls = replace(calls, '200', '500')").await;
        assert!(!stage.service.audit().verify(None).await.unwrap().findings.is_empty());
    }

    async fn usage_has_all_calls_and_the_log_verifies_while_another_node_merges(database: Database) {
        let stage = Stage::set_up(database).await;
        let other = stage.another_node().await;
        let began = stage.clock.now();
        for round in 1..=30 {
            stage.quiet_traffic(4).await;
            let checkpoints = async || other.audit().make_checkpoints().await.unwrap();
            let verified = async || stage.service.audit().verify(None).await.unwrap();
            let (counted, verdict, _) = testbed::tokio::join!(stage.counted(Step::Hour, began), verified(), checkpoints());
            assert_eq!(counted, Ok(8 * round));
            assert_eq!(verdict.findings, []);
        }
        let blocks = stage.number("SELECT CAST(COUNT(*) AS TEXT) FROM call_block").await;
        assert!(blocks < 120, "{blocks} of 120 blocks are left");
    }

    async fn counts_per_minute_and_hour_are_removed_and_those_per_day_are_kept(database: Database) {
        let stage = Stage::set_up(database).await;
        let began = Step::Day.begin_of(stage.clock.now());
        let at = stage.clock.now();
        stage.quiet_traffic(3).await;
        assert_eq!(stage.counted(Step::Minute, at).await, Ok(6));
        stage.pass_millis(14 * DAY_MILLIS);
        stage.service.remove_old_rows(NINETY_DAYS).await.unwrap();
        assert_eq!(stage.counted(Step::Minute, at).await, Ok(6), "counts are kept as long as a query may ask for them");
        stage.pass_millis(2 * DAY_MILLIS);
        assert!(stage.service.remove_old_rows(NINETY_DAYS).await.unwrap() > 0);
        assert_eq!(stage.number("SELECT CAST(COUNT(*) AS TEXT) FROM usage_minute").await, 0);
        assert!(stage.counted(Step::Minute, at).await.unwrap_err().contains("14 days"));
        assert_eq!(stage.counted(Step::Hour, at).await, Ok(6));
        stage.pass_millis(400 * DAY_MILLIS);
        assert!(stage.service.remove_old_rows(NINETY_DAYS).await.unwrap() > 0);
        assert_eq!(stage.number("SELECT CAST(COUNT(*) AS TEXT) FROM usage_hour").await, 0);
        assert!(stage.counted(Step::Hour, at).await.unwrap_err().contains("400 days"));
        assert_eq!(stage.counted(Step::Day, began).await, Ok(6));
    }

    async fn tokens_sessions_and_invitations_are_removed_after_they_ended(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Admin).await;
        let administrator = stage.browser(&ada.email).await;
        stage.service.identity().invitations().invite(&administrator, &InvitationDraft::read(&document(json!({"email": "grace@example.com"}))).unwrap()).await.unwrap();
        let idle = stage.token(&ada.email).await;
        let used = stage.token(&ada.email).await;
        let caller = stage.service.tokens().authenticate(used.as_bytes(), request()).await.unwrap();
        stage.service.identity().teams().create(&caller, &document(json!({"name": "Analysts"}))).await.unwrap();
        let rows = async |table: &str| stage.number(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        assert_eq!([rows("token").await, rows("session").await, rows("invitation").await], [2, 1, 1]);
        stage.pass_millis(119 * DAY_MILLIS);
        stage.service.remove_old_rows(NINETY_DAYS).await.unwrap();
        assert_eq!(rows("token").await, 2, "tokens end after 30 days and are kept for 90 more");
        stage.pass_millis(180 * DAY_MILLIS);
        stage.service.remove_old_rows(NINETY_DAYS).await.unwrap();
        assert_eq!([rows("token").await, rows("session").await, rows("invitation").await], [1, 0, 0]);
        // The token that the audit log names is left, and Info shows it.
        let kept = stage.database.texts("SELECT last4 FROM token").await;
        assert_eq!(kept, [&used[used.len() - 4..]]);
        assert_ne!(kept, [&idle[idle.len() - 4..]]);
        assert!(stage.service.identity().sign_in(&ada.email, PASSWORD, &request()).await.is_ok());
    }
}

/// Removed rows leave unused pages in a SQLite file, which are returned. PostgreSQL uses them again.
#[test]
fn space_of_removed_rows_is_returned_to_the_file_system() {
    testbed::run(async {
        let stage = Stage::set_up(testbed::sqlite()).await;
        stage.quiet_traffic(2_000).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let pages = "SELECT CAST(page_count AS TEXT) FROM pragma_page_count";
        let before = stage.number(pages).await;
        stage.pass_millis(40 * DAY_MILLIS);
        let keep = KeepDays {
            calls: Some(30),
            ..KeepDays::default()
        };
        assert!(stage.service.remove_old_rows(keep).await.unwrap() > 0);
        let unused = "SELECT CAST(freelist_count AS TEXT) FROM pragma_freelist_count";
        assert_eq!(stage.number(unused).await, 0);
        let after = stage.number(pages).await;
        assert!(after < before, "{after} of {before} pages are left");
    });
}
