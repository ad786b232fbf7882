//! What is wrong with a crate's edges.

use super::table::{CRATES, Table};
use crate::source::{Crate, Cycle, Edges};

/// Cycles between files, edges between places that the table does not allow, and faults of the table.
pub(super) fn problems(source: &Crate, table: &Table) -> Vec<String> {
    let edges = Edges::of(source);
    let cycles = edges.cycles();
    let cycles = cycles.iter().map(|cycle| describe(source, &edges, cycle));
    cycles.chain(room_problems(source, &edges, table)).collect()
}

/// A cycle file by file, with the names that tie it.
pub(super) fn describe(source: &Crate, edges: &Edges, cycle: &Cycle) -> String {
    let (name, count) = (&source.name, cycle.files.len());
    let mut text = format!("{name}: a cycle of {count} files; a shortest way round:");
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

/// Edges between places that the table does not allow, and faults of the table; nothing for a crate without rooms.
pub(super) fn room_problems(source: &Crate, edges: &Edges, table: &Table) -> Vec<String> {
    let name = source.name.as_str();
    if !CRATES.contains(&name) {
        return Vec::new();
    }
    let place = |file: usize| table.place(name, &source.files[file].path);
    let mut problems = table.problems(source);
    for (from, to, _) in edges.iter() {
        let (place_from, place_to) = (place(from), place(to));
        if !table.allows(name, &place_from, &place_to) {
            let edge = edge(source, edges, from, to);
            problems.push(format!(
                "{name}: {place_from} may not use {place_to}: {edge}"
            ));
        }
    }
    problems
}
