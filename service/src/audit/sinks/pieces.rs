//! Cuts the rows that checkpoints cover into pieces: the lines of one request to a sink.

use std::ops::ControlFlow;

use store::{Checkpoint, Conn, SinkCursor};

use crate::{
    audit::export::ndjson::{call_line, event_line, put_line},
    platform::error::ServiceError,
};

/// Maximum number of events that are read at once.
const EVENTS_AT_ONCE: i64 = 500;

/// Maximum size of a piece in bytes. An event or a block of calls that is larger is sent alone.
const PIECE_BYTES: usize = 1 << 20;

/// Maximum number of lines in a piece.
const PIECE_LINES: usize = 5_000;

/// Maximum number of reads for one piece. Retention may have removed the rows of most checkpoints, and the position is
/// stored between pieces.
const READS: usize = 256;

/// Lines for a sink, and its cursor after them.
pub(super) struct Piece {
    pub(super) lines: Vec<u8>,
    count: usize,
    pub(super) then: SinkCursor,
}

impl Piece {
    /// Whether the lines of `next` fit into the piece too.
    const fn has_room_for(&self, next: &Self) -> bool {
        self.lines.len() + next.lines.len() <= PIECE_BYTES && self.count + next.count <= PIECE_LINES
    }

    fn add(&mut self, next: Self) {
        self.lines.extend(next.lines);
        self.count += next.count;
        self.then = next.then;
    }
}

/// The pieces after a cursor, in order.
pub(super) struct Pieces {
    cursor: SinkCursor,
    /// The checkpoint that is being read, and the last event of the one before.
    current: Option<(Checkpoint, i64)>,
    /// Rows that were read and did not fit into the last piece.
    left: Option<Piece>,
}

impl Pieces {
    pub(super) const fn after(cursor: SinkCursor) -> Self {
        Self {
            cursor,
            current: None,
            left: None,
        }
    }

    /// The next piece; `None` when no checkpoint covers further rows.
    pub(super) async fn next(&mut self, conn: &mut Conn) -> Result<Option<Piece>, ServiceError> {
        let first = match self.left.take() {
            Some(left) => Some(left),
            None => self.read(conn).await?,
        };
        let Some(mut piece) = first else {
            return Ok(None);
        };
        for _ in 1..READS {
            let Some(next) = self.read(conn).await? else {
                break;
            };
            if !piece.has_room_for(&next) {
                self.left = Some(next);
                break;
            }
            piece.add(next);
        }
        Ok(Some(piece))
    }

    /// Reads the next rows: some events, or one block of calls.
    async fn read(&mut self, conn: &mut Conn) -> Result<Option<Piece>, ServiceError> {
        let cursor = self.cursor;
        if self.current.is_none() {
            self.current = next_checkpoint(conn, cursor).await?;
        }
        let Some((checkpoint, after)) = &self.current else {
            return Ok(None);
        };
        let events = checkpoint.last_event - after;
        let blocks = i64::try_from(checkpoint.blocks.len()).unwrap_or(i64::MAX);
        let mut piece = if cursor.rows_done < events {
            events_after(conn, checkpoint, *after, cursor).await?
        } else {
            block_at(conn, checkpoint, cursor.rows_done - events, cursor).await?
        };
        if piece.then.rows_done >= events + blocks {
            piece.then = SinkCursor {
                checkpoint: checkpoint.number,
                rows_done: 0,
            };
            self.current = None;
        }
        self.cursor = piece.then;
        Ok(Some(piece))
    }
}

/// The first checkpoint that is not sent completely, and the last event of the one before.
async fn next_checkpoint(
    conn: &mut Conn,
    cursor: SinkCursor,
) -> Result<Option<(Checkpoint, i64)>, ServiceError> {
    let mut after = 0;
    for checkpoint in conn.list_checkpoints(cursor.checkpoint - 1, 2).await? {
        if checkpoint.number > cursor.checkpoint {
            return Ok(Some((checkpoint, after)));
        }
        after = checkpoint.last_event;
    }
    Ok(None)
}

/// The next events of a checkpoint, which follow the event `after`.
async fn events_after(
    conn: &mut Conn,
    checkpoint: &Checkpoint,
    after: i64,
    cursor: SinkCursor,
) -> Result<Piece, ServiceError> {
    let (mut lines, mut count) = (Vec::new(), 0);
    // Retention may have deleted some of the events; their numbers are never used again.
    let mut last = checkpoint.last_event;
    let from = after + cursor.rows_done;
    conn.visit_numbered_events(from, checkpoint.last_event, EVENTS_AT_ONCE, |row| {
        last = row.number;
        count += 1;
        put_line(&mut lines, &event_line(&row)?)?;
        Ok::<_, ServiceError>(if lines.len() < PIECE_BYTES {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        })
    })
    .await?;
    let rows_done = last - after;
    let then = SinkCursor {
        rows_done,
        ..cursor
    };
    Ok(Piece { lines, count, then })
}

/// The block of calls at this place of a checkpoint.
async fn block_at(
    conn: &mut Conn,
    checkpoint: &Checkpoint,
    place: i64,
    cursor: SinkCursor,
) -> Result<Piece, ServiceError> {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    let calls = match checkpoint.blocks.get(place) {
        Some(id) => conn.list_calls_of_block(*id).await?,
        None => Vec::new(),
    };
    let mut lines = Vec::new();
    for call in &calls {
        put_line(&mut lines, &call_line(call))?;
    }
    let then = SinkCursor {
        rows_done: cursor.rows_done + 1,
        ..cursor
    };
    let count = calls.len();
    Ok(Piece { lines, count, then })
}
