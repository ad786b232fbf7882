//! The identity of a queue, in a file of its folder: its id in the table `ingest_queue`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use domain::platform::id::Id;

use crate::{ingest::segment::Position, platform::random};

/// The identity of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) id: Id,
    /// The start of the parcels that are counted by position. A version without identities wrote and counted the segments
    /// before it.
    pub(crate) start: Position,
}

impl Identity {
    /// Reads the identity of the queue in this folder. A new one begins at `start`.
    ///
    /// # Errors
    /// When the file exists and cannot be read. A guess would count requests twice or not at all.
    pub(crate) fn open(folder: &Path, start: Position) -> io::Result<Self> {
        let file = folder.join("identity");
        match fs::read_to_string(&file) {
            Ok(text) => parse(&text).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, "its identity cannot be read")
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let id = Id::from_bits(u64::from_le_bytes(random::bytes()));
                let identity = Self { id, start };
                identity.write(folder, &file)?;
                Ok(identity)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the file under another name first, so that it is complete when it exists.
    fn write(self, folder: &Path, file: &Path) -> io::Result<()> {
        let new = folder.join("identity.new");
        let mut options = OpenOptions::new();
        let mut written = options.create(true).write(true).truncate(true).open(&new)?;
        writeln!(written, "{} {}", self.id, self.start.segment)?;
        written.sync_all()?;
        fs::rename(&new, file)?;
        File::open(folder)?.sync_all()
    }
}

fn parse(text: &str) -> Option<Identity> {
    let (id, segment) = text.trim_end().split_once(' ')?;
    let start = Position {
        segment: segment.parse().ok()?,
        offset: 0,
    };
    Some(Identity {
        id: Id::parse(id).ok()?,
        start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_keeps_its_identity() {
        let folder = tempfile::tempdir().unwrap();
        let at = |segment| Position { segment, offset: 0 };
        let identity = Identity::open(folder.path(), at(3)).unwrap();
        assert_eq!(identity.start, at(3));
        assert_eq!(Identity::open(folder.path(), at(9)).unwrap(), identity);
        fs::write(folder.path().join("identity"), "damaged").unwrap();
        assert!(Identity::open(folder.path(), at(9)).is_err());
    }
}
