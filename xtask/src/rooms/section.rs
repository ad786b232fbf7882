//! The part of the document between the two markers.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::{
    picture,
    table::{CRATES, Table},
};
use crate::source::Crate;

const BEGIN: &str = "<!-- rooms:begin -->\n";
const END: &str = "<!-- rooms:end -->\n";

/// The table, and the text around the markers, which is kept as it is.
#[derive(Debug)]
pub(super) struct Section {
    before: String,
    pub(super) table: Table,
    after: String,
}

impl Section {
    pub(super) fn parse(document: &str) -> Result<Self> {
        let (before, rest) = document
            .split_once(BEGIN)
            .context("no line <!-- rooms:begin -->")?;
        let (inside, after) = rest.split_once(END).context("no line <!-- rooms:end -->")?;
        let lines = inside.lines().skip_while(|line| !line.starts_with('|'));
        let lines: Vec<&str> = lines
            .take_while(|line| line.starts_with('|'))
            .skip(2)
            .collect();
        Ok(Self {
            before: before.to_owned(),
            table: Table::parse(&lines)?,
            after: after.to_owned(),
        })
    }

    /// Adds a row that allows nothing for each place in the code that has none.
    pub(super) fn add_missing_rows(&mut self, crates: &[Crate]) {
        for source in crates
            .iter()
            .filter(|source| CRATES.contains(&source.name.as_str()))
        {
            let files = source.files.iter();
            let places: BTreeSet<String> = files
                .map(|file| self.table.place(&source.name, &file.path))
                .collect();
            for place in places {
                if !self.table.has(&source.name, &place) {
                    self.table.add(&source.name, &place);
                }
            }
        }
    }

    /// The whole document, with the picture drawn from the code.
    pub(super) fn render(&self, crates: &[Crate]) -> String {
        let Self {
            before,
            table,
            after,
        } = self;
        let pictures: String = crates
            .iter()
            .filter(|source| CRATES.contains(&source.name.as_str()))
            .map(|source| picture::of(source, table))
            .collect();
        format!("{before}{BEGIN}{}\n{pictures}{END}{after}", table.render())
    }
}
