//! The eighteen scenarios of docs/contract.md#permission-scenarios.

use domain::{
    identity::role::Role,
    objects::permissions::{Protection, Writers},
    platform::id::UserId,
};
use serde_json::json;
use testbed::on_both;

use crate::{
    objects::support::{document, status, user_id},
    support::Stage,
};

on_both! {
    async fn only_writers_write_and_they_may_grant_write_permission(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let c = stage.member("C", Role::Power).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let (a_id, b_id, c_id, admin_id) = (user_id(&a), user_id(&b), c.id.0, user_id(&admin));
        let writers = |ids: &[domain::platform::id::Id]| json!({"authorizedWriters": {"users": ids, "teams": []}});

        // 1: any member changes a dashboard that inherits from an open group.
        let dashboard = stage.dashboard(&a, json!({"name": "Checkout"})).await;
        let changed = stage.put(&b, &dashboard, json!({"name": "Checkout", "description": "by B"})).await.unwrap();
        assert_eq!(changed.updated.by.actor_id, b_id);

        // 2: with listed writers, no other member changes it.
        stage.put(&a, &dashboard, json!({"description": "by B", "authorizedWriters": {"users": [a_id]}})).await.unwrap();
        let rejected = stage.put(&b, &dashboard, json!({"description": "no"})).await;
        assert_eq!(rejected.unwrap_err().to_string(), "Unauthorized update.");
        let now = stage.service.objects().find_dashboard(&b, dashboard.id).await.unwrap();
        assert_eq!(now.document["description"], "by B");

        // 7 and 9: an administrator who is not listed may neither rename nor delete it.
        let same = |mut extra: serde_json::Value| { extra["description"] = json!("by B"); extra };
        assert_eq!(status(&stage.put(&admin, &dashboard, same(json!({"name": "x"}))).await), 403);
        assert_eq!(status(&stage.service.objects().delete_dashboard(&admin, dashboard.id).await), 403);
        // 8: an administrator may add themself as a writer and rename it in the same request.
        let mut both = same(writers(&[a_id, admin_id]));
        both["name"] = json!("Renamed");
        assert_eq!(status(&stage.put(&admin, &dashboard, both).await), 200);
        stage.put(&a, &dashboard, same(writers(&[a_id]))).await.unwrap();

        // 3: a writer adds another writer, who may then write.
        stage.put(&a, &dashboard, same(writers(&[a_id, b_id]))).await.unwrap();
        assert_eq!(status(&stage.put(&b, &dashboard, same(json!({"tags": ["b"]}))).await), 200);
        // 4: the new writer may remove the first.
        stage.put(&b, &dashboard, json!({"description": "by B", "tags": ["b"], "authorizedWriters": {"users": [b_id]}})).await.unwrap();
        assert_eq!(status(&stage.put(&a, &dashboard, json!({"name": "x"})).await), 403);

        // 5: a writer who removes themself loses the permission, 6: until an administrator restores it.
        let kept = |mut extra: serde_json::Value| { extra["tags"] = json!(["b"]); same(extra) };
        stage.put(&b, &dashboard, kept(writers(&[c_id]))).await.unwrap();
        assert_eq!(status(&stage.put(&b, &dashboard, kept(json!({}))).await), 403);
        assert_eq!(status(&stage.put(&b, &dashboard, kept(writers(&[b_id, c_id]))).await), 403);
        assert_eq!(status(&stage.put(&admin, &dashboard, kept(writers(&[b_id, c_id]))).await), 200);
        // 9: after 8, the administrator deletes it because the group is writable.
        stage.put(&admin, &dashboard, kept(writers(&[admin_id]))).await.unwrap();
        assert_eq!(status(&stage.service.objects().delete_dashboard(&admin, dashboard.id).await), 200);
        assert_eq!(status(&stage.service.objects().find_dashboard(&admin, dashboard.id).await), 404);
    }

    async fn joining_or_leaving_a_listed_team_takes_effect_immediately(database: Database) {
        let stage = Stage::set_up(database).await;
        let (b, admin) = (stage.caller("B", Role::Power).await, stage.caller("Root", Role::Admin).await);
        let team = stage.service.identity().teams().create(&admin, &document(json!({"name": "SRE"}))).await.unwrap().team;
        let organization_id = admin.organization_id();
        let group = stage.group(&admin, json!({"name": "G", "permissions": {"acl": [
            {"principalId": team.id, "principalType": "TEAM", "actions": ["WRITE"]},
            {"principalId": organization_id, "principalType": "ORG", "actions": ["READ"]},
        ]}})).await;
        stage.service.identity().teams().add_members(&admin, team.id, &[UserId(user_id(&admin))]).await.unwrap();
        let dashboard = stage.dashboard(&admin, json!({"name": "D", "groupId": group.id})).await;

        // 10
        assert_eq!(status(&stage.put(&b, &dashboard, json!({"tags": ["1"]})).await), 403);
        let b_id = UserId(user_id(&b));
        stage.service.identity().teams().add_members(&b, team.id, &[b_id]).await.unwrap();
        assert_eq!(status(&stage.put(&b, &dashboard, json!({"tags": ["1"]})).await), 200);
        stage.service.identity().teams().remove_members(&b, team.id, &[b_id]).await.unwrap();
        assert_eq!(status(&stage.put(&b, &dashboard, json!({"tags": ["2"]})).await), 403);
    }

    async fn objects_that_a_caller_may_not_read_are_neither_listed_nor_counted(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::ReadOnly).await);
        let admin = stage.caller("Root", Role::Admin).await;
        let only_a = json!({"acl": [{"principalId": user_id(&a), "principalType": "USER", "actions": ["READ", "WRITE"]}]});
        let open = stage.dashboard(&a, json!({"name": "open"})).await;
        let chart = stage.chart(&a, "secret chart").await;
        let secret = stage.dashboard(&a, json!({"name": "secret", "groupId": open.parent_id, "permissions": only_a,
            "charts": [{"chartId": chart.id}]})).await;

        // 11
        assert_eq!(status(&stage.service.objects().find_dashboard(&b, secret.id).await), 403);
        assert_eq!(stage.seen(&b).await, (vec!["open".to_owned()], 1));
        assert_eq!(stage.seen(&a).await.1, 2);
        assert_eq!(stage.seen(&admin).await.1, 2);
        assert_eq!(status(&stage.service.objects().find_chart(&b, chart.id).await), 403);
        let charts = stage.service.objects().list_charts(&b, &service::ListQuery::default(), crate::objects::support::PAGE).await.unwrap();
        assert_eq!((charts.count, charts.results.len()), (0, 0));

        // Restricting a group hides the dashboards that inherit from it; opening it shows them again.
        let group_id = open.parent_id.unwrap();
        let restrict = document(json!({"permissions": only_a}));
        stage.service.objects().update_dashboard_group(&a, group_id, &restrict).await.unwrap();
        assert_eq!(stage.seen(&b).await, (vec![], 0));
        let reopen = document(json!({"permissions": {"acl": [
            {"principalId": a.organization_id(), "principalType": "ORG", "actions": ["READ"]},
            {"principalId": user_id(&a), "principalType": "USER", "actions": ["WRITE"]},
        ]}}));
        stage.service.objects().update_dashboard_group(&a, group_id, &reopen).await.unwrap();
        assert_eq!(stage.seen(&b).await, (vec!["open".to_owned()], 1));
        // A chart that is removed from its dashboard is readable by any member again.
        stage.put(&a, &secret, json!({"charts": []})).await.unwrap();
        assert_eq!(status(&stage.service.objects().find_chart(&b, chart.id).await), 200);
    }

    async fn an_org_token_sets_permissions_once(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, admin) = (stage.caller("A", Role::Power).await, stage.caller("Root", Role::Admin).await);
        let token = stage.org_token(&admin, "ci", Role::Power).await;

        // 12
        let dashboard = stage.dashboard(&token, json!({"name": "D", "authorizedWriters": {"users": [user_id(&a)]}})).await;
        assert_eq!(dashboard.created.by.actor_id, token.actor().id());
        assert_eq!(status(&stage.put(&token, &dashboard, json!({"tags": ["1"]})).await), 403);
        assert_eq!(status(&stage.put(&a, &dashboard, json!({"tags": ["1"]})).await), 200);

        // 13
        let dashboard = stage.dashboard(&token, json!({"name": "D"})).await;
        let as_read = json!({"name": "D", "tags": ["1"], "authorizedWriters": {}, "permissions": {"parent": dashboard.parent_id}});
        assert_eq!(status(&stage.put(&token, &dashboard, as_read).await), 200);
        let takeover = json!({"name": "D", "tags": ["1"], "authorizedWriters": {"users": [user_id(&a)]}});
        assert_eq!(status(&stage.put(&token, &dashboard, takeover).await), 403);
    }

    async fn a_read_only_member_never_writes_even_if_listed(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, reader) = (stage.caller("A", Role::Power).await, stage.caller("R", Role::ReadOnly).await);
        let writers = json!({"users": [user_id(&a), user_id(&reader)]});
        let dashboard = stage.dashboard(&a, json!({"name": "D", "authorizedWriters": writers})).await;

        // 14
        assert_eq!(status(&stage.put(&reader, &dashboard, json!({"tags": ["1"]})).await), 403);
        assert_eq!(status(&stage.service.objects().create_dashboard(&reader, &document(json!({"name": "E"}))).await), 403);
    }

    async fn only_writers_disable_the_rules_of_a_detector(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let given = json!({
            "name": "High CPU", "programText": "A.publish('hot')", "authorizedWriters": {"users": [user_id(&a)]},
            "rules": [{"detectLabel": "hot", "severity": "Critical"}],
        });
        let detector = stage.service.objects().create_detector(&a, &document(given)).await.unwrap();
        let labels = ["hot".to_owned()];

        // 15
        assert_eq!(status(&stage.service.objects().set_rules_disabled(&b, detector.id, &labels, true).await), 403);
        stage.service.objects().set_rules_disabled(&a, detector.id, &labels, true).await.unwrap();
        let now = stage.service.objects().find_detector(&b, detector.id).await.unwrap();
        assert_eq!(now.document["rules"][0]["disabled"], true);
        assert_eq!(status(&stage.service.objects().set_rules_disabled(&a, detector.id, &["cold".to_owned()], true).await), 400);
    }

    async fn a_groups_writers_decide_who_deletes_its_dashboards(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let only_b = json!({"acl": [{"principalId": user_id(&b), "principalType": "USER", "actions": ["WRITE"]}]});
        let group = stage.group(&b, json!({"name": "G"})).await;
        let dashboard = stage.dashboard(&b, json!({"name": "D", "groupId": group.id, "permissions": only_b})).await;
        let writers = document(json!({"authorizedWriters": {"users": [user_id(&a)]}}));
        stage.service.objects().update_dashboard_group(&a, group.id, &writers).await.unwrap();

        // 17
        assert_eq!(status(&stage.service.objects().delete_dashboard(&b, dashboard.id).await), 403);
        // 16
        assert_eq!(status(&stage.service.objects().delete_dashboard_group(&a, group.id).await), 200);
        assert_eq!(status(&stage.service.objects().find_dashboard(&b, dashboard.id).await), 404);
    }

    async fn entries_derived_from_writers_and_sent_back_do_not_undo_new_writers(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let dashboard = stage.dashboard(&a, json!({"name": "D", "authorizedWriters": {"users": [user_id(&a)]}})).await;
        let present = domain::objects::permissions::CurrentPermissions {
            item: service::item_of(&dashboard).unwrap(),
            organization_id: dashboard.organization_id,
            protection: &dashboard.protection,
        };

        // 18
        let after = stage.put(&a, &dashboard, json!({
            "permissions": present.permissions(), "authorizedWriters": {"users": [user_id(&b)]},
        })).await.unwrap();
        let expected = Writers { users: vec![UserId(user_id(&b))], teams: vec![] };
        assert_eq!(after.protection, Protection::Writers(expected));
    }
}
