//! The folders of the clone and of build output.

use std::path::{Path, PathBuf};

/// The root of the clone.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder in the clone")
}

/// Cargo's build output: `target`, or what `CARGO_TARGET_DIR` names.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => std::env::current_dir()
            .unwrap_or_else(|_| root().to_owned())
            .join(folder),
        _ => root().join("target"),
    }
}

/// Cargo's build output of the browser side. It is separate, since the features differ from the server's and each
/// build would invalidate the other.
pub(crate) fn front_target() -> PathBuf {
    target().join("front")
}

/// The site that the server serves or embeds. Always in the clone, since the server's build reads it from there.
pub(crate) fn site() -> PathBuf {
    root().join("target/site")
}

/// The browser stories.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// The tests that run third-party clients.
pub(crate) fn clients() -> PathBuf {
    root().join("clients")
}

/// The virtual environment with the Python packages of those tests.
pub(crate) fn python_packages() -> PathBuf {
    target().join("clients")
}

/// Tools that xtask builds or installs for itself.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// The server in a cargo profile's folder (`debug`, `release`).
pub(crate) fn server(folder: &str) -> PathBuf {
    program(folder, "countersign")
}

/// A program in a cargo profile's folder.
pub(crate) fn program(folder: &str, name: &str) -> PathBuf {
    target().join(folder).join(name)
}
