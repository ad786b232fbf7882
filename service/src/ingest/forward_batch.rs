//! Reads the next batch of parcels from the queue for one request to the upstream.

use std::io;

use domain::ingest::Kind;

use crate::ingest::{
    segment::{Position, Segment},
    shared::Shared,
    upstream::UpstreamRequest,
};

/// Approximate size of a batch in bytes. One request per parcel would make many small parcels slow.
pub(crate) const BATCH_BYTES: usize = 1 << 20;

/// Converts a stored parcel into the form of the upstream.
pub(crate) type UpstreamFormat = fn(Kind, Vec<u8>) -> UpstreamRequest;

/// Parcels of one kind that are sent in one request.
pub(crate) struct Batch {
    pub(crate) parcels: usize,
    pub(crate) outgoing: UpstreamRequest,
    pub(crate) end: Position,
}

/// The next parcels after `from` that fit into one batch; `None` if no parcel is on disk.
pub(crate) fn read_batch(
    shared: &Shared,
    from: Position,
    together: usize,
    form: UpstreamFormat,
) -> io::Result<Option<Batch>> {
    let mut from = from;
    loop {
        let end = *shared.written.borrow();
        let number = shared
            .segments()
            .range(from.segment..)
            .next()
            .map(|(n, _)| *n);
        let Some(number) = number.filter(|number| *number <= end.segment) else {
            return Ok(None);
        };
        if number > from.segment {
            from = Position {
                segment: number,
                offset: 0,
            };
        }
        let until = if number < end.segment {
            u64::MAX
        } else {
            end.offset
        };
        match Segment::open(&shared.bounds.folder, from, until) {
            Ok(mut segment) => {
                if let Some(batch) = read_from(&mut segment, number, together, form)? {
                    return Ok(Some(batch));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // The writer removes a segment from this map before it deletes the file, and deletes only forwarded
                // segments. A segment in the map without a file was deleted by something else.
                if shared.segments().contains_key(&number) {
                    tracing::error!(
                        number,
                        "A segment of the ingest queue was deleted before it was forwarded."
                    );
                }
            }
            Err(error) => return Err(error),
        }
        if number == end.segment {
            return Ok(None);
        }
        from = Position {
            segment: number + 1,
            offset: 0,
        };
    }
}

fn read_from(
    segment: &mut Segment,
    number: u64,
    together: usize,
    form: UpstreamFormat,
) -> io::Result<Option<Batch>> {
    let Some(first) = segment.next()? else {
        return Ok(None);
    };
    let (kind, mut payload, mut parcels) = (first.kind, first.payload, 1);
    let mut end = segment.offset();
    while kind.is_concatenable() && payload.len() < together {
        match segment.next()? {
            Some(next) if next.kind == kind => {
                payload.extend(next.payload);
                parcels += 1;
                end = segment.offset();
            }
            Some(_) | None => break,
        }
    }
    let end = Position {
        segment: number,
        offset: end,
    };
    Ok(Some(Batch {
        parcels,
        outgoing: form(kind, payload),
        end,
    }))
}
