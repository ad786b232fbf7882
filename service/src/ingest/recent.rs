//! Recently ingested data, read from the files of the queue, so that administrators can check that a sender works.

use std::{collections::VecDeque, io};

use domain::{
    identity::actor::Caller,
    ingest::Kind,
    platform::{id::Id, limits, timestamp::Timestamp},
};

use crate::{
    ingest::{
        forward_state::UpstreamState,
        handle::Ingest,
        segment::{Position, Segment, StoredParcel},
        shared::Shared,
    },
    platform::{error::ServiceError, tasks::blocking},
};

/// Maximum number of parcels in a response.
const MOST_SHOWN: usize = 100;

/// Maximum size of the parcels in a response, in bytes; a larger parcel is returned alone.
const MOST_BYTES: usize = limits::INGEST_BYTES;

/// A filter for recent parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecentFilter {
    /// Only parcels of this org token.
    pub org_token_id: Option<Id>,
    /// Only parcels of this kind.
    pub kind: Option<Kind>,
    /// Maximum number of parcels, newest first; at most 100.
    pub limit: usize,
}

/// A recently ingested parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentParcel {
    /// When it was received.
    pub at: Timestamp,
    /// The org token that sent it.
    pub org_token_id: Id,
    /// The name of the org token; `None` when the token no longer exists.
    pub org_token_name: Option<String>,
    /// The kind of the data.
    pub kind: Kind,
    /// The number of datapoints, events or spans.
    pub items: u32,
    /// Whether it was forwarded; `None` when the queue is not forwarded.
    pub forwarded: Option<bool>,
    /// The stored data.
    pub payload: Vec<u8>,
}

/// The state of the queue of this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueState {
    /// The size on disk in bytes.
    pub bytes: u64,
    /// The maximum size on disk in bytes.
    pub limit_bytes: u64,
    /// The number of bytes that wait to be forwarded.
    pub waiting_bytes: u64,
    /// The state of forwarding; `None` when the queue is not forwarded.
    pub upstream: Option<UpstreamState>,
}

/// Recent parcels, newest first, and the state of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The parcels.
    pub parcels: Vec<RecentParcel>,
    /// The state of the queue.
    pub queue: QueueState,
}

impl Ingest {
    /// Recently ingested data of this node, for administrators.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for other callers, [`ServiceError::NotConfigured`] in a process that does not ingest.
    pub async fn recent_parcels(
        &self,
        caller: &Caller,
        filter: RecentFilter,
    ) -> Result<Recent, ServiceError> {
        caller.authorize_administrator()?;
        let Some(queue) = &self.intake.queue else {
            return Err(ServiceError::no_ingest());
        };
        let shared = queue.shared.clone();
        let since = self
            .platform
            .now()
            .plus_seconds(-shared.bounds.keep_seconds);
        let queue = self.state_of(&shared);
        let read = blocking(move || newest(&shared, filter, since)).await?;
        let found = read.map_err(|error| ServiceError::Internal(Box::new(error)))?;
        let mut parcels = Vec::with_capacity(found.len());
        let mut conn = self.platform.store().read().await?;
        for (stored, forwarded) in found {
            let token = conn.find_org_token(stored.org_token_id).await?;
            parcels.push(RecentParcel {
                at: stored.at,
                org_token_id: stored.org_token_id,
                org_token_name: token.map(|token| token.name),
                kind: stored.kind,
                items: stored.items,
                forwarded,
                payload: stored.payload,
            });
        }
        Ok(Recent { parcels, queue })
    }

    /// The state of the queue of this node; `None` in a process that does not ingest.
    pub(crate) fn queue_state(&self) -> Option<QueueState> {
        let queue = self.intake.queue.as_ref();
        queue.map(|queue| self.state_of(&queue.shared))
    }

    fn state_of(&self, shared: &Shared) -> QueueState {
        QueueState {
            bytes: shared.bytes(),
            limit_bytes: shared.bounds.bytes,
            waiting_bytes: shared.waiting_bytes(),
            upstream: shared.bounds.forwards.then(|| self.intake.state.get()),
        }
    }
}

type Found = (StoredParcel, Option<bool>);

/// The newest parcels that match the filter, newest first. Segments are visited backwards; each is read forwards.
fn newest(shared: &Shared, filter: RecentFilter, since: Timestamp) -> io::Result<Vec<Found>> {
    let limit = filter.limit.min(MOST_SHOWN);
    let numbers: Vec<u64> = shared.segments().keys().rev().copied().collect();
    let mut found = Vec::new();
    let mut bytes = 0;
    for number in numbers {
        let room = (limit - found.len(), MOST_BYTES.saturating_sub(bytes));
        let (mut of_segment, is_old) = newest_of(shared, number, filter, since, room)?;
        bytes += of_segment
            .iter()
            .map(|(stored, _)| stored.payload.len())
            .sum::<usize>();
        found.extend(of_segment.drain(..).rev());
        if is_old || found.len() >= limit || bytes >= MOST_BYTES {
            break;
        }
    }
    Ok(found)
}

/// The newest parcels of a segment that match the filter, oldest first, and whether the whole segment is older than
/// `since`; all earlier segments are then older too.
fn newest_of(
    shared: &Shared,
    number: u64,
    filter: RecentFilter,
    since: Timestamp,
    (most, most_bytes): (usize, usize),
) -> io::Result<(VecDeque<Found>, bool)> {
    let end = *shared.written.borrow();
    let until = if number < end.segment {
        u64::MAX
    } else {
        end.offset
    };
    let from = Position {
        segment: number,
        offset: 0,
    };
    let mut segment = match Segment::open(&shared.bounds.folder, from, until) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((VecDeque::new(), false));
        }
        opened => opened?,
    };
    let forwarded_to = shared.forwarded();
    let (mut kept, mut bytes) = (VecDeque::new(), 0);
    let mut newest_at = None;
    while let Some(stored) = segment.next()? {
        newest_at = newest_at.max(Some(stored.at));
        let is_wanted = stored.at >= since
            && filter.kind.is_none_or(|kind| kind == stored.kind)
            && filter
                .org_token_id
                .is_none_or(|id| id == stored.org_token_id);
        if !is_wanted {
            continue;
        }
        let end = Position {
            segment: number,
            offset: segment.offset(),
        };
        bytes += stored.payload.len();
        kept.push_back((stored, forwarded_to.map(|to| end <= to)));
        while kept.len() > most || (bytes > most_bytes && kept.len() > 1) {
            let dropped: Option<Found> = kept.pop_front();
            bytes -= dropped.map_or(0, |(stored, _)| stored.payload.len());
        }
    }
    Ok((kept, newest_at.is_some_and(|newest| newest < since)))
}
