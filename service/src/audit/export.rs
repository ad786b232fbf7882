//! Export of audit events or calls, oldest first, as NDJSON or CSV. It is written in chunks, so that memory use does
//! not depend on the size of the export. Each export leaves an audit event.

use std::ops::ControlFlow;

use domain::{
    audit::{
        event::{Action, FieldChange, ObjectType},
        query::{AuditFilter, AuditPosition, EntryKind, PageDirection},
    },
    identity::actor::Caller,
    platform::{rejection::Rejected, timestamp::Timestamp},
};
use serde_json::json;
use store::{Call, CallWalk, EventFilter, EventRow};

use crate::{
    audit::{
        commit::{done, object},
        csv::{ACT_COLUMNS, CALL_COLUMNS, act_cells, call_cells},
        handle::Audit,
        ndjson::{act_line, call_line, put_line},
        pages::{calls_meant, events_meant},
        query::{check_auditor, place_of_row},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// Number of events in one read.
const BATCH: i64 = 1_000;

/// Approximate size of a chunk in bytes. A chunk is complete once it is at least this large; a single event can be as
/// large as a request.
const PIECE_BYTES: usize = 1_048_576;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated values (RFC 4180) with a header line. A value that a spreadsheet would run as a formula is
    /// prefixed with a quote.
    Csv,
}

impl ExportFormat {
    /// The name in query strings and on the command line, and the file name extension.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// Parses the name.
    ///
    /// # Errors
    /// [`Rejected`] for any other name.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        [Self::Ndjson, Self::Csv]
            .into_iter()
            .find(|format| format.label() == text)
            .ok_or_else(|| Rejected::field("format", "A format is ndjson or csv."))
    }
}

/// A running export: [`Export::next_piece`] returns one chunk after the other.
#[derive(Debug)]
pub struct Export {
    platform: Platform,
    format: ExportFormat,
    rows: Rows,
    /// Whether the header line is still to be written.
    has_head: bool,
}

#[derive(Debug)]
enum Rows {
    /// Events, starting after a position.
    Acts(EventFilter, AuditPosition),
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
        let write = self.platform.store().write().await?;
        let now = self.platform.now();
        let taken = object(ObjectType::AuditLog, caller.organization_id(), what.label());
        let event = done(caller, now, Action::Export, taken, asked(filter, format));
        self.commit(write, event).await?;
        // The export ends at the current time, because reading a growing log would not end.
        let filter = AuditFilter {
            to: Some(filter.to.map_or(now, |to| to.min(now))),
            ..filter.clone()
        };
        let from = AuditPosition::before(filter.from.unwrap_or(Timestamp::from_micros(i64::MIN)));
        let rows = match what {
            EntryKind::Events => {
                events_meant(caller, &filter).map_or(Rows::None, |filter| Rows::Acts(filter, from))
            }
            EntryKind::Calls => {
                self.flush_calls().await?;
                let meant = calls_meant(caller, &filter);
                Rows::Calls(Box::new(CallWalk::new(meant, PageDirection::Newer(from))))
            }
        };
        Ok(Export {
            platform: self.platform.clone(),
            format,
            has_head: format == ExportFormat::Csv,
            rows,
        })
    }
}

/// The filter and the format, for the audit event.
fn asked(filter: &AuditFilter, format: ExportFormat) -> Vec<FieldChange> {
    let asked = [
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
    ];
    let asked = asked
        .into_iter()
        .filter_map(|(field, value)| value.map(|value| (field, value)));
    asked
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
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, ServiceError> {
        let mut piece = Piece::begin(self.format);
        if std::mem::take(&mut self.has_head) {
            piece.put_head(match self.rows {
                Rows::Calls(_) => &CALL_COLUMNS,
                Rows::Acts(..) | Rows::None => &ACT_COLUMNS,
            })?;
        }
        let mut is_at_end = true;
        match &mut self.rows {
            Rows::None => {}
            Rows::Acts(filter, place) => {
                let turn = PageDirection::Newer(*place);
                let mut read = self.platform.store().read().await?;
                read.visit_events(filter, turn, BATCH, |row| {
                    is_at_end = false;
                    *place = place_of_row(&row);
                    piece.put_act(&row)?;
                    Ok::<_, ServiceError>(if piece.len() < PIECE_BYTES {
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
                    piece.put_call(call)?;
                }
            }
        }
        if is_at_end {
            self.rows = Rows::None;
        }
        let written = piece.written()?;
        Ok(Some(written).filter(|written| !written.is_empty()))
    }
}

/// The text of one chunk while it is written.
enum Piece {
    Lines(Vec<u8>),
    Table(Box<csv::Writer<Vec<u8>>>),
}

impl Piece {
    fn begin(format: ExportFormat) -> Self {
        let text = Vec::with_capacity(PIECE_BYTES / 2);
        match format {
            ExportFormat::Ndjson => Self::Lines(text),
            ExportFormat::Csv => Self::Table(Box::new(csv::Writer::from_writer(text))),
        }
    }

    /// Writes the header line of CSV.
    fn put_head(&mut self, columns: &[&str]) -> Result<(), ServiceError> {
        match self {
            Self::Lines(_) => Ok(()),
            Self::Table(table) => put_row(table, |put| columns.iter().for_each(|name| put(name))),
        }
    }

    fn put_act(&mut self, act: &EventRow<&str>) -> Result<(), ServiceError> {
        match self {
            Self::Lines(lines) => put_line(lines, &act_line(act)?),
            Self::Table(table) => put_row(table, |put| act_cells(act, put)),
        }
    }

    fn put_call(&mut self, call: &Call) -> Result<(), ServiceError> {
        match self {
            Self::Lines(lines) => put_line(lines, &call_line(call)),
            Self::Table(table) => put_row(table, |put| call_cells(call, put)),
        }
    }

    /// The approximate size so far, in bytes.
    fn len(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.len(),
            Self::Table(table) => table.get_ref().len(),
        }
    }

    fn written(self) -> Result<Vec<u8>, ServiceError> {
        match self {
            Self::Lines(lines) => Ok(lines),
            Self::Table(table) => table
                .into_inner()
                .map_err(|error| failed(error.into_error())),
        }
    }
}

fn put_row(
    table: &mut csv::Writer<Vec<u8>>,
    cells: impl FnOnce(&mut dyn FnMut(&str)),
) -> Result<(), ServiceError> {
    let mut result = Ok(());
    cells(&mut |cell: &str| {
        if result.is_ok() {
            result = put_cell(table, cell);
        }
    });
    result?;
    table.write_record(None::<&[u8]>).map_err(failed)
}

/// Writes a field. A value that a spreadsheet would run as a formula is prefixed with a quote.
fn put_cell(table: &mut csv::Writer<Vec<u8>>, cell: &str) -> Result<(), ServiceError> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        table.write_field(format!("'{cell}")).map_err(failed)
    } else {
        table.write_field(cell).map_err(failed)
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> ServiceError {
    ServiceError::Internal(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_read_instead() {
        let mut piece = Piece::begin(ExportFormat::Csv);
        let cells = [
            "=1+1",
            "+1",
            "-1",
            "@SUM",
            "\t=1",
            "\r=1",
            "a=1",
            "say \"yes\", twice",
            "",
        ];
        piece.put_head(&cells).unwrap();
        let text = String::from_utf8(piece.written().unwrap()).unwrap();
        assert_eq!(
            text,
            "'=1+1,'+1,'-1,'@SUM,'\t=1,\"'\r=1\",a=1,\"say \"\"yes\"\", twice\",\n"
        );
    }

    #[test]
    fn formats_are_read_back() {
        for format in [ExportFormat::Ndjson, ExportFormat::Csv] {
            assert_eq!(ExportFormat::parse(format.label()), Ok(format));
        }
        assert!(ExportFormat::parse("xlsx").is_err());
    }
}
