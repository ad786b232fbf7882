//! Taking data in (docs/contract.md#ingest): what a sender's org token hands in is kept in a queue on disk before it is
//! acknowledged, counted by token, shown to administrators, and forwarded when there is somewhere to forward it to.

use std::{io, path::PathBuf};

use domain::{
    identity::actor::{Caller, OrgTokenActor},
    ingest::data::{Kind, Unit},
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Conn, IngestCount, OrgToken};

use crate::ingest::{
    counts::{Counts, minute},
    forward,
    queue::{Bounds, Queue},
    segment::Stored,
    upstream::{self, UpstreamSettings},
};
use crate::{
    open::Service,
    platform::{error::ServiceError, http_client::PostRefused},
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

/// What one request hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// What it is, and in which form.
    pub kind: Kind,
    /// How many datapoints, events or spans are in it.
    pub items: u32,
    /// How many were left out as unfit.
    pub dropped: u32,
    /// Bytes of the body it came in, after inflation.
    pub bytes: usize,
    /// What is kept and forwarded.
    pub payload: Vec<u8>,
}

/// What takes data in.
#[derive(Debug, Default)]
pub(crate) struct Ingest {
    /// None in a process that does not serve.
    pub(crate) queue: Option<Queue>,
    pub(crate) counts: Counts,
    pub(crate) state: forward::State,
}

impl Service {
    /// Takes a parcel in: when this returns it is on disk.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] when the token sent more than it may, [`ServiceError::Full`] when there is no room. In
    /// both cases nothing of it was taken, and that is counted.
    pub async fn take_in(&self, caller: &Caller, parcel: Parcel) -> Result<(), ServiceError> {
        let token = sender(caller)?;
        let (now, counts) = (self.now(), &self.ingest().counts);
        let taken = self.keep(token, &parcel, now).await;
        match &taken {
            Ok(()) => counts.taken(token.id, now, &parcel),
            Err(error) => {
                let for_its_limit = matches!(error, ServiceError::Limited { .. });
                counts.refused(token.id, now, for_its_limit);
            }
        }
        taken
    }

    /// Counts a request whose body could not be taken for what it claims to be.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is no org token.
    pub fn count_unreadable(&self, caller: &Caller) -> Result<(), ServiceError> {
        let token = sender(caller)?;
        self.ingest().counts.refused(token.id, self.now(), false);
        Ok(())
    }

    async fn keep(
        &self,
        token: &OrgTokenActor,
        parcel: &Parcel,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        if parcel.items == 0 {
            return Ok(());
        }
        let queue = self.ingest().queue.as_ref();
        let queue =
            queue.ok_or_else(|| ServiceError::Full("This process takes no data in.".to_owned()))?;
        let datapoints = match parcel.kind.unit() {
            Unit::Datapoint => i64::from(parcel.items),
            Unit::Event | Unit::Span => 0,
        };
        let counts = &self.ingest().counts;
        counts
            .reserve(token, datapoints, now)
            .map_err(|seconds| too_many(token, seconds))?;
        let stored = Stored {
            at: now,
            org_token_id: token.id,
            kind: parcel.kind,
            items: parcel.items,
            payload: parcel.payload.clone(),
        };
        queue.append(stored).await.map_err(|not_kept| {
            counts.give_back(token, datapoints, now);
            ServiceError::Full(not_kept.to_string())
        })
    }

    /// What an org token the caller may see has handed in; nothing when it never did.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none the caller may see.
    pub async fn find_ingest_count(
        &self,
        caller: &Caller,
        org_token_id: Id,
    ) -> Result<Option<IngestCount>, ServiceError> {
        let token = self.find_org_token_by_id(caller, org_token_id).await?;
        self.store_ingest_counts().await?;
        let mut read = self.store().read().await?;
        Ok(read.find_ingest_count(token.id).await?)
    }

    /// Whether the token was refused in this minute for having sent too much, by whichever node.
    pub(crate) async fn is_exceeding_limits(
        &self,
        conn: &mut Conn,
        token: &OrgToken,
    ) -> Result<bool, ServiceError> {
        if domain::ingest::data::datapoints_per_minute(&token.document).is_none() {
            return Ok(false);
        }
        let now = self.now();
        if self.ingest().counts.is_limited(token.id, now) {
            return Ok(true);
        }
        let count = conn.find_ingest_count(token.id).await?;
        let limited_at = count.and_then(|count| count.limited_at);
        Ok(limited_at.is_some_and(|at| minute(at) == minute(now)))
    }

    /// Opens the queue, and begins to forward it when there is somewhere to.
    pub(crate) fn open_ingest(
        settings: IngestSettings,
        folder: PathBuf,
        clock: crate::platform::clock::Clock,
    ) -> Result<(Ingest, Option<forward::Forwarder>), OpenIngestError> {
        let bounds = Bounds {
            folder,
            bytes: settings.queue_bytes,
            keep_seconds: settings.keep_seconds,
            forwards: settings.upstream.is_some(),
        };
        let upstream = settings.upstream.map(upstream::Upstream::new).transpose()?;
        let (queue, cursor) = Queue::open(bounds, clock)?;
        let state = forward::State::default();
        let forwarder = upstream.map(|upstream| {
            forward::Forwarder::new(queue.shared.clone(), cursor, upstream, state.clone())
        });
        let ingest = Ingest {
            queue: Some(queue),
            counts: Counts::default(),
            state,
        };
        Ok((ingest, forwarder))
    }

    /// Takes nothing more in.
    pub(crate) async fn close_ingest(&self) {
        if let Some(queue) = &self.ingest().queue {
            queue.close().await;
        }
    }

    /// Leaves the queue's folder to others.
    pub(crate) fn release_ingest(&self) {
        if let Some(queue) = &self.ingest().queue {
            queue.release();
        }
    }
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

fn sender(caller: &Caller) -> Result<&OrgTokenActor, ServiceError> {
    let token = caller.actor().as_org_token();
    token.ok_or(ServiceError::Unauthenticated)
}

fn too_many(token: &OrgTokenActor, retry_after_seconds: u64) -> ServiceError {
    let limit = token.datapoints_per_minute.unwrap_or_default();
    ServiceError::Limited {
        retry_after_seconds,
        message: format!("This token may send {limit} datapoints a minute."),
    }
}
