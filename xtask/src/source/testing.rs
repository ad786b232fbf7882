//! Crates planted in temporary folders, for tests.

use std::{fs, path::Path};

use super::tree::Crate;

/// Writes files below `folder`, making folders as needed.
pub(crate) fn plant(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Reads a crate named `sample` with these files below `src`.
pub(crate) fn read(files: &[(&str, &str)]) -> Crate {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("sample");
    plant(&root.join("src"), files);
    Crate::read(&root).unwrap()
}
