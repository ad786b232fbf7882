//! Copying what was read: each object is created, updated when it changed at the source, or left as it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    identity::actor::Caller,
    objects::imports::{
        kind::ImportKind,
        known::{Known, Person},
        mapping::{Mapped, content_of, mapped},
        not_mapped::NotMapped,
    },
    platform::{document::Document, id::Id, limits},
};
use serde_json::Value;
use service::{Service, ServiceError};

use super::{
    fetched::Fetched,
    reader::id_of,
    write::{Change, create, update},
};

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    Updated,
    Unchanged,
    Skipped(String),
    Failed(String),
}

/// The reason when an update would overwrite a change that was made here.
const KEPT: &str = "it was changed here, and not at the source";

impl Outcome {
    const fn of(change: Change) -> Self {
        match change {
            Change::Done => Self::Updated,
            Change::Nothing | Change::Kept => Self::Unchanged,
        }
    }
}

/// The digests of what was last imported.
struct Digests {
    /// Of the document that was stored here.
    stored: Vec<u8>,
    /// Of the content at the source.
    source: Vec<u8>,
}

/// What became of an object, and what it lacks here.
#[derive(Debug, Clone)]
pub(super) struct Copied {
    pub(super) outcome: Outcome,
    pub(super) left_out: Vec<String>,
}

/// An import in progress.
pub(super) struct Copying<'a> {
    service: &'a Service,
    caller: Caller,
    source: &'a str,
    known: Known,
    /// What was imported: our id and the digests.
    stored: HashMap<(ImportKind, String), (Id, Digests)>,
    copied: BTreeMap<(ImportKind, String), Copied>,
}

impl<'a> Copying<'a> {
    /// Begins with what was imported from this source before.
    pub(super) async fn begin(
        service: &'a Service,
        caller: Caller,
        source: &'a str,
        people: HashMap<String, Person>,
    ) -> Result<Self, ServiceError> {
        let mut known = Known::of(caller.organization_id(), people);
        let mut stored = HashMap::new();
        for imported in service.objects().list_imported(&caller, source).await? {
            let mut kinds = ImportKind::ALL.into_iter();
            let Some(kind) = kinds.find(|kind| kind.object_type().label() == imported.kind) else {
                continue;
            };
            known.insert(kind, &imported.source_id, imported.id);
            let digests = Digests {
                stored: imported.digest,
                source: imported.source_digest,
            };
            stored.insert((kind, imported.source_id), (imported.id, digests));
        }
        Ok(Self {
            service,
            caller,
            source,
            known,
            stored,
            copied: BTreeMap::new(),
        })
    }

    /// What became of an object.
    pub(super) fn copied(&self, kind: ImportKind, source_id: &str) -> Option<&Copied> {
        self.copied.get(&(kind, source_id.to_owned()))
    }

    /// Copies everything, twice: in the second pass objects may refer to those that the first pass created after them.
    ///
    /// # Errors
    /// [`ServiceError`] when the database does not answer. What was copied is kept, and a repeat continues.
    pub(super) async fn copy(&mut self, fetched: &Fetched) -> Result<(), ServiceError> {
        for _ in 0..2 {
            for kind in ImportKind::ALL {
                match kind {
                    ImportKind::DashboardGroup => self.copy_all(kind, fetched, false).await?,
                    // Copied with the dashboards.
                    ImportKind::Chart => {}
                    ImportKind::Dashboard => self.copy_dashboards(fetched).await?,
                    ImportKind::Integration
                    | ImportKind::Team
                    | ImportKind::Detector
                    | ImportKind::Slo
                    | ImportKind::DataLink
                    | ImportKind::AlertMuting => self.copy_all(kind, fetched, true).await?,
                }
            }
        }
        Ok(())
    }

    async fn copy_all(
        &mut self,
        kind: ImportKind,
        fetched: &Fetched,
        is_whole: bool,
    ) -> Result<(), ServiceError> {
        for object in fetched.of(kind) {
            self.copy_one(kind, object, is_whole).await?;
        }
        Ok(())
    }

    /// Copies dashboards, charts, and what groups show. A chart on no dashboard is open to the whole organization, so
    /// that a chart is created when one of its dashboards exists, and placed on it at once.
    async fn copy_dashboards(&mut self, fetched: &Fetched) -> Result<(), ServiceError> {
        self.copy_all(ImportKind::Dashboard, fetched, false).await?;
        let charts = fetched.of(ImportKind::Chart).iter();
        let charts: HashMap<&str, &Document> = charts
            .filter_map(|chart| Some((id_of(chart)?, chart)))
            .collect();
        let mut placed = HashSet::new();
        for dashboard in fetched.of(ImportKind::Dashboard) {
            let source_id = id_of(dashboard).unwrap_or_default();
            let exists = self.known.find(ImportKind::Dashboard, source_id).is_some();
            for id in charts_on(dashboard) {
                placed.insert(id);
                if let Some(chart) = charts.get(id).filter(|_| exists) {
                    self.copy_one(ImportKind::Chart, chart, true).await?;
                }
            }
            self.copy_one(ImportKind::Dashboard, dashboard, true)
                .await?;
        }
        for chart in fetched.of(ImportKind::Chart) {
            let id = id_of(chart).unwrap_or_default();
            if !placed.contains(id) {
                self.copy_one(ImportKind::Chart, chart, true).await?;
            } else if self.copied(ImportKind::Chart, id).is_none() {
                let reason = "its dashboard is not here; without it, it would be open to all";
                let copied = Copied {
                    outcome: Outcome::Failed(reason.to_owned()),
                    left_out: Vec::new(),
                };
                self.copied
                    .insert((ImportKind::Chart, id.to_owned()), copied);
            }
        }
        self.copy_all(ImportKind::DashboardGroup, fetched, true)
            .await
    }

    async fn copy_one(
        &mut self,
        kind: ImportKind,
        object: &Document,
        is_whole: bool,
    ) -> Result<(), ServiceError> {
        let Some(source_id) = id_of(object) else {
            return Ok(());
        };
        let key = (kind, source_id.to_owned());
        if !is_whole && self.stored.contains_key(&key) {
            return Ok(());
        }
        let (outcome, left_out) = match mapped(kind, object, &self.known, is_whole) {
            Ok(Mapped { document, left_out }) => {
                let content = content_of(kind, object);
                (self.store(&key, &content, &document).await?, left_out)
            }
            Err(NotMapped::Skipped(reason)) => (Outcome::Skipped(reason), Vec::new()),
            Err(NotMapped::Failed(reason)) => (Outcome::Failed(reason), Vec::new()),
        };
        let outcome = match (
            self.copied.get(&key).map(|earlier| &earlier.outcome),
            outcome,
        ) {
            (Some(Outcome::Created), Outcome::Updated | Outcome::Unchanged) => Outcome::Created,
            (Some(Outcome::Updated), Outcome::Unchanged) => Outcome::Updated,
            (_, outcome) => outcome,
        };
        self.copied.insert(key, Copied { outcome, left_out });
        Ok(())
    }

    async fn store(
        &mut self,
        key: &(ImportKind, String),
        content: &Document,
        document: &Document,
    ) -> Result<Outcome, ServiceError> {
        let (kind, source_id) = key;
        if !fits(document) {
            let bytes = limits::BODY_BYTES;
            return Ok(Outcome::Failed(format!("it exceeds {bytes} bytes")));
        }
        let objects = self.service.objects();
        let of_source = (kind.object_type(), source_id.as_str());
        let origin = objects.origin(self.source, of_source, content, document);
        let digests = Digests {
            stored: origin.digest.to_vec(),
            source: origin.source_digest.to_vec(),
        };
        let done = match self.stored.get(key) {
            Some((_, before)) if before.stored == digests.stored => return Ok(Outcome::Unchanged),
            Some((id, before)) => {
                let (id, changed_at_source) = (*id, before.source != digests.source);
                let caller = &self.caller;
                let updated = update(self.service, caller, *kind, id, document, changed_at_source);
                match updated.await {
                    Ok(Change::Kept) => return Ok(Outcome::Skipped(KEPT.to_owned())),
                    Ok(change) => {
                        objects.record_import(&self.caller, &origin).await?;
                        Ok((id, Outcome::of(change)))
                    }
                    Err(error) => Err(error),
                }
            }
            None => {
                let caller = objects.importing(&self.caller, origin);
                let created = create(self.service, &caller, *kind, document).await;
                created.map(|id| (id, Outcome::Created))
            }
        };
        match done {
            Ok((id, outcome)) => {
                self.known.insert(*kind, source_id, id);
                self.stored.insert(key.clone(), (id, digests));
                Ok(outcome)
            }
            Err(error) => refusal(*kind, document, error),
        }
    }
}

/// The ids of the charts on a dashboard of the source.
fn charts_on(dashboard: &Document) -> impl Iterator<Item = &str> {
    let places = dashboard.get("charts").and_then(Value::as_array);
    let places = places.into_iter().flatten();
    places.filter_map(|place| place["chartId"].as_str())
}

/// Whether the API would accept a document of this size.
fn fits(document: &Document) -> bool {
    serde_json::to_vec(document).is_ok_and(|bytes| bytes.len() <= limits::BODY_BYTES)
}

/// What an error says about one object. Other errors end the import.
fn refusal(
    kind: ImportKind,
    document: &Document,
    error: ServiceError,
) -> Result<Outcome, ServiceError> {
    match error {
        ServiceError::Rejected(rejected)
            if kind == ImportKind::Integration && is_missing(document, &rejected.field) =>
        {
            Ok(Outcome::Skipped(format!(
                "it needs its secret ({rejected})"
            )))
        }
        ServiceError::Rejected(_)
        | ServiceError::Denied(_)
        | ServiceError::NotFound(_)
        | ServiceError::Conflict(_)
        | ServiceError::Superseded(_)
        | ServiceError::ConcurrentChange(_)
        | ServiceError::Limited { .. } => Ok(Outcome::Failed(error.to_string())),
        ServiceError::Unauthenticated
        | ServiceError::SignInFailed
        | ServiceError::PasswordNeeded(_)
        | ServiceError::KeyReused
        | ServiceError::InProgress
        | ServiceError::OutcomeUnknown(_)
        | ServiceError::Unavailable(_)
        | ServiceError::Full(_)
        | ServiceError::NotConfigured(_)
        | ServiceError::Internal(_) => Err(error),
    }
}

/// Whether a document does not have a field, which may be in a list: `projectServiceKeys[0].projectKey`.
fn is_missing(document: &Document, field: &str) -> bool {
    let path = field.replace('[', "/").replace(']', "").replace('.', "/");
    let value = serde_json::Value::Object(document.clone());
    value
        .pointer(&format!("/{path}"))
        .is_none_or(serde_json::Value::is_null)
}
