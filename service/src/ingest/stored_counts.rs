//! Stores the ingest counts: gathered in memory and saved in batches, each together with the position of the queue up to
//! which it counts. The next start after a crash counts the rest of the queue.
//!
//! Only requests of which nothing is on disk, because they were rejected or had no data, are lost in a crash.

use std::{io, time::Duration};

use store::{CountedTo, Store};

use crate::{
    ingest::{
        counts::{IngestTotals, Unsaved, count_of},
        handle::{Ingest, Intake},
        identity::Identity,
        saves::Saves,
        segment::{Position, Segment},
        shared::Shared,
    },
    platform::{
        error::ServiceError,
        tasks::{Tasks, blocking},
    },
};

/// How often counts are stored.
const STORE_INTERVAL: Duration = Duration::from_secs(5);

impl Intake {
    /// Counts the parcels on disk that are not counted yet.
    ///
    /// # Errors
    /// [`ServiceError`] when the database does not answer or the queue cannot be read.
    pub(crate) async fn count_left(&self, store: &Store) -> Result<(), ServiceError> {
        let Some(queue) = &self.queue else {
            return Ok(());
        };
        let Identity { id, start } = queue.identity;
        let counted = store.read().await?.find_counted_to(id).await?;
        let from = counted.map_or(start, position);
        self.saves.lock().await.number = counted.map_or(0, |counted| counted.save);
        let shared = queue.shared.clone();
        let left = blocking(move || count_after(&shared, from)).await?;
        let left = left.map_err(|error| ServiceError::Internal(Box::new(error)))?;
        self.counts.begin_with(left);
        Ok(())
    }
}

impl Ingest {
    /// The totals since the start of the process.
    pub(crate) fn totals(&self) -> IngestTotals {
        self.intake.counts.totals()
    }

    /// Stores all gathered counts. Counts that cannot be stored are kept for the next run.
    pub(crate) async fn store_counts(&self) -> Result<(), ServiceError> {
        let saves = &mut *self.intake.saves.lock().await;
        self.save(saves).await?;
        saves.begin(self.intake.counts.take(self.platform.now()));
        self.save(saves).await
    }

    /// Stores the last save, unless it is confirmed.
    async fn save(&self, saves: &mut Saves) -> Result<(), ServiceError> {
        let Some(save) = &saves.unconfirmed else {
            return Ok(());
        };
        let mut housekeeping = self.platform.store().housekeep().await?;
        let is_new = match &self.intake.queue {
            Some(queue) => {
                let id = queue.identity.id;
                housekeeping.save_counted_to(id, save.to).await?
            }
            None => true,
        };
        if is_new {
            housekeeping.add_ingest_counts(&save.counts).await?;
            housekeeping.finish().await?;
        }
        saves.unconfirmed = None;
        Ok(())
    }

    /// Starts storing counts and the metric catalog in the background.
    pub(crate) fn start(&self, tasks: &Tasks) {
        self.start_catalog(tasks);
        let ingest = self.clone();
        tasks.every("store ingest counts", STORE_INTERVAL, move || {
            let ingest = ingest.clone();
            async move { ingest.store_counts().await }
        });
    }
}

fn position(counted: CountedTo) -> Position {
    Position {
        segment: u64::try_from(counted.segment).unwrap_or_default(),
        offset: u64::try_from(counted.byte).unwrap_or_default(),
    }
}

/// The counts of the parcels on disk after a position, when nothing is written yet.
fn count_after(shared: &Shared, from: Position) -> io::Result<Unsaved> {
    let mut left = Unsaved {
        to: *shared.written.borrow(),
        ..Unsaved::default()
    };
    let numbers: Vec<u64> = shared
        .segments()
        .range(from.segment..)
        .map(|(number, _)| *number)
        .collect();
    for number in numbers {
        let offset = if number == from.segment {
            from.offset
        } else {
            0
        };
        let from = Position {
            segment: number,
            offset,
        };
        let mut segment = match Segment::open(&shared.bounds.folder, from, u64::MAX) {
            // Removed meanwhile, because it is forwarded and older than the time to keep.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened?,
        };
        while let Some(parcel) = segment.next()? {
            left.add(&count_of(&parcel));
        }
    }
    Ok(left)
}
