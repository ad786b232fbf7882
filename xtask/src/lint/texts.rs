//! The texts of this repository that people read: sources, pages of `docs/` and the OpenAPI document.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Endings of the files to read. SQL migrations are never edited, so they are not read.
const ENDINGS: [&str; 6] = ["rs", "ts", "js", "py", "css", "md"];

/// Read as well: its texts come from doc comments, but users of the API read them here.
pub(super) const OPENAPI: &str = "docs/openapi.json";

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "test-results",
    "playwright-report",
    "data",
];

/// The texts with their paths relative to `root`, in the order of their paths.
///
/// # Errors
/// When a file cannot be read or is not UTF-8.
pub(super) fn read(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut paths = below(root, Path::new(""))?;
    paths.sort();
    let texts = paths.into_iter().map(|path| {
        let text = fs::read_to_string(root.join(&path));
        let text = text.with_context(|| path.display().to_string())?;
        Ok((path, text))
    });
    texts.collect()
}

fn below(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name();
        let path = folder.join(&name);
        if entry.file_type()?.is_dir() {
            if !SKIPPED.iter().any(|skipped| name == *skipped) {
                files.extend(below(root, &path)?);
            }
        } else if is_text(&path) {
            files.push(path);
        }
    }
    Ok(files)
}

fn is_text(path: &Path) -> bool {
    path == Path::new(OPENAPI)
        || path
            .extension()
            .is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}
