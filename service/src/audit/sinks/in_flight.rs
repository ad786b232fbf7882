//! The pieces that are being sent to a sink. They are sent at the same time and confirmed in order.

use std::{collections::VecDeque, sync::Arc};

use store::SinkCursor;
use tokio::task::JoinHandle;

use super::{pieces::Piece, sink::Target};

/// The pieces that a sink has not confirmed yet. Dropping this cancels their requests.
pub(super) struct InFlight {
    target: Arc<Target>,
    /// The maximum number of pieces.
    pub(super) at_once: usize,
    pieces: VecDeque<Sending>,
}

/// A piece that is being sent, and the cursor after it.
struct Sending {
    answer: JoinHandle<Result<(), String>>,
    then: SinkCursor,
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.answer.abort();
    }
}

impl InFlight {
    pub(super) fn to(target: &Arc<Target>, at_once: usize) -> Self {
        Self {
            target: Arc::clone(target),
            at_once,
            pieces: VecDeque::new(),
        }
    }

    /// Whether another piece may be sent.
    pub(super) fn has_room(&self) -> bool {
        self.pieces.len() < self.at_once
    }

    /// Starts to send a piece.
    pub(super) fn start(&mut self, piece: Piece) {
        let (target, lines) = (Arc::clone(&self.target), piece.lines);
        let answer = tokio::spawn(async move {
            match lines.is_empty() {
                true => Ok(()),
                false => target.take(lines).await,
            }
        });
        let then = piece.then;
        self.pieces.push_back(Sending { answer, then });
    }

    /// Waits for the answer to the oldest piece: the cursor after it, or why the sink did not accept it. `None` when no
    /// piece is being sent.
    pub(super) async fn next(&mut self) -> Option<Result<SinkCursor, String>> {
        let mut oldest = self.pieces.pop_front()?;
        let answer = (&mut oldest.answer).await;
        let confirmed = answer.unwrap_or_else(|error| Err(error.to_string()));
        Some(confirmed.map(|()| oldest.then))
    }
}
