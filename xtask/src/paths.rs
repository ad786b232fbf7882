//! Where things are: the clone, what cargo builds, the site, the browser stories.

use std::path::{Path, PathBuf};

/// The root of the clone.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder in the clone")
}

/// Where cargo builds: `target`, or wherever `CARGO_TARGET_DIR` says.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => std::env::current_dir()
            .unwrap_or_else(|_| root().to_owned())
            .join(folder),
        _ => root().join("target"),
    }
}

/// Where cargo builds the browser side. A folder of its own: its features differ from the server's, and in one folder
/// each build would undo the other's.
pub(crate) fn front_target() -> PathBuf {
    target().join("front")
}

/// The site as the server serves or embeds it. Always in the clone, since the server's build reads it from there.
pub(crate) fn site() -> PathBuf {
    root().join("target/site")
}

/// The browser stories.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// The tests of clients nobody here wrote.
pub(crate) fn clients() -> PathBuf {
    root().join("clients")
}

/// Where the Python packages of those tests are installed: an environment of their own, with its programs in `bin`.
pub(crate) fn python_packages() -> PathBuf {
    target().join("clients")
}

/// The server that a cargo profile built; `folder` is the profile's folder (`debug`, `release`, `ci`).
pub(crate) fn server(folder: &str) -> PathBuf {
    program(folder, "countersign")
}

/// A program that a cargo profile built.
pub(crate) fn program(folder: &str, name: &str) -> PathBuf {
    target().join(folder).join(name)
}
