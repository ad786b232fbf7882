//! Export of a log for programs that continue where they stopped: events by number, calls by checkpoint, because rows
//! are only added in these orders. Times do not work as a position: a row may be stored after another one with a later
//! time.
//!
//! Lines have the shape of the other exports. After each chunk follows a line with the cursor after it.

pub(crate) mod cursor;

use std::ops::ControlFlow;

use domain::{
    audit::{
        event::FieldChange,
        query::{AuditFilter, EntryKind},
    },
    identity::actor::Caller,
    platform::{rejection::Rejected, timestamp::Timestamp},
};
use serde::Serialize;
use serde_json::json;
use store::{CallFilter, Conn, EventFilter, NumberRange};

use crate::{
    audit::{
        export::{
            chunk::CHUNK_BYTES,
            export_details,
            format::ExportFormat,
            ndjson::{call_line, event_line, put_line},
            reader::check_reader,
        },
        handle::Audit,
        log_stream::cursor::LogCursor,
        pages::access::{call_filter, event_filter},
        query::denied_reading,
    },
    platform::{error::ServiceError, handle::Platform},
};

/// Maximum number of event numbers that one read looks at, so that rare matches do not hold a connection.
const EVENTS_SCANNED: i64 = 10_000;

/// Maximum number of events in one read.
const EVENTS_AT_ONCE: i64 = 1_000;

/// Maximum number of checkpoints that one read looks at.
const CHECKPOINTS_AT_ONCE: i64 = 32;

/// How long before the start of the time range the first checkpoint that is read was made. The clocks of two nodes may
/// differ.
const CLOCK_SECONDS: i64 = 60;

/// A running export: [`LogStream::next_chunk`] returns one chunk after the other.
#[derive(Debug)]
pub struct LogStream {
    platform: Platform,
    reader: Caller,
    rows: Rows,
    cursor: LogCursor,
    is_at_end: bool,
}

#[derive(Debug)]
enum Rows {
    /// Events up to this number. `None`: no event can match.
    Events(Option<EventFilter>, i64),
    /// Calls up to this checkpoint.
    Calls(CallFilter, i64),
}

/// The line after a chunk: where a request continues.
#[derive(Debug, Serialize)]
struct CursorLine {
    record: &'static str,
    cursor: String,
    /// Whether everything that existed when the export began was sent.
    complete: bool,
}

impl Audit {
    /// Starts an export of the matching rows after the cursor, for administrators and org tokens with scope `AUDIT`. It
    /// ends with the newest event of now, or the newest call that a checkpoint covers. The export is an audit event.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for other callers, [`ServiceError::Rejected`] for a cursor beyond the end of the log.
    pub async fn stream_log(
        &self,
        caller: &Caller,
        log: EntryKind,
        filter: &AuditFilter,
        cursor: LogCursor,
    ) -> Result<LogStream, ServiceError> {
        if !caller.actor().may_export_logs() {
            return Err(denied_reading());
        }
        let mut read = self.platform.store().read().await?;
        let newest = read.find_newest_checkpoint().await?;
        let newest = newest.map_or(0, |newest| newest.number);
        let (rows, end) = match log {
            EntryKind::Events => {
                let to = read.newest_event_number().await?;
                let filter = event_filter(caller, filter);
                (Rows::Events(filter, to), LogCursor::Event(to))
            }
            EntryKind::Calls => {
                let end = LogCursor::Call {
                    checkpoint: newest,
                    blocks: 0,
                };
                (Rows::Calls(call_filter(caller, filter), newest), end)
            }
        };
        if cursor > end {
            // As after a restore from a backup: numbers are used again, and a reader would skip them.
            let words = format!(
                "The log ends at {}, before the cursor: the database was replaced by an older one.",
                end.label()
            );
            return Err(Rejected::field("cursor", words).into());
        }
        let start = match filter.from {
            Some(from) => start_of(&mut read, log, from, newest).await?,
            None => LogCursor::start(log),
        };
        drop(read);
        let mut details = export_details(filter, ExportFormat::Ndjson);
        details.push(FieldChange {
            field: "cursor".to_owned(),
            before: None,
            after: Some(json!(cursor.label())),
        });
        self.record_export(caller, self.platform.now(), log, details)
            .await?;
        Ok(LogStream {
            platform: self.platform.clone(),
            reader: caller.clone(),
            rows,
            cursor: cursor.max(start),
            is_at_end: false,
        })
    }
}

impl LogStream {
    /// The next chunk, which ends with a cursor line; `None` at the end. No database connection is held between two
    /// chunks, so that a slow reader does not block others.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] once the reader may not export the logs, [`ServiceError::Unavailable`] when the
    /// database does not answer.
    pub async fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, ServiceError> {
        if self.is_at_end {
            return Ok(None);
        }
        let mut read = self.platform.store().read().await?;
        check_reader(&mut read, &self.reader, self.platform.now()).await?;
        let mut lines = Vec::new();
        let cursor = match (&self.rows, self.cursor) {
            (Rows::Events(Some(filter), to), LogCursor::Event(after)) if after < *to => {
                put_events(&mut read, filter, after, *to, &mut lines).await?
            }
            (Rows::Calls(filter, to), LogCursor::Call { checkpoint, blocks })
                if checkpoint < *to =>
            {
                put_calls(&mut read, filter, (checkpoint, blocks), *to, &mut lines).await?
            }
            (Rows::Events(None, to), LogCursor::Event(after)) => LogCursor::Event(after.max(*to)),
            (Rows::Events(..) | Rows::Calls(..), cursor) => cursor,
        };
        drop(read);
        self.is_at_end = match (&self.rows, cursor) {
            (Rows::Events(_, to), LogCursor::Event(after)) => after >= *to,
            (Rows::Calls(_, to), LogCursor::Call { checkpoint, .. }) => checkpoint >= *to,
            (Rows::Events(..), LogCursor::Call { .. }) | (Rows::Calls(..), LogCursor::Event(_)) => {
                true
            }
        };
        self.cursor = cursor;
        put_line(
            &mut lines,
            &CursorLine {
                record: "cursor",
                cursor: cursor.label(),
                complete: self.is_at_end,
            },
        )?;
        Ok(Some(lines))
    }
}

/// Adds the lines of the next events. Returns the cursor after them.
async fn put_events(
    read: &mut Conn,
    filter: &EventFilter,
    after: i64,
    to: i64,
    lines: &mut Vec<u8>,
) -> Result<LogCursor, ServiceError> {
    let range = NumberRange {
        after,
        scanned_to: after.saturating_add(EVENTS_SCANNED),
        to,
    };
    let (mut last, mut count, mut is_cut) = (after, 0, false);
    read.visit_matching_events(filter, range, EVENTS_AT_ONCE, |row| {
        last = row.number;
        count += 1;
        put_line(lines, &event_line(&row)?)?;
        is_cut = lines.len() >= CHUNK_BYTES;
        Ok::<_, ServiceError>(if is_cut {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })
    .await?;
    let is_cut = is_cut || count == EVENTS_AT_ONCE;
    Ok(LogCursor::Event(if is_cut {
        last
    } else {
        range.scanned_to.min(to)
    }))
}

/// Adds the lines of the next calls: of some checkpoints, up to the size of a chunk. Returns the cursor after them.
async fn put_calls(
    read: &mut Conn,
    filter: &CallFilter,
    (checkpoint, mut done): (i64, i64),
    to: i64,
    lines: &mut Vec<u8>,
) -> Result<LogCursor, ServiceError> {
    let mut cursor = LogCursor::Call {
        checkpoint,
        blocks: done,
    };
    let found = read
        .list_checkpoints(checkpoint, CHECKPOINTS_AT_ONCE)
        .await?;
    if found.is_empty() {
        return Ok(LogCursor::Call {
            checkpoint: to,
            blocks: 0,
        });
    }
    for next in found.into_iter().filter(|next| next.number <= to) {
        let skipped = usize::try_from(done).unwrap_or(usize::MAX);
        for id in next.blocks.iter().skip(skipped) {
            if lines.len() >= CHUNK_BYTES {
                return Ok(cursor);
            }
            for call in read.list_calls_of_block(*id).await? {
                if filter.has(&call) {
                    put_line(lines, &call_line(&call))?;
                }
            }
            done += 1;
            cursor = LogCursor::Call {
                checkpoint: next.number - 1,
                blocks: done,
            };
        }
        done = 0;
        cursor = LogCursor::Call {
            checkpoint: next.number,
            blocks: 0,
        };
    }
    Ok(cursor)
}

/// The position of the last checkpoint that was made before any row of the time range, found by halving.
async fn start_of(
    read: &mut Conn,
    log: EntryKind,
    from: Timestamp,
    newest: i64,
) -> Result<LogCursor, ServiceError> {
    let from = from.plus_seconds(-CLOCK_SECONDS);
    let (mut before, mut last_event, mut end) = (0, 0, newest);
    while before < end {
        let middle = before + (end - before + 1) / 2;
        let found = read.list_checkpoints(middle - 1, 1).await?.pop();
        match found.filter(|found| found.number == middle && found.at < from) {
            Some(found) => (before, last_event) = (middle, found.last_event),
            None => end = middle - 1,
        }
    }
    Ok(match log {
        EntryKind::Events => LogCursor::Event(last_event),
        EntryKind::Calls => LogCursor::Call {
            checkpoint: before,
            blocks: 0,
        },
    })
}
