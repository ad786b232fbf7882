//! Taking data in (docs/contract.md#ingest): what a sender's org token hands in is kept in a queue on disk before it is
//! acknowledged, counted by token, shown to administrators, and forwarded when there is somewhere to forward it to.

use domain::{
    identity::actor::{Caller, OrgTokenActor},
    ingest::Unit,
    platform::timestamp::Timestamp,
};
use store::{Conn, IngestCount, OrgToken};

use crate::{
    ingest::{counts::minute, handle::Ingest, parcel::Parcel, segment::Stored},
    platform::error::ServiceError,
};

impl Ingest {
    /// Takes a parcel in: when this returns it is on disk.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] when the token sent more than it may, [`ServiceError::Full`] when there is no room. In
    /// both cases nothing of it was taken, and that is counted.
    pub async fn take_in(&self, caller: &Caller, parcel: Parcel) -> Result<(), ServiceError> {
        let token = sender(caller)?;
        let (now, counts) = (self.platform.now(), &self.intake.counts);
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
        self.intake
            .counts
            .refused(token.id, self.platform.now(), false);
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
        let queue = self.intake.queue.as_ref();
        let queue =
            queue.ok_or_else(|| ServiceError::Full("This process takes no data in.".to_owned()))?;
        let datapoints = match parcel.kind.unit() {
            Unit::Datapoint => i64::from(parcel.items),
            Unit::Event | Unit::Span => 0,
        };
        let counts = &self.intake.counts;
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

    /// What this org token has sent; `None` when it has sent nothing.
    pub(crate) async fn find_count(
        &self,
        token: &OrgToken,
    ) -> Result<Option<IngestCount>, ServiceError> {
        self.store_counts().await?;
        let mut read = self.platform.store().read().await?;
        Ok(read.find_ingest_count(token.id).await?)
    }

    /// Whether the token was refused in this minute for having sent too much, by whichever node.
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

    /// Takes nothing more in.
    pub(crate) async fn close(&self) {
        if let Some(queue) = &self.intake.queue {
            queue.close().await;
        }
    }

    /// Leaves the queue's folder to others.
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
