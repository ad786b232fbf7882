//! The part of the document between the two markers.

use anyhow::{Context, Result};

use super::{picture, table::Table};
use crate::source::Crate;

const BEGIN: &str = "<!-- rooms:begin -->\n";
const END: &str = "<!-- rooms:end -->\n";

/// The table and the text around it, which are kept, and the picture, which is generated.
#[derive(Debug)]
pub(super) struct Section {
    /// Up to the end of the table.
    before: String,
    pub(super) table: Table,
    /// From the end marker.
    after: String,
}

impl Section {
    pub(super) fn parse(document: &str) -> Result<Self> {
        let (before, rest) = document
            .split_once(BEGIN)
            .context("no line <!-- rooms:begin -->")?;
        let (inside, after) = rest.split_once(END).context("no line <!-- rooms:end -->")?;
        let (rows, _) = inside.split_once("\n\n").unwrap_or((inside.trim_end(), ""));
        let lines: Vec<&str> = rows.lines().skip(2).collect();
        Ok(Self {
            before: format!("{before}{BEGIN}{rows}"),
            table: Table::parse(&lines)?,
            after: format!("{END}{after}"),
        })
    }

    /// The whole document, with the picture drawn from the code.
    pub(super) fn render(&self, crates: &[Crate]) -> String {
        let Self {
            before,
            table,
            after,
        } = self;
        format!("{before}\n\n{}{after}", picture::of(crates, table))
    }
}
