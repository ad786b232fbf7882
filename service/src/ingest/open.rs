//! Opening the queue and its forwarder.

use std::{io, path::PathBuf};

use crate::{
    ingest::{
        counts::Counts,
        forward::Forwarder,
        forward_state::ForwardState,
        handle::Intake,
        queue::Queue,
        shared::Bounds,
        upstream::{Upstream, UpstreamSettings},
    },
    platform::{clock::Clock, http_client::PostRefused},
};

/// What taking data in needs to know.
#[derive(Debug, Clone)]
pub struct IngestSettings {
    /// The folder of the queue; `ingest` beside the SQLite file, or in `data`, when not said.
    pub folder: Option<PathBuf>,
    /// Bytes the queue may take on disk.
    pub queue_bytes: u64,
    /// How long what needs not wait any more is kept to be looked at, in seconds.
    pub keep_seconds: i64,
    /// Where it is forwarded to.
    pub upstream: Option<UpstreamSettings>,
}

impl Default for IngestSettings {
    /// One gibibyte, an hour, and nothing forwarded.
    fn default() -> Self {
        Self {
            folder: None,
            queue_bytes: 1 << 30,
            keep_seconds: 60 * 60,
            upstream: None,
        }
    }
}

/// Opens the queue, and begins to forward it when there is somewhere to.
pub(crate) fn open(
    settings: IngestSettings,
    folder: PathBuf,
    clock: Clock,
) -> Result<(Intake, Option<Forwarder>), OpenIngestError> {
    let bounds = Bounds {
        folder,
        bytes: settings.queue_bytes,
        keep_seconds: settings.keep_seconds,
        forwards: settings.upstream.is_some(),
    };
    let upstream = settings.upstream.map(Upstream::new).transpose()?;
    let (queue, cursor) = Queue::open(bounds, clock)?;
    let state = ForwardState::default();
    let forwarder = upstream
        .map(|upstream| Forwarder::new(queue.shared.clone(), cursor, upstream, state.clone()));
    let intake = Intake {
        queue: Some(queue),
        counts: Counts::default(),
        state,
    };
    Ok((intake, forwarder))
}

/// Why data cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum OpenIngestError {
    /// Its folder.
    #[error("the ingest queue cannot be opened")]
    Queue(#[from] io::Error),
    /// Where it shall be forwarded to.
    #[error(transparent)]
    Upstream(#[from] PostRefused),
}
