//! Copying and mirroring folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

/// Copies every file below `from` into `to`. A missing folder counts as empty.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn copy_into(from: &Path, to: &Path) -> Result<()> {
    for name in files_below(from)? {
        write(&to.join(&name), &fs::read(from.join(&name))?)?;
    }
    Ok(())
}

/// Makes the files below `to` equal to those below `from`. Writes only what differs, since cargo rebuilds what embeds a
/// file with a newer timestamp.
///
/// # Errors
/// When a file cannot be read, written or removed.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<()> {
    let wanted = files_below(from)?;
    for name in &wanted {
        let content = fs::read(from.join(name))?;
        if !fs::read(to.join(name)).is_ok_and(|old| old == content) {
            write(&to.join(name), &content)?;
        }
    }
    for name in files_below(to)? {
        if !wanted.contains(&name) {
            fs::remove_file(to.join(name))?;
        }
    }
    Ok(())
}

/// Every file below a folder, relative to it, sorted. A missing folder counts as empty.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = PathBuf::from(entry.file_name());
            if entry.file_type()?.is_dir() {
                let below = files_below(&entry.path())?;
                files.extend(below.into_iter().map(|file| name.join(file)));
            } else {
                files.push(name);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, content)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_equal_and_does_not_write_equal_files() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (folder, name, content) in [
            (&from, "pkg/new.js", "new"),
            (&from, "same.svg", "same"),
            (&to, "same.svg", "same"),
            (&to, "pkg/old.js", "old"),
        ] {
            write(&folder.path().join(name), content.as_bytes()).unwrap();
        }
        let written = || {
            fs::metadata(to.path().join("same.svg"))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = written();
        mirror(from.path(), to.path()).unwrap();
        assert_eq!(
            files_below(to.path()).unwrap(),
            files_below(from.path()).unwrap()
        );
        assert_eq!(written(), before);
    }

    #[test]
    fn a_missing_folder_has_no_files() {
        assert!(
            files_below(Path::new("/nowhere/at/all"))
                .unwrap()
                .is_empty()
        );
    }
}
