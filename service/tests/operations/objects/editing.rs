//! What editing pages rely on: a caller's rights on an object, a preview of an update, and a conflict when another
//! member has saved in between. Also detector facets and integration checks.

use domain::{
    identity::role::Role,
    objects::permissions::{ItemKind, Protection, Writers},
    platform::id::{Id, UserId},
};
use serde_json::json;
use service::{CheckOutcome, ListQuery, Rights, ServiceError};
use testbed::on_both;

use crate::{
    objects::support::{PAGE, document, status, user_id},
    support::Stage,
};

const PROGRAM: &str = "detect(when(data('cpu') > 1)).publish('CPU')";

on_both! {
    async fn an_update_can_be_previewed_and_a_preview_stores_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let dashboard = stage.dashboard(&a, json!({"name": "Checkout"})).await;
        let only_a = document(json!({"name": "Checkout", "authorizedWriters": {"users": [user_id(&a)]}}));
        let edit = stage.service.objects().preview_update(&b, ItemKind::Dashboard, dashboard.id, &only_a).await.unwrap();
        assert_eq!(edit.before.rights, Rights { read: true, write: true, permit: true, delete: true });
        let after = edit.after.unwrap();
        assert_eq!(after.rights, Rights { read: true, write: false, permit: false, delete: false });
        assert_eq!(after.protection, Protection::Writers(Writers { users: vec![UserId(user_id(&a))], teams: Vec::new() }));
        let now = stage.service.objects().find_dashboard(&b, dashboard.id).await.unwrap();
        assert_eq!(now.protection, Protection::Inherit);

        // A preview is rejected for the same reasons as the update.
        let nonsense = document(json!({"name": "Checkout", "chartDensity": "MANY"}));
        let rejected = stage.service.objects().preview_update(&b, ItemKind::Dashboard, dashboard.id, &nonsense).await;
        assert_eq!(status(&rejected), 400);
        let same = document(json!({"name": "Checkout"}));
        let edit = stage.service.objects().preview_update(&b, ItemKind::Dashboard, dashboard.id, &same).await.unwrap();
        assert_eq!(edit.after, None);
    }

    async fn saving_over_a_concurrent_change_is_rejected_and_names_its_author(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let service = &stage.service;
        let dashboard = stage.dashboard(&a, json!({"name": "Checkout"})).await;
        let group = service.objects().find_dashboard_group(&a, dashboard.parent_id.unwrap()).await.unwrap();
        let detector = document(json!({"name": "CPU", "programText": PROGRAM, "rules": []}));
        let detector = service.objects().create_detector(&a, &detector).await.unwrap();
        for object in [dashboard, group, detector] {
            stage.pass_millis(1_000);
            let mut given = object.document.clone();
            given.insert("name".to_owned(), json!(object.name));
            given.insert("description".to_owned(), json!("by B"));
            let kind = ItemKind::of(object.kind).unwrap();
            let saved = service.objects().update_unless_changed(&b, kind, object.id, &given, object.updated.at).await.unwrap();
            given.insert("description".to_owned(), json!("by A"));
            let rejected = service.objects().update_unless_changed(&a, kind, object.id, &given, object.updated.at).await;
            let Err(ServiceError::Superseded(message)) = rejected else { panic!("{kind:?}: {rejected:?}") };
            assert!(message.starts_with("B saved this"), "{message}");
            let saved = service.objects().update_unless_changed(&a, kind, object.id, &given, saved.updated.at).await.unwrap();
            assert_eq!(saved.document["description"], "by A");
        }
    }

    async fn rights_on_several_objects_match_the_permission_rules(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let reader = stage.caller("Reader", Role::ReadOnly).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let open = stage.dashboard(&a, json!({"name": "Open"})).await;
        let own = stage.dashboard(&a, json!({"name": "Own", "authorizedWriters": {"users": [user_id(&a)]}})).await;
        let rights = async |caller| {
            let found = stage.service.objects().rights_on(caller, &[open.clone(), own.clone()]).await.unwrap();
            found.iter().map(|rights| [rights.read, rights.write, rights.permit, rights.delete]).collect::<Vec<_>>()
        };
        assert_eq!(rights(&a).await, [[true; 4], [true; 4]]);
        assert_eq!(rights(&b).await, [[true; 4], [true, false, false, false]]);
        assert_eq!(rights(&reader).await, [[true, false, false, false]; 2]);
        assert_eq!(rights(&admin).await, [[true; 4], [true, false, true, false]]);
    }

    async fn detectors_are_filtered_by_existing_facets_and_list_their_charts(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Power).await, stage.caller("B", Role::Power).await);
        let service = &stage.service;
        let make = async |caller, name: &str, tag: &str| {
            let given = json!({"name": name, "programText": PROGRAM, "rules": [], "tags": [tag]});
            service.objects().create_detector(caller, &document(given)).await.unwrap()
        };
        let cpu = make(&a, "CPU", "prod").await;
        make(&b, "Disk", "test").await;
        let facets = service.objects().detector_facets(&a).await.unwrap();
        assert_eq!(facets.tags, ["prod", "test"]);
        let names: Vec<_> = facets.creators.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        let by_a = ListQuery { creator_id: Some(user_id(&a)), ..ListQuery::default() };
        let found = service.objects().list_detectors(&b, &by_a, PAGE).await.unwrap();
        assert_eq!((found.count, found.results[0].id), (1, cpu.id));
        let by_unknown = ListQuery { creator_id: Some(Id::from_bits(7)), ..ListQuery::default() };
        assert_eq!(service.objects().list_detectors(&b, &by_unknown, PAGE).await.unwrap().count, 0);

        let chart = json!({"name": "Load", "options": {"type": "List"}, "relatedDetectorIds": [cpu.id]});
        let chart = service.objects().create_chart(&a, &document(chart)).await.unwrap();
        let charts = service.objects().list_charts_of_detector(&b, cpu.id).await.unwrap();
        assert_eq!(charts.len(), 1);
        let only_a = json!({"acl": [{"principalId": user_id(&a), "principalType": "USER", "actions": ["READ", "WRITE"]}]});
        let place = json!([{"chartId": chart.id, "row": 0, "column": 0, "width": 6, "height": 1}]);
        stage.dashboard(&a, json!({"name": "Secret", "charts": place, "permissions": only_a})).await;
        assert_eq!(service.objects().list_charts_of_detector(&b, cpu.id).await.unwrap(), []);
        assert_eq!(service.objects().list_charts_of_detector(&a, cpu.id).await.unwrap().len(), 1);
    }

    async fn the_result_of_a_validation_is_stored(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let service = &stage.service;
        let given = document(json!({"type": "Opsgenie", "name": "O", "apiKey": "k", "apiUrl": "http://127.0.0.1:1"}));
        let made = service.integrations().create(&admin, &given).await.unwrap();
        assert_eq!((made.check, made.secret_places), (None, vec!["apiKey".to_owned()]));
        let id = made.integration.id;
        let private = service.integrations().validate(&admin, id).await.unwrap();
        assert!(matches!(&private, CheckOutcome::NotTried(reason) if reason.contains("127.0.0.1")), "{private:?}");
        let found = service.integrations().find(&admin, id).await.unwrap();
        assert_eq!(found.check.unwrap().outcome, private);

        let given = document(json!({"type": "PagerDuty", "name": "P", "apiKey": "k"}));
        let other = service.integrations().create(&admin, &given).await.unwrap().integration.id;
        service.integrations().validate(&admin, other).await.unwrap();
        let by_name = ListQuery { order_by: "name".to_owned(), ..ListQuery::default() };
        let listed = service.integrations().list(&admin, &by_name, PAGE).await.unwrap();
        let outcomes: Vec<_> = listed.results.into_iter().map(|view| view.check.unwrap().outcome).collect();
        let nowhere = "Its settings name no host to connect to.".to_owned();
        assert_eq!(outcomes, [private, CheckOutcome::NotTried(nowhere)]);
        service.integrations().delete(&admin, id).await.unwrap();
        let member = stage.caller("B", Role::Power).await;
        assert_eq!(service.integrations().find(&member, other).await.unwrap().secret_places, Vec::<String>::new());
    }
}
