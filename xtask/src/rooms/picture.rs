//! A Mermaid picture of the edges that exist between the rooms of a crate.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{ROOT, Table};
use crate::source::{Crate, Edges};

/// The longest line, in characters.
const WIDTH: usize = 100;

/// Edges between places: from, to, and how many pairs of files tie them.
pub(super) type PlaceEdges = BTreeMap<String, BTreeMap<String, usize>>;

/// Adds the edges between files up to edges between places. Every place is a key, edges inside a place are left out.
pub(super) fn place_edges(source: &Crate, edges: &Edges, table: &Table) -> PlaceEdges {
    let place = |file: usize| table.place(&source.name, &source.files[file].path);
    let mut sums = PlaceEdges::new();
    for file in 0..source.files.len() {
        sums.entry(place(file)).or_default();
    }
    for (from, to, _) in edges.iter() {
        let (from, to) = (place(from), place(to));
        if from != to {
            *sums.entry(from).or_default().entry(to).or_default() += 1;
        }
    }
    sums
}

/// The picture of one crate. Places that use the same places share a line; [`ROOT`] uses everything and is left out.
pub(super) fn of(source: &Crate, table: &Table) -> String {
    let mut sources_of: BTreeMap<BTreeSet<String>, Vec<String>> = BTreeMap::new();
    for (from, used) in place_edges(source, &Edges::of(source), table) {
        let targets: BTreeSet<String> = used.into_keys().filter(|place| place != ROOT).collect();
        if from != ROOT {
            sources_of.entry(targets).or_default().push(from);
        }
    }
    let mut lines: Vec<String> = sources_of
        .iter()
        .flat_map(|(to, from)| arrows(from, to))
        .collect();
    lines.sort();
    format!(
        "`{}`\n```mermaid\nflowchart LR\n{}```\n",
        source.name,
        lines.concat()
    )
}

/// One arrow line, or several when it would be too long; a place without arrows stands alone.
fn arrows(from: &[String], to: &BTreeSet<String>) -> Vec<String> {
    let from = from.join(" & ");
    let mut lines = Vec::new();
    let mut line = format!("{from} --> ");
    for target in to {
        if !line.ends_with("> ") && line.len() + 3 + target.len() > WIDTH {
            lines.push(line + "\n");
            line = format!("{from} --> ");
        }
        line += if line.ends_with("> ") { "" } else { " & " };
        line += target;
    }
    lines.push(if to.is_empty() {
        format!("{from}\n")
    } else {
        line + "\n"
    });
    lines
}
