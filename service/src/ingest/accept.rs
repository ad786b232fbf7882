//! Accepting ingested data (docs/contract.md#ingest): data sent with an org token is queued on disk before it is
//! acknowledged, counted by token, shown to administrators, and forwarded if an upstream is configured.

use domain::{
    identity::actor::{Caller, OrgTokenActor},
    ingest::Unit,
    platform::timestamp::Timestamp,
};
use store::{Conn, IngestCount, OrgToken};

use crate::{
    ingest::{counts::minute, handle::Ingest, parcel::Parcel, segment::StoredParcel},
    platform::error::ServiceError,
};

impl Ingest {
    /// Accepts a parcel: it is on disk when this returns.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] when the token exceeds its limit, [`ServiceError::Full`] when the queue has no space,
    /// [`ServiceError::NotConfigured`] in a process that does not ingest. In all cases nothing is accepted, and the
    /// request is counted as rejected.
    pub async fn take_in(&self, caller: &Caller, mut parcel: Parcel) -> Result<(), ServiceError> {
        let token = sender(caller)?;
        let (now, counts) = (self.platform.now(), &self.intake.counts);
        let observations = std::mem::take(&mut parcel.observations);
        let taken = self.keep(token, &parcel, now).await;
        if taken.is_ok() {
            self.intake.gathered.add(observations, caller, now);
        }
        match &taken {
            Ok(()) if parcel.items == 0 => counts.count_empty(token.id, now, &parcel),
            // The writer of the queue has counted it.
            Ok(()) => {}
            Err(error) => {
                let for_its_limit = matches!(error, ServiceError::Limited { .. });
                counts.count_rejected(token.id, now, for_its_limit);
            }
        }
        taken
    }

    /// Counts a request whose body could not be parsed.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is not an org token.
    pub fn count_unreadable(&self, caller: &Caller) -> Result<(), ServiceError> {
        let token = sender(caller)?;
        self.intake
            .counts
            .count_rejected(token.id, self.platform.now(), false);
        Ok(())
    }

    async fn keep(
        &self,
        token: &OrgTokenActor,
        parcel: &Parcel,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let queue = self.intake.queue.as_ref();
        let queue = queue.ok_or_else(ServiceError::no_ingest)?;
        if parcel.items == 0 {
            return Ok(());
        }
        let datapoints = match parcel.kind.unit() {
            Unit::Datapoint => i64::from(parcel.items),
            Unit::Event | Unit::Span => 0,
        };
        let counts = &self.intake.counts;
        counts
            .reserve(token, datapoints, now)
            .map_err(|seconds| too_many(token, seconds))?;
        let stored = StoredParcel {
            at: now,
            org_token_id: token.id,
            kind: parcel.kind,
            items: parcel.items,
            dropped: parcel.dropped,
            bytes: u32::try_from(parcel.bytes).unwrap_or(u32::MAX),
            payload: parcel.payload.clone(),
        };
        queue.append(stored).await.map_err(|not_kept| {
            counts.give_back(token, datapoints, now);
            ServiceError::Full(not_kept.to_string())
        })
    }

    /// The counts of this org token; `None` when it has sent nothing.
    pub(crate) async fn find_count(
        &self,
        token: &OrgToken,
    ) -> Result<Option<IngestCount>, ServiceError> {
        self.store_counts().await?;
        let mut read = self.platform.store().read().await?;
        Ok(read.find_ingest_count(token.id).await?)
    }

    /// Whether any node rejected the token in the current minute for exceeding its limit.
    pub(crate) async fn is_exceeding_limits(
        &self,
        conn: &mut Conn,
        token: &OrgToken,
    ) -> Result<bool, ServiceError> {
        if domain::ingest::datapoints_per_minute(&token.document).is_none() {
            return Ok(false);
        }
        let now = self.platform.now();
        if self.intake.counts.is_limited(token.id, now) {
            return Ok(true);
        }
        let count = conn.find_ingest_count(token.id).await?;
        let limited_at = count.and_then(|count| count.limited_at);
        Ok(limited_at.is_some_and(|at| minute(at) == minute(now)))
    }

    /// Stops accepting data.
    pub(crate) async fn close(&self) {
        if let Some(queue) = &self.intake.queue {
            queue.close().await;
        }
    }

    /// Unlocks the folder of the queue for other processes.
    pub(crate) fn release(&self) {
        if let Some(queue) = &self.intake.queue {
            queue.release();
        }
    }
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
