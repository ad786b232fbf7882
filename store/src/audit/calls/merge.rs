//! Merging small blocks before a checkpoint covers them. A server with little traffic stores a call or two at a time, and
//! a row with its source and its index entries is several times larger than a call in a block with others.

use std::collections::HashMap;

use domain::platform::{id::Id, timestamp::Timestamp};
use foldhash::fast::RandomState;
use serde_json::Value as Json;

use super::{
    block::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK},
    call::{Numbers, at_position, column},
    new_call::EncodedCalls,
};
use crate::{
    audit::hashed_row::WholeBlockRow,
    platform::{Conn, Housekeeping, Sql, StoreError, Value, over_rows, statements, values},
};

/// The number of calls from which a block is left as it is: its row costs a few bytes for each call, and merging it would
/// cost a busy server more than it saves.
const LARGE: i64 = 128;

statements! {
    const SMALL_BLOCKS: Sql = over_rows!(
        "SELECT id, writes, first_at, last_at, call_count, sources, targets, calls, mac, \
         NOT EXISTS (SELECT 1 FROM uncounted_block WHERE block_id = call_block.id) AS is_counted \
         FROM call_block WHERE call_count < $2 AND id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
        ") ORDER BY writes, is_counted, first_at, id"
    );
    /// Readers of blocks compare the number.
    const RAISE_MERGE: Sql = "UPDATE counter SET value = value + 1 WHERE name = 'block_merge'";
    const MERGE_NUMBER: Sql = "SELECT value FROM counter WHERE name = 'block_merge'";
}

/// Blocks, and the block that replaces them. They are all counted or all not counted, and all reading or all writing.
#[derive(Debug, Clone)]
pub struct BlockMerge {
    parts: Vec<i64>,
    writes: bool,
    is_counted: bool,
    merged: EncodedCalls,
}

/// A block with few calls.
#[derive(Debug, sqlx::FromRow)]
struct SmallBlock {
    #[sqlx(flatten)]
    row: WholeBlockRow,
    is_counted: bool,
}

/// The distinct JSON values of several blocks, in the order of their first occurrence.
#[derive(Default)]
struct DistinctJson {
    values: Vec<Json>,
    positions: HashMap<String, i64, RandomState>,
}

impl DistinctJson {
    /// The positions of these values.
    fn positions_of(&mut self, values: Vec<Json>) -> Vec<i64> {
        let position = |value: Json| {
            let next = i64::try_from(self.values.len()).unwrap_or(i64::MAX);
            *self.positions.entry(value.to_string()).or_insert_with(|| {
                self.values.push(value);
                next
            })
        };
        values.into_iter().map(position).collect()
    }
}

/// Splits blocks, sorted as the query does, into groups that fit a block.
fn groups(blocks: Vec<SmallBlock>) -> Vec<Vec<SmallBlock>> {
    let most = i64::try_from(CALLS_PER_BLOCK).unwrap_or(i64::MAX);
    let mut groups: Vec<Vec<SmallBlock>> = Vec::new();
    for block in blocks {
        let fits = |group: &&mut Vec<SmallBlock>| {
            let first = &group[0];
            let count: i64 = group.iter().map(|part| part.row.call_count).sum();
            let span = last_at(group).max(block.row.last_at) - first.row.first_at;
            (first.row.writes, first.is_counted) == (block.row.writes, block.is_counted)
                && count + block.row.call_count <= most
                && span <= BLOCK_SPAN_MICROS
        };
        match groups.last_mut().filter(fits) {
            Some(group) => group.push(block),
            None => groups.push(vec![block]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

fn last_at(group: &[SmallBlock]) -> i64 {
    let times = group.iter().map(|block| block.row.last_at);
    times.max().unwrap_or(i64::MIN)
}

impl BlockMerge {
    /// Merges a group of blocks in memory.
    fn of(group: &[SmallBlock]) -> Result<Self, StoreError> {
        let first = column("id").required(group.first())?;
        let first_at = first.row.first_at;
        let (mut sources, mut targets) = (DistinctJson::default(), DistinctJson::default());
        let mut numbers: Vec<Numbers> = Vec::new();
        for SmallBlock { row, .. } in group {
            let its_sources = sources.positions_of(column("sources").parse_json(&row.sources)?);
            let its_targets = targets.positions_of(column("targets").parse_json(&row.targets)?);
            let calls: Vec<Numbers> = column("calls").parse_json(&row.calls)?;
            for (offset, source, target, status, duration_us, bytes, request_id) in calls {
                let source = column("sources").required(at_position(&its_sources, source))?;
                let target = column("targets").required(at_position(&its_targets, target))?;
                let offset = row.first_at + offset - first_at;
                numbers.push((
                    offset,
                    *source,
                    *target,
                    status,
                    duration_us,
                    bytes,
                    request_id,
                ));
            }
        }
        numbers.sort_by_key(|(offset, ..)| *offset);
        Ok(Self {
            parts: group.iter().map(|block| block.row.id).collect(),
            writes: first.row.writes,
            is_counted: first.is_counted,
            merged: EncodedCalls {
                first_at: Timestamp::from_micros(first_at),
                last_at: Timestamp::from_micros(last_at(group)),
                count: i64::try_from(numbers.len()).unwrap_or(i64::MAX),
                sources: column("sources").to_json(&sources.values)?,
                targets: column("targets").to_json(&targets.values)?,
                numbers: column("calls").to_json(&numbers)?,
            },
        })
    }
}

impl Conn {
    /// Merges those of these blocks in memory that have few calls. Nothing is stored. A block that cannot be decoded
    /// stays as it is, with the blocks that it would be merged with. So does a block without its MAC, because the merged
    /// block gets one.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn prepare_block_merges(
        &mut self,
        ids: &[i64],
    ) -> Result<Vec<BlockMerge>, StoreError> {
        let mut blocks = self
            .fetch_all::<SmallBlock>(SMALL_BLOCKS, values![Value::number_rows(ids)?, LARGE])
            .await?;
        let has_mac = |block: &SmallBlock| block.row.has_mac(self.cipher()).unwrap_or(false);
        blocks.retain(has_mac);
        let merges = groups(blocks).into_iter();
        Ok(merges
            .filter_map(|group| BlockMerge::of(&group).ok())
            .collect())
    }

    /// The number of merges so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn block_merge_number(&mut self) -> Result<i64, StoreError> {
        Ok(self.fetch_one::<(i64,)>(MERGE_NUMBER, values![]).await?.0)
    }
}

impl Housekeeping {
    /// Replaces blocks by one with a new id; `false` when a checkpoint covers one of them, or it was counted or merged
    /// meanwhile, in which case this transaction must not be committed.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn merge_call_blocks(
        &mut self,
        id: Id,
        merge: BlockMerge,
    ) -> Result<bool, StoreError> {
        self.lock_counting().await?;
        let parts = &merge.parts;
        let are_taken = (merge.is_counted || self.take_uncounted_blocks(parts).await?)
            && self.take_uncovered_blocks(parts).await?;
        if !are_taken {
            return Ok(false);
        }
        self.execute(RAISE_MERGE, values![]).await?;
        self.remove_call_blocks(parts).await?;
        self.insert_encoded_calls(id, merge.writes, merge.merged)
            .await?;
        if merge.is_counted {
            self.take_uncounted_blocks(&[id.bits().cast_signed()])
                .await?;
        }
        Ok(true)
    }
}
