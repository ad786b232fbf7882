//! How states are kept and compared as time passes: upgrades, retention, several nodes, and the check of a server.

use serde_json::json;
use service::{FaultKind, KeepDays, Service, StateDeviation};
use testbed::on_both;
use tokio::task::JoinSet;

use super::rows::Rows;
use crate::{objects::support::document, support::settings};

on_both! {
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
}
