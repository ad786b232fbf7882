//! Where static files are: in a folder, or embedded in the program.

use std::path::PathBuf;

use axum::body::Bytes;

/// A file with its entity tag.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) content: Bytes,
    /// The entity tag, in quotes as in the header.
    pub(super) etag: String,
}

/// The place of the files.
#[derive(Debug, Clone)]
pub(super) enum Files {
    Folder(PathBuf),
    #[cfg(feature = "embed-site")]
    Embedded,
}

impl Files {
    pub(super) fn choose(folder: Option<PathBuf>) -> Self {
        #[cfg(feature = "embed-site")]
        let standard = Self::Embedded;
        #[cfg(not(feature = "embed-site"))]
        let standard = Self::Folder(
            [env!("CARGO_MANIFEST_DIR"), "..", "target", "site"]
                .iter()
                .collect(),
        );
        folder.map_or(standard, Self::Folder)
    }

    /// Reads a file. The name must not leave the folder. Files are few and small, so that reading one from the folder,
    /// which happens during development only, needs no blocking thread.
    pub(super) fn read(&self, name: &str) -> Option<File> {
        match self {
            Self::Folder(folder) => {
                let content = std::fs::read(folder.join(name)).ok()?;
                let etag = format!("\"{:016x}-{}\"", hash(&content), content.len());
                Some(File {
                    content: content.into(),
                    etag,
                })
            }
            #[cfg(feature = "embed-site")]
            Self::Embedded => embedded::read(name),
        }
    }
}

/// Distinguishes versions of a file (FNV-1a). It is not cryptographic.
fn hash(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(feature = "embed-site")]
mod embedded {
    use std::borrow::Cow;

    use axum::body::Bytes;
    use rust_embed::RustEmbed;

    use super::File;

    #[derive(RustEmbed)]
    #[folder = "../target/site"]
    struct Embedded;

    pub(super) fn read(name: &str) -> Option<File> {
        let file = Embedded::get(name)?;
        let hash = file.metadata.sha256_hash();
        let etag = hash[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        let content = match file.data {
            Cow::Borrowed(content) => Bytes::from_static(content),
            Cow::Owned(content) => Bytes::from(content),
        };
        Some(File {
            content,
            etag: format!("\"{etag}\""),
        })
    }
}
