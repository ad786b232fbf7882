//! Teams: membership, links to detectors and dashboard groups, deletion, and concurrent requests for one resource.

use domain::{
    audit::event::{Action, ObjectType},
    identity::role::Role,
    platform::id::{Id, UserId},
};
use serde_json::json;
use service::ListQuery;
use testbed::on_both;

use crate::{
    objects::support::{PAGE, document, field, status, user_id},
    support::Stage,
};

on_both! {
    async fn administrators_create_update_and_delete_a_team(database: Database) {
        let stage = Stage::set_up(database).await;
        let (admin, a) = (stage.caller("Root", Role::Admin).await, stage.caller("A", Role::Power).await);
        let token = stage.org_token(&admin, "ci", Role::Power).await;
        let given = document(json!({"name": "SRE", "members": [user_id(&a)]}));
        for caller in [&a, &token] {
            assert_eq!(status(&stage.service.identity().teams().create(caller, &given).await), 403);
        }
        let view = stage.service.identity().teams().create(&admin, &given).await.unwrap();
        assert_eq!(view.members, [UserId(user_id(&a))]);
        assert_eq!(field(stage.service.identity().teams().create(&admin, &document(json!({"name": "sre"}))).await), "name");
        let unknown_member = document(json!({"name": "other", "members": [Id::from_bits(7)]}));
        assert_eq!(field(stage.service.identity().teams().create(&admin, &unknown_member).await), "members");

        let id = view.team.id;
        stage.pass_millis(5);
        assert_eq!(stage.service.identity().teams().update(&admin, id, &given).await.unwrap(), view, "an identical update changes nothing");
        let emptied = stage.service.identity().teams().update(&admin, id, &document(json!({}))).await.unwrap();
        assert_eq!((emptied.team.name.as_str(), emptied.members.len()), ("SRE", 0));
        assert_eq!(status(&stage.service.identity().teams().update(&a, id, &given).await), 403);
        assert_eq!(status(&stage.service.identity().teams().delete(&a, id).await), 403);
        stage.service.identity().teams().delete(&admin, id).await.unwrap();
        assert_eq!(status(&stage.service.identity().teams().find(&admin, id).await), 404);

        let history = stage.history(id).await;
        let actions: Vec<_> = history.iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Delete, Action::Update, Action::Create]);
        assert_eq!(history[1].changes[0].before, Some(json!([user_id(&a)])));
    }

    async fn a_link_is_shown_on_both_objects_and_needs_write_permission_on_one(database: Database) {
        let stage = Stage::set_up(database).await;
        let (admin, a, b) = (stage.caller("Root", Role::Admin).await, stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let team = stage.service.identity().teams().create(&admin, &document(json!({"name": "SRE"}))).await.unwrap().team;
        let given = json!({"name": "hot", "programText": "A.publish('x')", "rules": [], "authorizedWriters": {"users": [user_id(&a)]}});
        let detector = stage.service.objects().create_detector(&a, &document(given)).await.unwrap();
        let link = |caller, kind, id| stage.service.objects().link_team(caller, team.id, kind, id);
        assert_eq!(status(&link(&b, ObjectType::Detector, detector.id).await), 403);
        assert_eq!(status(&link(&a, ObjectType::DashboardGroup, detector.id).await), 404);
        link(&a, ObjectType::Detector, detector.id).await.unwrap();
        link(&a, ObjectType::Detector, detector.id).await.unwrap();

        let view = stage.service.identity().teams().find(&b, team.id).await.unwrap();
        assert_eq!((view.detectors.as_slice(), &view.team), ([detector.id].as_slice(), &team));
        let linked = stage.service.objects().find_detector(&b, detector.id).await.unwrap();
        assert_eq!((&linked.document["teams"], &linked.updated), (&json!([team.id]), &detector.updated));
        for id in [team.id, detector.id] {
            assert_eq!(stage.history(id).await.len(), 2, "created and linked");
        }
        let of_team = ListQuery { team_id: Some(team.id), ..ListQuery::default() };
        assert_eq!(stage.service.objects().list_detectors(&b, &of_team, PAGE).await.unwrap().count, 1);

        stage.service.identity().teams().delete(&admin, team.id).await.unwrap();
        let left = stage.service.objects().find_detector(&b, detector.id).await.unwrap();
        assert_eq!(left.document["teams"], json!([]));
        assert_eq!(stage.service.objects().list_detectors(&b, &of_team, PAGE).await.unwrap().count, 0);
    }

    async fn a_deleted_team_in_an_access_control_list_may_be_sent_back(database: Database) {
        let stage = Stage::set_up(database).await;
        let (admin, a) = (stage.caller("Root", Role::Admin).await, stage.caller("A", Role::Power).await);
        let team = stage.service.identity().teams().create(&admin, &document(json!({"name": "SRE"}))).await.unwrap().team;
        let writers = json!({"users": [user_id(&a)], "teams": [team.id]});
        let dashboard = stage.dashboard(&a, json!({"name": "D", "authorizedWriters": writers})).await;
        stage.service.identity().teams().delete(&admin, team.id).await.unwrap();
        let again = json!({"name": "renamed", "authorizedWriters": writers});
        assert_eq!(status(&stage.put(&a, &dashboard, again).await), 200);
        let elsewhere = document(json!({"name": "E", "authorizedWriters": writers}));
        assert_eq!(field(stage.service.objects().create_dashboard(&a, &elsewhere).await), "permissions");
    }

    async fn one_of_two_concurrent_claims_on_the_same_resource_succeeds(database: Database) {
        let stage = Stage::set_up(database).await;
        let a = stage.caller("A", Role::Power).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let chart = stage.chart(&a, "cpu").await;
        let other = stage.another_node().await;
        let with_chart = |name: &str| document(json!({"name": name, "charts": [{"chartId": chart.id}]}));
        let (one, two) = (with_chart("one"), with_chart("two"));
        let (first, second) = tokio::join!(stage.service.objects().create_dashboard(&a, &one), other.objects().create_dashboard(&a, &two));
        let mut statuses = [status(&first), status(&second)];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);

        let team = document(json!({"name": "SRE"}));
        let (first, second) = tokio::join!(stage.service.identity().teams().create(&admin, &team), other.identity().teams().create(&admin, &team));
        let mut statuses = [status(&first), status(&second)];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
}
