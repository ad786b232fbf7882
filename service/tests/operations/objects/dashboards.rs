//! Dashboards, dashboard groups and charts: how they refer to each other, and the audit events they write.

use domain::{
    audit::event::{Action, ObjectType},
    identity::role::Role,
    objects::{dashboard_group::configs, permissions::ItemKind},
    platform::{id::Id, page::OffsetPage},
};
use serde_json::json;
use service::ListQuery;
use testbed::on_both;

use crate::{
    objects::support::{PAGE, document, field, status, user_id},
    support::Stage,
};

fn unknown() -> Id {
    Id::from_bits(7)
}

on_both! {
    async fn a_dashboard_without_a_group_gets_a_group_with_its_name(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let dashboard = stage.dashboard(&a, json!({"name": "Checkout"})).await;
        let group = stage.service.objects().find_dashboard_group(&a, dashboard.parent_id.unwrap()).await.unwrap();
        assert_eq!(group.name, "Checkout");
        assert_eq!(configs(&group.document)[0].dashboard_id, dashboard.id);
        assert_eq!(status(&stage.service.objects().create_dashboard(&a, &document(json!({"name": "D", "groupId": unknown()}))).await), 400);
        assert_eq!(status(&stage.service.objects().find_dashboard(&a, group.id).await), 404, "the id of a group is not found as a dashboard");
    }

    async fn an_update_identical_to_the_stored_document_changes_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let given = json!({"name": "D", "description": "", "tags": ["x"], "chartDensity": "LOW", "authorizedWriters": {"users": [user_id(&a)]}});
        let dashboard = stage.dashboard(&a, given.clone()).await;
        stage.pass_millis(1_000);
        assert_eq!(stage.put(&a, &dashboard, given.clone()).await.unwrap(), dashboard);
        assert_eq!(status(&stage.put(&b, &dashboard, given).await), 403);
        let after = stage.put(&a, &dashboard, json!({"name": "D", "tags": ["x"]})).await.unwrap();
        assert!(!after.document.contains_key("chartDensity"), "a field that is left out is removed");
        assert_eq!(after.updated.at.millis_since(dashboard.updated.at), 1_000);
        assert_eq!(after.created, dashboard.created);
        assert_eq!(after.protection, dashboard.protection, "permissions that are left out are kept");

        let events = stage.history(dashboard.id).await;
        let actions: Vec<_> = events.iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Update, Action::Create]);
        let fields: Vec<_> = events[0].changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["chartDensity"], "leaving out an empty description is no change");
        assert_eq!(events[0].by.credential, a.identity.credential);
    }

    async fn defaults_that_a_client_sends_back_are_not_logged_as_changes(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let dashboard = stage.dashboard(&a, json!({"name": "D"})).await;
        let sent_back = json!({"name": "D", "description": "p99", "chartDensity": "DEFAULT", "eventOverlays": [], "tags": null, "filters": {}});
        stage.put(&a, &dashboard, sent_back).await.unwrap();
        let events = stage.history(dashboard.id).await;
        let fields: Vec<_> = events[0].changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["description"]);
    }

    async fn a_chart_is_on_one_dashboard_and_is_kept_when_it_is_deleted(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let (cpu, disk) = (stage.chart(&a, "cpu").await, stage.chart(&a, "disk").await);
        let charts = |ids: &[Id]| -> serde_json::Value {
            ids.iter().map(|id| json!({"chartId": id, "row": 0, "column": 0, "width": 6, "height": 1})).collect()
        };
        let first = stage.dashboard(&a, json!({"name": "first", "charts": charts(&[cpu.id, disk.id])})).await;
        let second = document(json!({"name": "second", "charts": charts(&[cpu.id])}));
        assert_eq!(field(stage.service.objects().create_dashboard(&a, &second).await), "charts");
        let unknown_chart = document(json!({"name": "second", "charts": charts(&[unknown()])}));
        assert_eq!(field(stage.service.objects().create_dashboard(&a, &unknown_chart).await), "charts");

        let by_chart = ListQuery { chart_id: Some(disk.id), ..ListQuery::default() };
        let found = stage.service.objects().list_dashboards(&a, &by_chart, PAGE).await.unwrap();
        assert_eq!((found.count, found.results[0].id), (1, first.id));

        stage.service.objects().delete_chart(&a, disk.id).await.unwrap();
        let left = stage.service.objects().find_dashboard(&a, first.id).await.unwrap();
        assert_eq!(left.document["charts"], charts(&[cpu.id]));
        stage.service.objects().delete_dashboard(&a, first.id).await.unwrap();
        assert_eq!(stage.service.objects().find_chart(&a, cpu.id).await.unwrap().parent_id, None);
        assert_eq!(status(&stage.service.objects().create_dashboard(&a, &second).await), 200);
    }

    async fn a_dashboard_that_moves_to_another_group_inherits_its_readers(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let only_a = json!({"acl": [{"principalId": user_id(&a), "principalType": "USER", "actions": ["READ", "WRITE"]}]});
        let chart = stage.chart(&a, "cpu").await;
        let dashboard = stage.dashboard(&a, json!({"name": "D", "charts": [{"chartId": chart.id}]})).await;
        let old_group = dashboard.parent_id.unwrap();
        let group = stage.group(&a, json!({"name": "secret", "permissions": only_a})).await;
        let charts = json!([{"chartId": chart.id}]);
        assert_eq!(status(&stage.put(&b, &dashboard, json!({"groupId": group.id, "charts": charts})).await), 403);
        assert_eq!(status(&stage.put(&a, &dashboard, json!({"groupId": unknown(), "charts": charts})).await), 400);
        let naming_the_old = json!({"groupId": group.id, "charts": charts, "permissions": {"parent": old_group}});
        let moved = stage.put(&a, &dashboard, naming_the_old).await.unwrap();
        assert_eq!(moved.parent_id, Some(group.id));
        assert_eq!(status(&stage.service.objects().find_dashboard(&b, dashboard.id).await), 403);
        let seen = stage.service.objects().list_charts(&b, &ListQuery::default(), PAGE).await.unwrap();
        assert_eq!(seen.count, 0, "charts move with their dashboard");
        let places = |group: domain::objects::object::Object| configs(&group.document).len();
        assert_eq!(places(stage.service.objects().find_dashboard_group(&a, old_group).await.unwrap()), 0);
        assert_eq!(places(stage.service.objects().find_dashboard_group(&a, group.id).await.unwrap()), 1);
    }

    async fn a_group_keeps_its_own_dashboards_and_drops_mirrors_that_are_left_out(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let with_implicit = stage.service.objects().create_dashboard_group(&a, &document(json!({"name": "G"})), false).await.unwrap();
        let own = configs(&with_implicit.document)[0].clone();
        assert_eq!(stage.service.objects().find_dashboard(&a, own.dashboard_id).await.unwrap().name, "G");
        let other = stage.dashboard(&a, json!({"name": "other"})).await;

        let put = |configs: serde_json::Value| {
            let given = document(json!({"name": "G", "dashboardConfigs": configs}));
            let (service, a) = (&stage.service, &a);
            async move { service.objects().update_dashboard_group(a, with_implicit.id, &given).await }
        };
        let mirrored = put(json!([{"dashboardId": other.id, "nameOverride": "mirror"}])).await.unwrap();
        let places = configs(&mirrored.document);
        assert_eq!(places[0].name_override.as_deref(), Some("mirror"));
        assert_eq!(places[1], own, "the group's own dashboard is appended at the end");
        assert_eq!(field(stage.service.objects().delete_dashboard(&a, other.id).await), "id");
        assert_eq!(field(put(json!([{"dashboardId": unknown()}])).await), "dashboardConfigs");
        assert_eq!(field(put(json!([{"dashboardId": other.id, "configId": own.config_id}])).await), "dashboardConfigs[0].dashboardId");
        let same = put(json!(places)).await.unwrap();
        assert_eq!(same, mirrored);
        let query = ListQuery { dashboard_id: Some(other.id), ..ListQuery::default() };
        assert_eq!(stage.service.objects().list_dashboard_groups(&a, &query, PAGE).await.unwrap().count, 2);
        let without = stage.service.objects().update_dashboard_group(&a, with_implicit.id, &document(json!({"name": "G"}))).await.unwrap();
        assert_eq!(configs(&without.document), [own]);
    }

    async fn a_group_hides_and_keeps_dashboards_that_the_caller_may_not_read(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let objects = stage.service.objects();
        let group = objects.create_dashboard_group(&a, &document(json!({"name": "G"})), false).await.unwrap();
        let only_a = json!({"acl": [{"principalId": user_id(&a), "principalType": "USER", "actions": ["READ", "WRITE"]}]});
        let secret = stage.group(&a, json!({"name": "secret", "permissions": only_a})).await;
        let mirrored = stage.dashboard(&a, json!({"name": "D", "groupId": secret.id})).await;
        let own = configs(&group.document);
        let other = stage.dashboard(&a, json!({"name": "other"})).await;
        let twice = [json!({"dashboardId": mirrored.id}), json!({"dashboardId": mirrored.id, "nameOverride": "again"})];
        let given = document(json!({"name": "G", "dashboardConfigs": [twice[0], own[0], twice[1], {"dashboardId": other.id}]}));
        objects.update_dashboard_group(&a, group.id, &given).await.unwrap();

        let ids = |group: &domain::objects::object::Object| -> Vec<Id> {
            configs(&group.document).iter().map(|config| config.dashboard_id).collect()
        };
        let visible = [own[0].dashboard_id, other.id];
        let whole = objects.find_dashboard_group(&a, group.id).await.unwrap();
        let found = objects.find_dashboard_group(&b, group.id).await.unwrap();
        assert_eq!(ids(&found), visible);
        let query = ListQuery { name: "G".to_owned(), ..ListQuery::default() };
        let listed = objects.list_dashboard_groups(&b, &query, PAGE).await.unwrap().results;
        assert_eq!(ids(&listed[0]), visible);
        let opened = objects.find_with_access(&b, ItemKind::DashboardGroup, group.id).await.unwrap();
        assert_eq!(ids(&opened.object), visible);

        // B sends back what B has read, with another name.
        let sent_back = document(json!({"name": "G2", "dashboardConfigs": found.document["dashboardConfigs"]}));
        let preview = objects.preview_update(&b, ItemKind::DashboardGroup, group.id, &sent_back).await.unwrap();
        assert_eq!(ids(&preview.after.unwrap().object), visible);
        assert_eq!(ids(&objects.update_dashboard_group(&b, group.id, &sent_back).await.unwrap()), visible);
        let kept = objects.find_dashboard_group(&a, group.id).await.unwrap();
        assert_eq!((kept.name.as_str(), configs(&kept.document)), ("G2", configs(&whole.document)));
        let unchanged = objects.update_dashboard_group(&b, group.id, &sent_back).await.unwrap();
        assert_eq!(unchanged.updated, kept.updated, "what was read is no change when it is sent back");
    }

    async fn a_deleted_groups_mirrored_dashboards_move_to_the_mirroring_group(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let shared = stage.dashboard(&a, json!({"name": "shared"})).await;
        let group_id = shared.parent_id.unwrap();
        let alone = stage.dashboard(&a, json!({"name": "alone", "groupId": group_id})).await;
        let heir = stage.group(&a, json!({"name": "heir", "dashboardConfigs": [{"dashboardId": shared.id}]})).await;
        stage.service.objects().delete_dashboard_group(&a, group_id).await.unwrap();
        assert_eq!(status(&stage.service.objects().find_dashboard(&a, alone.id).await), 404);
        let inherited = stage.service.objects().find_dashboard(&a, shared.id).await.unwrap();
        assert_eq!(inherited.parent_id, Some(heir.id));

        let newest_action = |events: Vec<domain::audit::event::AuditEvent>| events[0].action;
        assert_eq!(newest_action(stage.history(group_id).await), Action::Delete);
        assert_eq!(newest_action(stage.history(alone.id).await), Action::Delete);
        assert_eq!(newest_action(stage.history(shared.id).await), Action::Update);
    }

    async fn a_cloned_dashboard_has_its_own_charts(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let chart = stage.chart(&a, "cpu").await;
        let source = stage.dashboard(&a, json!({"name": "source", "tags": ["x"], "charts": [{"chartId": chart.id, "row": 3}]})).await;
        let group = stage.group(&a, json!({"name": "target"})).await;
        let request = document(json!({"sourceDashboard": source.id, "name": "copy"}));
        let copy = stage.service.objects().clone_dashboard(&a, group.id, &request).await.unwrap();
        assert_eq!((copy.name.as_str(), copy.parent_id), ("copy", Some(group.id)));
        assert_eq!(copy.document["tags"], json!(["x"]));
        let copied: Id = serde_json::from_value(copy.document["charts"][0]["chartId"].clone()).unwrap();
        assert_ne!(copied, chart.id);
        assert_eq!(stage.service.objects().find_chart(&a, copied).await.unwrap().parent_id, Some(copy.id));
        assert_eq!(status(&stage.service.objects().clone_dashboard(&a, unknown(), &request).await), 404);
        let from_unknown = document(json!({"sourceDashboard": unknown()}));
        assert_eq!(field(stage.service.objects().clone_dashboard(&a, group.id, &from_unknown).await), "sourceDashboard");
    }

    async fn a_simple_dashboard_is_created_from_a_list_of_charts(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let chart = stage.chart(&a, "cpu").await;
        let items = [json!({"chartId": chart.id}), json!({"name": "disk", "programText": "data('disk').publish('x')"})];
        let (dashboard, charts) = stage.service.objects().create_simple_dashboard(&a, None, None, &items).await.unwrap();
        assert_eq!(dashboard.name, "disk");
        assert_eq!(charts.iter().map(|chart| chart.name.as_str()).collect::<Vec<_>>(), ["cpu", "disk"]);
        assert_eq!(dashboard.document["charts"][1]["column"], 4);
        let nameless = stage.service.objects().create_simple_dashboard(&a, None, None, &[]).await;
        assert_eq!(field(nameless), "name");
        let broken = [json!({"name": "no program"})];
        assert_eq!(field(stage.service.objects().create_simple_dashboard(&a, Some("n"), None, &broken).await), "[0].programText");
    }

    async fn lists_are_filtered_ordered_paged_and_counted(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let group = stage.group(&a, json!({"name": "G"})).await;
        for (name, tags) in [("Beta 50%", json!(["x", "y"])), ("alpha", json!(["y"])), ("Gamma", json!(null))] {
            stage.pass_millis(10);
            stage.dashboard(&a, json!({"name": name, "tags": tags, "groupId": group.id})).await;
        }
        let list = |query: ListQuery, page: OffsetPage| {
            let (service, a) = (&stage.service, &a);
            async move {
                let page = service.objects().list_dashboards(a, &query, page).await.unwrap();
                let names: Vec<String> = page.results.into_iter().map(|dashboard| dashboard.name).collect();
                (page.count, names.join(","))
            }
        };
        let by_name = |name: &str| ListQuery { name: name.to_owned(), ..ListQuery::default() };
        let ordered = |order: &str| ListQuery { order_by: order.to_owned(), ..ListQuery::default() };
        let tagged = |tags: &[&str]| ListQuery { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..ListQuery::default() };
        assert_eq!(list(by_name("A"), PAGE).await, (3, "Beta 50%,alpha,Gamma".to_owned()));
        assert_eq!(list(by_name("50%"), PAGE).await.1, "Beta 50%");
        assert_eq!(list(by_name("_"), PAGE).await, (0, String::new()));
        assert_eq!(list(ordered("name"), PAGE).await.1, "alpha,Beta 50%,Gamma");
        assert_eq!(list(ordered("-sf_createdOnMs"), PAGE).await.1, "Gamma,alpha,Beta 50%");
        assert_eq!(list(ordered("weight"), PAGE).await.1, "Beta 50%,alpha,Gamma");
        assert_eq!(list(ordered("-tags"), PAGE).await.1, "alpha,Beta 50%,Gamma");
        assert_eq!(list(tagged(&["x"]), PAGE).await.1, "Beta 50%");
        assert_eq!(list(tagged(&["x", "y"]), PAGE).await.0, 2);
        assert_eq!(list(ListQuery::default(), OffsetPage { limit: 2, offset: 2 }).await, (3, "Gamma".to_owned()));
        assert_eq!(list(ListQuery::default(), OffsetPage { limit: 2, offset: 9 }).await, (3, String::new()));
        let of_group = ListQuery { group_id: Some(group.id), ..ListQuery::default() };
        assert_eq!(list(of_group, PAGE).await.0, 3);
    }

    async fn principals_that_do_not_exist_are_rejected(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let given = json!({"name": "D", "authorizedWriters": {"users": [unknown()]}});
        assert_eq!(field(stage.service.objects().create_dashboard(&a, &document(given)).await), "permissions");
        let dashboard = stage.dashboard(&a, json!({"name": "D"})).await;
        let team = json!({"acl": [{"principalId": unknown(), "principalType": "TEAM", "actions": ["READ"]}]});
        assert_eq!(field(stage.put(&a, &dashboard, json!({"permissions": team})).await), "permissions");
        let teams = document(json!({"name": "G", "teams": [unknown()]}));
        assert_eq!(field(stage.service.objects().create_dashboard_group(&a, &teams, true).await), "teams[0]");
    }

    async fn a_delete_event_contains_the_deleted_fields(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let chart = stage.chart(&a, "cpu").await;
        stage.service.objects().delete_chart(&a, chart.id).await.unwrap();
        let events = stage.history(chart.id).await;
        let event = &events[0];
        assert_eq!((event.action, event.object.kind, event.object.name.as_str()), (Action::Delete, ObjectType::Chart, "cpu"));
        assert_eq!(event.changes[0].before, Some(json!("cpu")));
    }
}
