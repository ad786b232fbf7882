//! The forwarding cursor, in its own file: two slots written alternately, of which the higher position counts. An
//! interrupted write damages at most one slot, and writing needs no space on a full disk.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use crate::ingest::segment::Position;

/// The size of a slot in bytes: one disk block.
const PLACE: usize = 4_096;

/// The length of the content of a slot in bytes: a position and its checksum.
const LENGTH: usize = 20;

/// The position up to which the queue was forwarded.
#[derive(Debug)]
pub(crate) struct Cursor {
    file: File,
    position: Position,
    /// Whether the second slot is written next.
    second: bool,
}

impl Cursor {
    /// Opens the cursor of the queue in this folder. A new cursor is at the start of the queue.
    ///
    /// # Errors
    /// When the file exists and cannot be read. A guess would lose data or send all of it again.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(folder.join("cursor"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        if bytes.len() < 2 * PLACE || bytes.iter().all(|byte| *byte == 0) {
            // Allocates both slots now. A crash here does no harm, because nothing was forwarded yet.
            bytes = vec![0; 2 * PLACE];
            bytes[..LENGTH].copy_from_slice(&written(Position::default()));
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            File::open(folder)?.sync_all()?;
        }
        let (first, second) = (read(&bytes), read(&bytes[PLACE..]));
        let position = first.max(second).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "its cursor cannot be read")
        })?;
        Ok(Self {
            file,
            position,
            second: first == Some(position),
        })
    }

    /// The current position.
    pub(crate) const fn position(&self) -> Position {
        self.position
    }

    /// Moves the cursor and syncs it to disk. The position in memory moves even when that fails; after a crash some
    /// parcels are then sent again.
    pub(crate) fn move_to(&mut self, position: Position) -> io::Result<()> {
        self.position = position;
        let place = if self.second { PLACE as u64 } else { 0 };
        self.file.seek(SeekFrom::Start(place))?;
        self.file.write_all(&written(position))?;
        self.file.sync_data()?;
        self.second = !self.second;
        Ok(())
    }
}

fn written(position: Position) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[..8].copy_from_slice(&position.segment.to_le_bytes());
    bytes[8..16].copy_from_slice(&position.offset.to_le_bytes());
    let checksum = crc32fast::hash(&bytes[..16]);
    bytes[16..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn read(bytes: &[u8]) -> Option<Position> {
    let (segment, rest) = bytes.split_first_chunk()?;
    let (offset, rest) = rest.split_first_chunk()?;
    let position = Position {
        segment: u64::from_le_bytes(*segment),
        offset: u64::from_le_bytes(*offset),
    };
    let checksum = &written(position)[16..];
    rest.starts_with(checksum).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(segment: u64, offset: u64) -> Position {
        Position { segment, offset }
    }

    #[test]
    fn it_stands_where_it_was_put() {
        let folder = tempfile::tempdir().unwrap();
        let mut cursor = Cursor::open(folder.path()).unwrap();
        assert_eq!(cursor.position(), Position::default());
        for position in [at(3, 77), at(3, 99), at(4, 0)] {
            cursor.move_to(position).unwrap();
            cursor = Cursor::open(folder.path()).unwrap();
            assert_eq!(cursor.position(), position);
        }
    }

    #[test]
    fn a_write_that_broke_off_leaves_it_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut cursor = Cursor::open(folder.path()).unwrap();
        cursor.move_to(at(1, 10)).unwrap();
        let before = std::fs::read(folder.path().join("cursor")).unwrap();
        cursor.move_to(at(2, 20)).unwrap();
        let mut after = std::fs::read(folder.path().join("cursor")).unwrap();
        let changed = (0..after.len()).find(|place| before[*place] != after[*place]);
        after[changed.unwrap()] ^= 0xff;
        std::fs::write(folder.path().join("cursor"), &after).unwrap();
        assert_eq!(Cursor::open(folder.path()).unwrap().position(), at(1, 10));
        std::fs::write(folder.path().join("cursor"), [7; 2 * PLACE]).unwrap();
        assert!(Cursor::open(folder.path()).is_err());
    }
}
