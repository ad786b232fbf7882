//! What is wrong with a crate's edges.

use super::table::{CRATES, ROOT, Table};
use crate::source::{Crate, Cycle, Edges};

/// Cycles between files, and edges between places that the table does not allow.
pub(super) fn problems(source: &Crate, table: &Table) -> Vec<String> {
    let edges = Edges::of(source);
    let cycles = edges.cycles();
    let cycles = cycles.iter().map(|cycle| describe(source, &edges, cycle));
    cycles.chain(forbidden(source, &edges, table)).collect()
}

/// A cycle file by file, with the names that tie it.
pub(super) fn describe(source: &Crate, edges: &Edges, cycle: &Cycle) -> String {
    let mut text = format!(
        "{}: a cycle of {} files; a shortest way round:",
        source.name,
        cycle.files.len()
    );
    let next = cycle.round.iter().cycle().skip(1);
    for (from, to) in cycle.round.iter().zip(next) {
        text += &format!("\n  {}", edge(source, edges, *from, *to));
    }
    text
}

/// One edge and its names.
pub(super) fn edge(source: &Crate, edges: &Edges, from: usize, to: usize) -> String {
    let names = edges.names(from, to).join(", ");
    format!(
        "{} -> {} ({names})",
        source.files[from].path, source.files[to].path
    )
}

/// Edges between places that the table does not allow, and places without a row.
pub(super) fn forbidden(source: &Crate, edges: &Edges, table: &Table) -> Vec<String> {
    let name = source.name.as_str();
    if !CRATES.contains(&name) {
        return Vec::new();
    }
    let place = |file: usize| table.place(name, &source.files[file].path);
    let places: std::collections::BTreeSet<String> = (0..source.files.len()).map(place).collect();
    let unknown = places.iter().filter(|place| !table.has(name, place));
    let mut problems: Vec<String> = unknown
        .map(|place| format!("{name}: {place} has no row in the table"))
        .collect();
    for (from, to, _) in edges.iter() {
        let (place_from, place_to) = (place(from), place(to));
        if place_from != ROOT
            && place_from != place_to
            && !table.may_use(name, &place_from).contains(place_to.as_str())
        {
            let edge = edge(source, edges, from, to);
            problems.push(format!(
                "{name}: {place_from} may not use {place_to}: {edge}"
            ));
        }
    }
    problems
}
