//! To where the queue was forwarded, kept in a file of its own: two places in it, written in turn, of which the one
//! farther on counts. One of them is whole whenever a write breaks off, and writing needs no room on a disk that is full.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use crate::ingest::segment::Position;

/// Bytes of a place, and from one to the other: a disk writes so many at once.
const PLACE: usize = 4_096;

/// Bytes of what is in a place: a position and its checksum.
const LENGTH: usize = 20;

/// The place to which the queue was forwarded.
#[derive(Debug)]
pub(crate) struct Cursor {
    file: File,
    position: Position,
    /// Which of the two places is written next.
    second: bool,
}

impl Cursor {
    /// Opens the cursor of the queue in this folder. A new one stands before everything.
    ///
    /// # Errors
    /// When it is there and cannot be read: to guess would be to lose, or to send all again.
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
            // Its room is taken now. A crash in here costs nothing: nothing was forwarded yet.
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

    /// Where it stands.
    pub(crate) const fn position(&self) -> Position {
        self.position
    }

    /// Moves it, and brings that to disk. It has moved even when that fails: then a crash sends some parcels again.
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
