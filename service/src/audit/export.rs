//! Export of audit events or calls, oldest first, as NDJSON or CSV. It is written in chunks, so that memory use does
//! not depend on the size of the export. Each export leaves an audit event, unless the process only reads the database.

pub(crate) mod chunk;
pub(crate) mod csv;
pub(crate) mod format;
pub(crate) mod ndjson;
pub(crate) mod reader;

use std::ops::ControlFlow;

use domain::{
    audit::{
        event::{Action, FieldChange, ObjectType},
        query::{AuditFilter, AuditPosition, EntryKind, PageDirection},
    },
    identity::actor::Caller,
    platform::timestamp::Timestamp,
};
use serde_json::json;
use store::{CallWalk, EventFilter};

use crate::{
    audit::{
        commit::{done, object},
        export::{
            chunk::{CHUNK_BYTES, Chunk},
            csv::{CALL_COLUMNS, EVENT_COLUMNS},
            format::ExportFormat,
            reader::check_reader,
        },
        handle::Audit,
        pages::access::{call_filter, event_filter},
        query::{check_auditor, place_of_row},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// Number of events in one read.
const BATCH: i64 = 1_000;

/// A running export: [`Export::next_chunk`] returns one chunk after the other.
#[derive(Debug)]
pub struct Export {
    platform: Platform,
    reader: Caller,
    format: ExportFormat,
    rows: Rows,
    /// Whether the header line is still to be written.
    has_head: bool,
}

#[derive(Debug)]
enum Rows {
    /// Events, starting after a position.
    Events(EventFilter, AuditPosition),
    Calls(Box<CallWalk>),
    /// No rows are left, or none match the filter.
    None,
}

impl Audit {
    /// Starts an export of the matching events or calls that exist now, for administrators and the command line.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for other callers.
    pub async fn export(
        &self,
        caller: &Caller,
        what: EntryKind,
        filter: &AuditFilter,
        format: ExportFormat,
    ) -> Result<Export, ServiceError> {
        check_auditor(caller)?;
        let now = self.platform.now();
        if !self.platform.store().only_reads() {
            self.record_export(caller, now, what, export_details(filter, format))
                .await?;
        }
        // The export ends at the current time, because reading a growing log would not end.
        let filter = AuditFilter {
            to: Some(filter.to.map_or(now, |to| to.min(now))),
            ..filter.clone()
        };
        let from = AuditPosition::before(filter.from.unwrap_or(Timestamp::from_micros(i64::MIN)));
        let rows = match what {
            EntryKind::Events => event_filter(caller, &filter)
                .map_or(Rows::None, |filter| Rows::Events(filter, from)),
            EntryKind::Calls => {
                self.flush_calls().await?;
                let meant = call_filter(caller, &filter);
                Rows::Calls(Box::new(CallWalk::new(meant, PageDirection::Newer(from))))
            }
        };
        Ok(Export {
            platform: self.platform.clone(),
            reader: caller.clone(),
            format,
            has_head: format == ExportFormat::Csv,
            rows,
        })
    }
}

impl Audit {
    pub(crate) async fn record_export(
        &self,
        caller: &Caller,
        now: Timestamp,
        what: EntryKind,
        details: Vec<FieldChange>,
    ) -> Result<(), ServiceError> {
        let write = self.platform.store().write().await?;
        let taken = object(ObjectType::AuditLog, caller.organization_id(), what.label());
        let event = done(caller, now, Action::Export, taken, details);
        self.commit(write, event).await
    }
}

/// The filter and the format, for the audit event.
pub(crate) fn export_details(filter: &AuditFilter, format: ExportFormat) -> Vec<FieldChange> {
    let details = [
        ("format", Some(json!(format.label()))),
        ("from", filter.from.map(|at| json!(at.to_rfc3339()))),
        ("to", filter.to.map(|at| json!(at.to_rfc3339()))),
        ("person", filter.person.map(|id| json!(id))),
        ("token", filter.token.map(|id| json!(id))),
        ("kind", filter.kind.map(|kind| json!(kind.label()))),
        ("object", filter.object.map(|id| json!(id))),
        ("action", filter.action.map(|action| json!(action.label()))),
        (
            "outcome",
            filter.outcome.map(|outcome| json!(outcome.label())),
        ),
        (
            "address",
            filter.address.as_ref().map(|address| json!(address)),
        ),
        ("request", filter.request.map(|id| json!(id))),
    ];
    let details = details
        .into_iter()
        .filter_map(|(field, value)| value.map(|value| (field, value)));
    details
        .map(|(field, value)| FieldChange {
            field: field.to_owned(),
            before: None,
            after: Some(value),
        })
        .collect()
}

impl Export {
    /// The next chunk; `None` at the end. No database connection is held between two chunks, so that a slow reader does
    /// not block others.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] once the person who reads it may not read the audit log,
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, ServiceError> {
        if !matches!(self.rows, Rows::None) {
            let mut read = self.platform.store().read().await?;
            check_reader(&mut read, &self.reader, self.platform.now()).await?;
        }
        let mut chunk = Chunk::begin(self.format);
        if std::mem::take(&mut self.has_head) {
            chunk.put_head(match self.rows {
                Rows::Calls(_) => &CALL_COLUMNS,
                Rows::Events(..) | Rows::None => &EVENT_COLUMNS,
            })?;
        }
        let mut is_at_end = true;
        match &mut self.rows {
            Rows::None => {}
            Rows::Events(filter, place) => {
                let direction = PageDirection::Newer(*place);
                let mut read = self.platform.store().read().await?;
                read.visit_events(filter, direction, BATCH, |row| {
                    is_at_end = false;
                    *place = place_of_row(&row);
                    chunk.put_event(&row)?;
                    Ok::<_, ServiceError>(if chunk.len() < CHUNK_BYTES {
                        ControlFlow::Continue(())
                    } else {
                        ControlFlow::Break(())
                    })
                })
                .await?;
            }
            Rows::Calls(walk) => {
                let mut read = self.platform.store().read().await?;
                let calls = read.next_calls(walk).await?;
                drop(read);
                is_at_end = calls.is_empty();
                for call in &calls {
                    chunk.put_call(call)?;
                }
            }
        }
        if is_at_end {
            self.rows = Rows::None;
        }
        let written = chunk.written()?;
        Ok(Some(written).filter(|written| !written.is_empty()))
    }
}
