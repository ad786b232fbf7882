//! What was handed in lately, read from the queue's files, so that a person can see that their sender works.

use std::{collections::VecDeque, io};

use domain::{
    identity::{access::Access, actor::Caller},
    ingest::Kind,
    platform::{id::Id, limits, timestamp::Timestamp},
};

use crate::{
    ingest::{
        forward_state::UpstreamState,
        handle::Ingest,
        segment::{Position, Segment, Stored},
        shared::Shared,
    },
    platform::{error::ServiceError, tasks::blocking},
};

/// Parcels shown at once.
const MOST_SHOWN: usize = 100;

/// Bytes of parcels shown at once; one that is larger is shown alone.
const MOST_BYTES: usize = limits::INGEST_BYTES;

/// Which parcels to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecentFilter {
    /// Only those this org token handed in.
    pub org_token_id: Option<Id>,
    /// Only those of this kind.
    pub kind: Option<Kind>,
    /// So many at most, the newest; a hundred at the very most.
    pub limit: usize,
}

/// A parcel that was handed in lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentParcel {
    /// When.
    pub at: Timestamp,
    /// By which org token.
    pub org_token_id: Id,
    /// The token's name; `None` when it is gone.
    pub org_token_name: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// How many datapoints, events or spans are in it.
    pub items: u32,
    /// Whether it was forwarded; `None` when nothing is.
    pub forwarded: Option<bool>,
    /// The parcel.
    pub payload: Vec<u8>,
}

/// How the queue of this node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueState {
    /// Bytes it takes on disk.
    pub bytes: u64,
    /// Bytes it may take.
    pub limit_bytes: u64,
    /// Bytes that wait to be forwarded.
    pub waiting_bytes: u64,
    /// How forwarding goes; `None` when nothing is forwarded.
    pub upstream: Option<UpstreamState>,
}

/// What was handed in lately, the newest first, and how the queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The parcels.
    pub parcels: Vec<RecentParcel>,
    /// The queue.
    pub queue: QueueState,
}

impl Ingest {
    /// What was handed in lately on this node, for administrators.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for anybody else, [`ServiceError::Full`] in a process that takes no data in.
    pub async fn recent_parcels(
        &self,
        caller: &Caller,
        filter: RecentFilter,
    ) -> Result<Recent, ServiceError> {
        Access::Administrator.check(caller.actor())?;
        let Some(queue) = &self.intake.queue else {
            return Err(ServiceError::Full(
                "This process takes no data in.".to_owned(),
            ));
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

    /// How the queue of this node is; `None` in a process that takes no data in.
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

type Found = (Stored, Option<bool>);

/// The newest parcels the filter lets through, the newest first: segment by segment backwards, each read forwards.
fn newest(shared: &Shared, filter: RecentFilter, since: Timestamp) -> io::Result<Vec<Found>> {
    let limit = filter.limit.min(MOST_SHOWN);
    let numbers: Vec<u64> = shared.segments().keys().rev().copied().collect();
    let mut found = Vec::new();
    let mut bytes = 0;
    for number in numbers {
        let room = (limit - found.len(), MOST_BYTES.saturating_sub(bytes));
        let mut of_segment = newest_of(shared, number, filter, since, room)?;
        bytes += of_segment
            .iter()
            .map(|(stored, _)| stored.payload.len())
            .sum::<usize>();
        let is_last = of_segment.is_empty() && !found.is_empty();
        found.extend(of_segment.drain(..).rev());
        if is_last || found.len() >= limit || bytes >= MOST_BYTES {
            break;
        }
    }
    Ok(found)
}

fn newest_of(
    shared: &Shared,
    number: u64,
    filter: RecentFilter,
    since: Timestamp,
    (most, most_bytes): (usize, usize),
) -> io::Result<VecDeque<Found>> {
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
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(VecDeque::new()),
        opened => opened?,
    };
    let forwarded_to = shared.forwarded();
    let (mut kept, mut bytes) = (VecDeque::new(), 0);
    while let Some(stored) = segment.next()? {
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
    Ok(kept)
}
