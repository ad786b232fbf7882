//! The segment files of the queue. A segment is an append-only sequence of parcels, each preceded by its length and a
//! checksum. It ends after its last complete parcel: bytes that a crash or a full disk left behind were never
//! acknowledged, so no repair is needed.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use domain::{
    ingest::Kind,
    platform::{id::Id, limits, timestamp::Timestamp},
};

/// The length of the header of a parcel in bytes: its length and its checksum.
const HEAD: usize = 8;

/// The length of the metadata of a parcel in bytes: time, token, kind, number of items; for the counts, number of
/// dropped items and size of the request body.
const FIELD_BYTES: usize = 8 + 8 + 1 + 4 + 4 + 4;

/// The length of the metadata of a parcel of an earlier version, without the last two fields.
const FEWEST_FIELD_BYTES: usize = FIELD_BYTES - 8;

/// The bit in the byte of the kind that marks a parcel with all fields.
const ALL_FIELDS: u8 = 0x80;

/// The maximum length of a parcel when it is read, in bytes. The stored form may be longer than the received one.
const LONGEST: usize = FIELD_BYTES + 4 * limits::INGEST_BYTES;

/// A position in the queue, between two parcels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Position {
    /// The number of the segment.
    pub(crate) segment: u64,
    /// The offset in the segment in bytes.
    pub(crate) offset: u64,
}

/// A stored parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredParcel {
    pub(crate) at: Timestamp,
    pub(crate) org_token_id: Id,
    pub(crate) kind: Kind,
    pub(crate) items: u32,
    /// The number of invalid items that were left out.
    pub(crate) dropped: u32,
    /// The size of the request body after decompression, in bytes.
    pub(crate) bytes: u32,
    pub(crate) payload: Vec<u8>,
}

impl StoredParcel {
    /// The stored length in bytes.
    pub(crate) fn length(&self) -> u64 {
        (HEAD + FIELD_BYTES + self.payload.len()) as u64
    }

    /// Appends the parcel to the buffer.
    pub(crate) fn write_to(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend([0; HEAD]);
        out.extend(self.at.as_micros().to_le_bytes());
        out.extend(self.org_token_id.bits().to_le_bytes());
        out.push(self.kind.code() | ALL_FIELDS);
        out.extend(self.items.to_le_bytes());
        out.extend(self.dropped.to_le_bytes());
        out.extend(self.bytes.to_le_bytes());
        out.extend(&self.payload);
        let length = u32::try_from(out.len() - start - HEAD).unwrap_or(u32::MAX);
        let checksum = crc32fast::hash(&out[start + HEAD..]);
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        out[start + 4..start + HEAD].copy_from_slice(&checksum.to_le_bytes());
    }

    fn read(body: &[u8]) -> Option<Self> {
        let (at, rest) = body.split_first_chunk()?;
        let (token, rest) = rest.split_first_chunk()?;
        let (kind, rest) = rest.split_first()?;
        let (items, rest) = rest.split_first_chunk()?;
        let (dropped, bytes, payload) = if kind & ALL_FIELDS == 0 {
            // Parcels of earlier versions are counted already.
            (0, 0, rest)
        } else {
            let (dropped, rest) = rest.split_first_chunk()?;
            let (bytes, payload) = rest.split_first_chunk()?;
            let (dropped, bytes) = (u32::from_le_bytes(*dropped), u32::from_le_bytes(*bytes));
            (dropped, bytes, payload)
        };
        Some(Self {
            at: Timestamp::from_micros(i64::from_le_bytes(*at)),
            org_token_id: Id::from_bits(u64::from_le_bytes(*token)),
            kind: Kind::from_code(kind & !ALL_FIELDS)?,
            items: u32::from_le_bytes(*items),
            dropped,
            bytes,
            payload: payload.to_vec(),
        })
    }
}

/// The path of a segment file.
pub(crate) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:020}.segment"))
}

/// The segment number in a file name.
pub(crate) fn number(file_name: &str) -> Option<u64> {
    file_name.strip_suffix(".segment")?.parse().ok()
}

/// Reads a segment parcel by parcel.
pub(crate) struct Segment {
    file: BufReader<File>,
    offset: u64,
    until: u64,
}

impl Segment {
    /// Reads the segment between the two offsets. Data after `until` may not be synced to disk.
    pub(crate) fn open(folder: &Path, from: Position, until: u64) -> io::Result<Self> {
        let mut file = BufReader::new(File::open(path(folder, from.segment))?);
        file.seek(SeekFrom::Start(from.offset))?;
        Ok(Self {
            file,
            offset: from.offset,
            until,
        })
    }

    /// The current offset in bytes.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The next parcel; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<StoredParcel>> {
        let mut head = [0; HEAD];
        if self.offset >= self.until || !self.fill(&mut head)? {
            return Ok(None);
        }
        let (length, checksum) = head.split_at(4);
        let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
        let (length, checksum) = (number(length) as usize, number(checksum));
        if !(FEWEST_FIELD_BYTES..=LONGEST).contains(&length) {
            return Ok(None);
        }
        let mut body = vec![0; length];
        if !self.fill(&mut body)? || crc32fast::hash(&body) != checksum {
            return Ok(None);
        }
        self.offset += (HEAD + length) as u64;
        Ok(StoredParcel::read(&body))
    }

    /// Whether there was enough data to fill the buffer.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        match self.file.read_exact(buffer) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(payload: &[u8]) -> StoredParcel {
        StoredParcel {
            at: Timestamp::from_millis(1_798_034_709_123),
            org_token_id: Id::from_bits(7),
            kind: Kind::Events,
            items: 3,
            dropped: 1,
            bytes: 99,
            payload: payload.to_vec(),
        }
    }

    fn read(folder: &Path, until: u64) -> Vec<StoredParcel> {
        let mut segment = Segment::open(folder, Position::default(), until).unwrap();
        std::iter::from_fn(|| segment.next().unwrap()).collect()
    }

    #[test]
    fn what_was_cut_off_or_damaged_ends_the_segment_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let parcels = [stored(b"one"), stored(b""), stored(b"three")];
        let mut bytes = Vec::new();
        for parcel in &parcels {
            parcel.write_to(&mut bytes);
        }
        let total: u64 = parcels.iter().map(StoredParcel::length).sum();
        assert_eq!(bytes.len() as u64, total);
        let file = path(folder.path(), 0);
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(read(folder.path(), u64::MAX), parcels);
        assert_eq!(read(folder.path(), parcels[0].length()), parcels[..1]);
        for cut in 1..=parcels[2].length() {
            let cut = bytes.len() - usize::try_from(cut).unwrap();
            std::fs::write(&file, &bytes[..cut]).unwrap();
            assert_eq!(read(folder.path(), u64::MAX), parcels[..2], "{cut}");
        }
        let mut damaged = bytes.clone();
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(&file, &damaged).unwrap();
        assert_eq!(read(folder.path(), u64::MAX), parcels[..2]);
        damaged.extend([0xff; 40]);
        std::fs::write(&file, [&bytes[..], &[0xff; 40]].concat()).unwrap();
        assert_eq!(read(folder.path(), u64::MAX), parcels);
    }

    #[test]
    fn a_parcel_of_an_earlier_version_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = Vec::new();
        stored(b"old").write_to(&mut bytes);
        let mut body = bytes.split_off(HEAD);
        body[16] &= !ALL_FIELDS;
        body.drain(FEWEST_FIELD_BYTES..FIELD_BYTES);
        let length = u32::try_from(body.len()).unwrap();
        let head = [length.to_le_bytes(), crc32fast::hash(&body).to_le_bytes()].concat();
        std::fs::write(path(folder.path(), 0), [head, body].concat()).unwrap();
        let old = StoredParcel {
            dropped: 0,
            bytes: 0,
            ..stored(b"old")
        };
        assert_eq!(read(folder.path(), u64::MAX), [old]);
    }

    #[test]
    fn a_segment_is_found_by_the_name_of_its_file() {
        let file = path(Path::new("queue"), 42);
        assert_eq!(
            number(file.file_name().unwrap().to_str().unwrap()),
            Some(42)
        );
        assert_eq!(number("lock"), None);
    }
}
