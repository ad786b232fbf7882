//! The metric catalog: what was sent is found, kept and removed by age; requests change it.

mod catalog;

use domain::{
    audit::event::{Action, ActorType, CatalogKind, ObjectType},
    identity::role::Role,
    ingest::{MetricType, catalog::names::EntryName},
    platform::limits,
};
use serde_json::json;
use service::{KeepDays, Service, ServiceError};
use testbed::{on_both, tokio::task::JoinSet};

use self::catalog::{Catalog, PAGE, send};
use crate::support::{START, Stage, server_settings};

const DAY_MILLIS: i64 = 86_400_000;

on_both! {
    async fn what_was_sent_is_found_and_kept_after_a_restart_and_after_the_data_is_gone(database: Database) {
        let catalog = Catalog::of(database).await;
        catalog.send("cpu.load", &[("host", "web-1"), ("region", "eu")]).await;
        catalog.send("cpu.load", &[("region", "eu"), ("host", "web-1")]).await;
        catalog.send("cpu.idle", &[("host", "web-2")]).await;
        catalog.send("disk%used", &[("päth", "/var/ä b:c")]).await;
        assert_eq!(catalog.series("sf_metric:cpu.*").await, ["cpu.idle host:web-2", "cpu.load host:web-1 region:eu"]);
        assert_eq!(catalog.series("host:web-1").await, ["cpu.load host:web-1 region:eu"]);
        assert_eq!(catalog.series("host:web-* AND NOT region:*").await, ["cpu.idle host:web-2"]);
        assert_eq!(catalog.series(r"päth:\/var/ä\ b\:c").await, ["disk%used päth:/var/ä b:c"]);
        assert_eq!(catalog.entries(CatalogKind::Metric, "type:GAUGE name:cpu*").await, ["cpu.idle", "cpu.load"]);
        assert_eq!(catalog.entries(CatalogKind::Dimension, "key:host").await, ["host:web-1", "host:web-2"]);
        assert_eq!(catalog.entries(CatalogKind::Dimension, "host:web-2 OR eu").await, ["host:web-2", "region:eu"]);
        assert_eq!(catalog.entries(CatalogKind::Tag, "").await, Vec::<String>::new());

        let before = catalog.service().ingest().search_series(&catalog.admin, "", "", PAGE).await.unwrap();
        catalog.service().close().await.unwrap();
        let folder = catalog.stage.database.folder.path().join("ingest");
        std::fs::remove_dir_all(folder).unwrap();
        let catalog = Catalog {
            stage: Stage {
                service: Service::open(server_settings(&catalog.stage.database, &catalog.stage.clock)).await.unwrap(),
                ..catalog.stage
            },
            ..catalog
        };
        let after = catalog.service().ingest().search_series(&catalog.admin, "", "", PAGE).await.unwrap();
        assert_eq!((after.count, &after), (3, &before));
    }

    async fn a_series_has_one_id_and_is_noted_when_it_is_seen_again(database: Database) {
        let catalog = Catalog::of(database).await;
        let mut settings = server_settings(&catalog.stage.database, &catalog.stage.clock);
        settings.ingest.as_mut().unwrap().folder = Some(catalog.stage.database.folder.path().join("other"));
        let nodes = [catalog.service().clone(), Service::open(settings).await.unwrap()];
        let mut sent = JoinSet::new();
        for number in 0..40 {
            let (node, sender, admin) = (nodes[number % 2].clone(), catalog.sender.clone(), catalog.admin.clone());
            sent.spawn(async move {
                let host = format!("web-{}", number / 2 % 10);
                send(&node, &sender, "cpu", &[("host", &host), ("node", "any")]).await;
                node.ingest().search_series(&admin, "", "", PAGE).await.unwrap();
            });
        }
        sent.join_all().await;
        let found = catalog.service().ingest().search_series(&catalog.admin, "node:any", "", PAGE).await.unwrap();
        assert_eq!(found.count, 10);
        nodes[1].close().await.unwrap();
        catalog.send("cpu", &[("host", "a")]).await;
        let find = || async {
            let found = catalog.service().ingest().search_series(&catalog.admin, "host:a", "", PAGE).await.unwrap();
            let [view] = found.results.as_slice() else { panic!("{found:?}") };
            (view.series.id, view.series.created_at, view.series.last_at)
        };
        let (id, created_at, last_at) = find().await;
        assert_eq!((created_at, last_at), (START, START));
        catalog.stage.pass_millis(60_000);
        catalog.send("cpu", &[("host", "a")]).await;
        assert_eq!(find().await, (id, START, START), "within ten minutes nothing is stored");
        catalog.stage.pass_millis(15 * 60_000);
        catalog.send("cpu", &[("host", "a")]).await;
        assert_eq!(find().await, (id, START, catalog.stage.clock.now()));
        let view = catalog.service().ingest().find_series(&catalog.admin, id).await.unwrap();
        assert_eq!((view.series.metric_type, view.series.created_by), (MetricType::Gauge, catalog.sender.actor().id()));
    }

    async fn each_change_by_a_request_leaves_an_event_and_what_data_adds_leaves_none(database: Database) {
        let catalog = Catalog::of(database).await;
        let before = catalog.event_count().await;
        catalog.send("cpu", &[("host", "web-1")]).await;
        let host = EntryName::dimension("host", "web-1");
        let found = catalog.service().ingest().find_entry(&catalog.admin, &host).await.unwrap();
        assert_eq!(catalog.event_count().await, before);
        let info = catalog.stage.info(&catalog.admin, ObjectType::Catalog(CatalogKind::Dimension), found.id).await.unwrap();
        let created = info.created.unwrap();
        let actor_type = created.detail.unwrap().actor_type;
        assert_eq!((actor_type, created.actor_name.as_str(), info.object.name.as_str()), (ActorType::OrgToken, "agent", "host:web-1"));

        catalog.stage.pass_millis(1_000);
        let given = json!({"description": "in the cellar", "customProperties": {"owner": "ops"}, "tags": ["rack"]});
        let put = catalog.put(&catalog.admin, &host, given.clone()).await.unwrap();
        assert_eq!((put.id, put.created.at, &put.created.by), (found.id, START, &found.created.by));
        assert_eq!(put.updated.by.actor_name, "Ada");
        assert_eq!(catalog.put(&catalog.admin, &host, given).await.unwrap(), put, "nothing is changed");
        catalog.put(&catalog.admin, &host, json!({"tags": ["rack"]})).await.unwrap();
        let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(catalog.history(CatalogKind::Dimension, found.id).await, [
            (Action::Update, fields(&["description", "customProperties"])),
            (Action::Update, fields(&["description", "customProperties", "tags"])),
        ]);

        let metric = catalog.put(&catalog.admin, &EntryName::metric("orders"), json!({"type": "COUNTER"})).await.unwrap();
        assert_eq!(catalog.history(CatalogKind::Metric, metric.id).await, [(Action::Create, fields(&["name", "type"]))]);
        let kept = catalog.put(&catalog.admin, &EntryName::metric("orders"), json!({"description": "x"})).await.unwrap();
        assert_eq!(kept.metric_type, Some(MetricType::Counter));

        let before = catalog.event_count().await;
        let delete = || async { catalog.service().ingest().delete_tag(&catalog.admin, "rack").await };
        delete().await.unwrap();
        assert_eq!(catalog.event_count().await, before, "no tag, no event");
        catalog.put(&catalog.admin, &EntryName::tag("rack"), json!({})).await.unwrap();
        delete().await.unwrap();
        assert_eq!(catalog.event_count().await, before + 2);
        assert_eq!(catalog.entries(CatalogKind::Tag, "*").await, Vec::<String>::new());
    }

    async fn properties_and_tags_of_metric_and_dimensions_find_the_series(database: Database) {
        let catalog = Catalog::of(database).await;
        catalog.send("cpu", &[("host", "web-1"), ("region", "eu")]).await;
        catalog.send("cpu", &[("host", "web-2")]).await;
        let given = json!({"customProperties": {"owner": "ops", "region": "us"}, "tags": ["rack"]});
        catalog.put(&catalog.admin, &EntryName::dimension("host", "web-2"), given).await.unwrap();
        catalog.put(&catalog.admin, &EntryName::metric("cpu"), json!({"tags": ["load"]})).await.unwrap();
        assert_eq!(catalog.series("owner:ops").await, ["cpu host:web-2"]);
        assert_eq!(catalog.series("sf_tags:rack AND tags:load").await, ["cpu host:web-2"]);
        // A property with the name of a dimension.
        assert_eq!(catalog.series("region:us").await, ["cpu host:web-2"]);
        assert_eq!(catalog.series("region:eu").await, ["cpu host:web-1 region:eu"]);
        assert_eq!(catalog.entries(CatalogKind::Dimension, "region:us").await, ["host:web-2"]);
        assert_eq!(catalog.entries(CatalogKind::Dimension, "tags:rack host:*").await, ["host:web-2"]);
        catalog.put(&catalog.admin, &EntryName::dimension("host", "web-2"), json!({})).await.unwrap();
        assert_eq!(catalog.series("region:us OR owner:ops").await, Vec::<String>::new());
    }

    async fn every_member_reads_and_writers_change(database: Database) {
        let catalog = Catalog::of(database).await;
        catalog.send("cpu", &[("host", "web-1")]).await;
        let (reader, writer) = (catalog.stage.caller("Karen", Role::ReadOnly).await, catalog.stage.caller("Grace", Role::Power).await);
        let (name, tag) = (EntryName::metric("cpu"), EntryName::tag("a"));
        let ingest = catalog.service().ingest();
        assert_eq!(ingest.find_entry(&reader, &name).await.unwrap().name, name);
        assert_eq!(ingest.search_series(&reader, "", "", PAGE).await.unwrap().count, 1);
        for name in [&name, &tag] {
            let denied = catalog.put(&reader, name, json!({"description": "x"})).await;
            assert!(matches!(denied, Err(ServiceError::Denied(_))), "{denied:?}");
            catalog.put(&writer, name, json!({"description": "x"})).await.unwrap();
        }
        let denied = ingest.delete_tag(&reader, "a").await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))), "{denied:?}");
        ingest.delete_tag(&writer, "a").await.unwrap();
        let absent = ingest.find_entry(&reader, &tag).await;
        assert!(matches!(absent, Err(ServiceError::NotFound(_))), "{absent:?}");
    }

    async fn a_full_catalog_lists_no_new_series_and_their_data_is_accepted(database: Database) {
        let catalog = Catalog::of(database).await;
        catalog.fill(limits::CATALOG_SERIES - 1).await;
        catalog.send("cpu", &[("host", "1")]).await;
        assert_eq!(catalog.series("sf_metric:cpu").await, ["cpu host:1"]);
        for host in ["2", "3"] {
            catalog.send("cpu", &[("host", host)]).await;
        }
        assert_eq!(catalog.series("sf_metric:cpu").await, ["cpu host:1"]);
        assert_eq!(catalog.entries(CatalogKind::Dimension, "key:host").await, ["host:1", "host:2", "host:3"]);
        assert_eq!(catalog.service().usage().measures().await.series_left_out, 2);
    }

    async fn series_that_are_not_seen_any_more_are_removed(database: Database) {
        let catalog = Catalog::of(database).await;
        catalog.fill(3).await;
        catalog.send("cpu", &[("host", "1")]).await;
        assert_eq!(catalog.series("").await, ["cpu host:1", "full", "full", "full"]);
        catalog.stage.pass_millis((limits::CATALOG_SERIES_DAYS + 1) * DAY_MILLIS);
        catalog.send("cpu", &[("host", "1")]).await;
        assert_eq!(catalog.series("sf_metric:cpu").await, ["cpu host:1"]);
        catalog.service().remove_old_rows(KeepDays::default()).await.unwrap();
        assert_eq!(catalog.series("").await, ["cpu host:1"]);
        assert_eq!(catalog.series("host:1").await, ["cpu host:1"]);
    }

    async fn data_is_accepted_while_the_catalog_cannot_be_stored_which_catches_up(database: Database) {
        let catalog = Catalog::of(database).await;
        catalog.stage.database.tamper("ALTER TABLE series_dimension RENAME TO away").await;
        for host in ["1", "2"] {
            catalog.send("cpu", &[("host", host)]).await;
        }
        assert_eq!(catalog.series("sf_metric:cpu").await, Vec::<String>::new());
        catalog.stage.database.tamper("ALTER TABLE away RENAME TO series_dimension").await;
        assert_eq!(catalog.series("host:2").await, ["cpu host:2"]);
        assert_eq!(catalog.series("sf_metric:cpu").await, ["cpu host:1", "cpu host:2"]);
    }
}
