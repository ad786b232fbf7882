//! A server with a metric catalog, and what tests do with it.

use domain::{
    audit::event::{Action, AuditEvent, CatalogKind, ObjectType},
    identity::{actor::Caller, role::Role},
    ingest::{Kind, MetricType, catalog::names::EntryName},
    platform::{id::Id, page::OffsetPage},
};
use serde_json::{Value, json};
use service::{CatalogEntry, Parcel, SeriesView, Service, ServiceError};
use testbed::Database;

use crate::{
    objects::support::document,
    support::{START, Stage, request, server_settings},
};

pub(super) const PAGE: OffsetPage = OffsetPage {
    limit: 10,
    offset: 0,
};

/// A server, an org token that sends data, and an administrator.
pub(super) struct Catalog {
    pub(super) stage: Stage,
    pub(super) sender: Caller,
    pub(super) admin: Caller,
}

impl Catalog {
    pub(super) async fn of(database: Database) -> Self {
        let stage = Stage::set_up(database).await;
        let stage = Stage {
            service: Service::open(server_settings(&stage.database, &stage.clock))
                .await
                .unwrap(),
            ..stage
        };
        let admin = stage.caller("Ada", Role::Admin).await;
        let given = document(json!({"name": "agent", "authScopes": ["INGEST"]}));
        let made = stage
            .service
            .tokens()
            .org()
            .issue(&admin, &given)
            .await
            .unwrap();
        let secret = made.secret.unwrap().to_string();
        let sender = stage
            .service
            .tokens()
            .authenticate_sender(secret.as_bytes(), request())
            .await
            .unwrap();
        Self {
            stage,
            sender,
            admin,
        }
    }

    pub(super) fn service(&self) -> &Service {
        &self.stage.service
    }

    /// Sends a datapoint of a gauge.
    pub(super) async fn send(&self, metric: &str, dimensions: &[(&str, &str)]) {
        send(self.service(), &self.sender, metric, dimensions).await;
    }

    /// The series that a query finds, as the metric with the dimensions.
    pub(super) async fn series(&self, query: &str) -> Vec<String> {
        let found = self
            .service()
            .ingest()
            .search_series(&self.admin, query, "name", PAGE)
            .await
            .unwrap();
        let mut found: Vec<String> = found.results.iter().map(shown).collect();
        found.sort();
        found
    }

    pub(super) async fn entries(&self, kind: CatalogKind, query: &str) -> Vec<String> {
        let found = self
            .service()
            .ingest()
            .search_entries(&self.admin, kind, query, "name", PAGE)
            .await
            .unwrap();
        found
            .results
            .iter()
            .map(|entry| entry.name.shown())
            .collect()
    }

    pub(super) async fn put(
        &self,
        caller: &Caller,
        name: &EntryName,
        given: Value,
    ) -> Result<CatalogEntry, ServiceError> {
        self.service()
            .ingest()
            .put_entry(caller, name, &document(given))
            .await
    }

    /// What the history of an entry says: action and changed fields, newest first.
    pub(super) async fn history(&self, kind: CatalogKind, id: Id) -> Vec<(Action, Vec<String>)> {
        let info = self
            .stage
            .info(&self.admin, ObjectType::Catalog(kind), id)
            .await
            .unwrap();
        let fields = |event: &AuditEvent| {
            event
                .changes
                .iter()
                .map(|change| change.field.clone())
                .collect()
        };
        let events = info
            .history
            .unwrap()
            .into_iter()
            .map(|recorded| recorded.event);
        events.map(|event| (event.action, fields(&event))).collect()
    }

    pub(super) async fn event_count(&self) -> i64 {
        self.stage
            .number("SELECT CAST(COUNT(*) AS TEXT) FROM audit_event")
            .await
    }

    /// Fills the catalog with series that were last seen at the start.
    pub(super) async fn fill(&self, count: i64) {
        let at = START.as_micros();
        let organization = self.admin.organization_id();
        self.stage.database.tamper(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO metric_series (id, organization_id, metric, metric_type, dimensions, created_at, created_by, last_at) \
             SELECT CAST(1000000000 + i AS TEXT) || 'A', '{organization}', 'full', 'GAUGE', '{{}}', {at}, 'AAAAAAAAAAA', {at} \
             FROM n"
        )).await;
    }
}

fn shown(view: &SeriesView) -> String {
    let dimensions = view
        .series
        .dimensions
        .iter()
        .map(|(key, value)| format!(" {key}:{value}"));
    view.series.metric.clone() + &dimensions.collect::<String>()
}

/// Sends a datapoint of a gauge to a node.
pub(super) async fn send(
    node: &Service,
    sender: &Caller,
    metric: &str,
    dimensions: &[(&str, &str)],
) {
    let mut observer = node.ingest().observer(sender);
    observer.datapoint(metric, MetricType::Gauge, dimensions.iter().copied());
    let parcel = Parcel {
        kind: Kind::Datapoints,
        items: 1,
        dropped: 0,
        bytes: 3,
        payload: vec![1, 2, 3],
        observations: observer.finish(),
    };
    node.ingest().take_in(sender, parcel).await.unwrap();
}
