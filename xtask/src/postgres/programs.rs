//! Where PostgreSQL's server programs are installed.

use std::{env, fs, path::PathBuf};

/// Whether the programs are installed.
pub(crate) fn is_installed() -> bool {
    folder().is_some()
}

/// The folder of the programs: in `PATH`, else the newest of Debian's, which are not in `PATH`.
pub(super) fn folder() -> Option<PathBuf> {
    let in_path = env::split_paths(&env::var_os("PATH")?).collect::<Vec<_>>();
    let debian = fs::read_dir("/usr/lib/postgresql").ok();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let newest_first = versions.into_iter().rev().map(|(_, folder)| folder);
    in_path.into_iter().chain(newest_first).find(|folder| {
        let mut programs = ["initdb", "postgres", "pg_ctl"].iter();
        programs.all(|program| folder.join(program).exists())
    })
}
