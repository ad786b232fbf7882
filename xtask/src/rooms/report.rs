//! What `cargo xtask rooms` prints of a crate.

use super::{check, graph::Graph, table::Table};
use crate::source::{Crate, Edges};

/// Edges between places with the number of file pairs, then all edges of each cycle, then what the table forbids.
pub(super) fn of(source: &Crate, table: &Table) -> String {
    let edges = Edges::of(source);
    let (files, count) = (source.files.len(), edges.iter().count());
    let mut text = format!("== {}: {files} files, {count} edges ==", source.name);
    for (from, used) in Graph::of(source, &edges, table).0 {
        let used: Vec<String> = used
            .iter()
            .map(|(to, count)| format!("{to} ({count})"))
            .collect();
        text += &format!("\n{from} -> {}", used.join(", "));
    }
    for cycle in edges.cycles() {
        text += &format!(
            "\n{}\n  all its edges:",
            check::describe(source, &edges, &cycle)
        );
        let inside = |file| cycle.files.contains(&file);
        for (from, to, _) in edges
            .iter()
            .filter(|(from, to, _)| inside(*from) && inside(*to))
        {
            text += &format!("\n    {}", check::edge(source, &edges, from, to));
        }
    }
    for problem in check::room_problems(source, &edges, table) {
        text += &format!("\n{problem}");
    }
    text
}
