//! `docs/architecture.md` is a map: it stays short enough to be read in one go.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::paths;

const MAP: &str = "docs/architecture.md";

/// The map has fewer lines than this.
const LINES: usize = 200;

/// Most characters of a line.
const WIDTH: usize = 100;

/// Fails when the map is too long or too wide.
///
/// # Errors
/// States the excess, or names the first line that is too wide.
pub(super) fn check() -> Result<()> {
    check_in(paths::root())
}

fn check_in(root: &Path) -> Result<()> {
    let text = fs::read_to_string(root.join(MAP)).context(MAP)?;
    let count = text.lines().count();
    ensure!(
        count < LINES,
        "{MAP} has {count} lines; fewer than {LINES} are allowed"
    );
    let wide = text.lines().position(|line| line.chars().count() > WIDTH);
    if let Some(line) = wide {
        anyhow::bail!("{MAP}:{}: more than {WIDTH} characters", line + 1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_is_too_long_or_too_wide_fails() {
        let fits = |text: &str| {
            let root = tempfile::tempdir().unwrap();
            fs::create_dir(root.path().join("docs")).unwrap();
            fs::write(root.path().join(MAP), text).unwrap();
            check_in(root.path()).is_ok()
        };
        assert!(fits(&format!("{}\n", "é".repeat(WIDTH)).repeat(LINES - 1)));
        assert!(!fits(&"\n".repeat(LINES)));
        assert!(!fits(&"e".repeat(WIDTH + 1)));
    }
}
