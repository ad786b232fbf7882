//! Opens the queue and its forwarder.

use std::{io, path::PathBuf, sync::Arc};

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
    platform::{
        clock::Clock,
        file_access::{self, UnusableFile},
        http_endpoint::InvalidEndpoint,
    },
};

/// The settings of ingest.
#[derive(Debug, Clone)]
pub struct IngestSettings {
    /// The folder of the queue; by default `ingest` beside the SQLite file, or in `data`.
    pub folder: Option<PathBuf>,
    /// The maximum size of the queue on disk, in bytes.
    pub queue_bytes: u64,
    /// How long forwarded data is kept for display, in seconds.
    pub keep_seconds: i64,
    /// The upstream to forward to; `None` when data is not forwarded.
    pub upstream: Option<UpstreamSettings>,
}

impl Default for IngestSettings {
    /// One gibibyte, one hour, and no forwarding.
    fn default() -> Self {
        Self {
            folder: None,
            queue_bytes: 1 << 30,
            keep_seconds: 60 * 60,
            upstream: None,
        }
    }
}

/// Opens the queue, and its forwarder if an upstream is configured.
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
    let counts = Arc::<Counts>::default();
    file_access::check_folder(&bounds.folder)?;
    let folder = bounds.folder.clone();
    let (queue, cursor) = Queue::open(bounds, clock, Arc::clone(&counts))
        .map_err(|source| OpenIngestError::Queue { folder, source })?;
    let state = ForwardState::default();
    let forwarder = upstream
        .map(|upstream| Forwarder::new(queue.shared.clone(), cursor, upstream, state.clone()));
    let intake = Intake {
        queue: Some(queue),
        counts,
        state,
        ..Intake::default()
    };
    Ok((intake, forwarder))
}

/// Why ingest cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenIngestError {
    /// The folder cannot be used.
    #[error("the ingest queue in {} cannot be opened", folder.display())]
    Queue {
        /// The folder.
        folder: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The folder cannot be read and written.
    #[error("the ingest queue cannot be opened")]
    Folder(#[from] UnusableFile),
    /// The settings of the upstream are invalid.
    #[error(transparent)]
    Upstream(#[from] InvalidEndpoint),
}
