//! Rooms: the folders that every crate has under the same names, and which of them may use which.
//!
//! `docs/architecture.md` holds a table of what is allowed (the only statement of it) and a picture of what exists.
//! `cargo xtask rooms` prints the edges, cycles and violations of the current code, `--write` redraws the picture, and
//! `cargo xtask lint` calls [`check`].

mod check;
mod graph;
mod picture;
mod report;
mod section;
mod table;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{paths, source::Crate, terminal};
use section::Section;

/// The document with the table and the picture.
const DOCUMENT: &str = "docs/architecture.md";

/// What to do beside printing.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Redraw the picture in docs/architecture.md
    #[arg(long)]
    write: bool,
}

/// Prints every crate's edges between rooms, cycles between files, and edges that the table does not allow.
///
/// # Errors
/// When a source file does not parse or the table is malformed.
pub(crate) fn run(options: &Options) -> Result<()> {
    let crates = Crate::read_all(paths::root())?;
    let document = Document::read(paths::root())?;
    if options.write {
        document.write(&crates)?;
    }
    for source in &crates {
        terminal::line(&report::of(source, &document.section.table));
    }
    Ok(())
}

/// Fails on a cycle between files, an edge that the table does not allow, or an outdated picture.
///
/// # Errors
/// Lists everything that is wrong.
pub(crate) fn check() -> Result<()> {
    check_in(paths::root())
}

fn check_in(root: &Path) -> Result<()> {
    let crates = Crate::read_all(root)?;
    let document = Document::read(root)?;
    let mut problems = Vec::new();
    for source in &crates {
        problems.extend(check::problems(source, &document.section.table));
    }
    if document.section.render(&crates) != document.text {
        problems.push(format!(
            "{DOCUMENT} differs from the code: run `cargo xtask rooms --write`"
        ));
    }
    if !problems.is_empty() {
        bail!("{} problems\n{}", problems.len(), problems.join("\n"));
    }
    Ok(())
}

/// The document on disk and its part about rooms.
struct Document {
    path: std::path::PathBuf,
    text: String,
    section: Section,
}

impl Document {
    fn read(root: &Path) -> Result<Self> {
        let path = root.join(DOCUMENT);
        let text = fs::read_to_string(&path).context(DOCUMENT)?;
        let section = Section::parse(&text).context(DOCUMENT)?;
        Ok(Self {
            path,
            text,
            section,
        })
    }

    fn write(&self, crates: &[Crate]) -> Result<()> {
        fs::write(&self.path, self.section.render(crates)).context(DOCUMENT)
    }
}

#[cfg(test)]
mod tests;
