//! A Mermaid picture of the edges that exist between the rooms of all crates.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    graph::Graph,
    table::{CRATES, ROOT, Table, short},
};
use crate::source::{Crate, Edges};

/// The longest line, in characters.
const WIDTH: usize = 100;

/// Draws every crate that is divided into rooms. [`ROOT`] uses everything and is left out, and so are arrows that
/// follow from others.
pub(super) fn of(crates: &[Crate], table: &Table) -> String {
    let mut text = "```mermaid\nflowchart LR\n".to_owned();
    for source in crates
        .iter()
        .filter(|source| CRATES.contains(&source.name.as_str()))
    {
        let graph = Graph::of(source, &Edges::of(source), table).without(ROOT);
        for line in wrap(arrows(&source.name, &graph)) {
            text += &format!("{line}\n");
        }
    }
    text + "```\n"
}

/// `domain/audit & domain/usage --> domain/platform`: places that use the same places share an arrow.
fn arrows(crate_name: &str, graph: &Graph) -> Vec<String> {
    let node = |place: &str| format!("{crate_name}/{}", short(place));
    let mut users: BTreeMap<BTreeSet<&str>, Vec<String>> = BTreeMap::new();
    for place in graph.0.keys() {
        users
            .entry(graph.direct(place))
            .or_default()
            .push(node(place));
    }
    let arrows = users.into_iter().map(|(used, users)| {
        let used: Vec<String> = used.into_iter().map(node).collect();
        let users = users.join(" & ");
        if used.is_empty() {
            users
        } else {
            format!("{users} --> {}", used.join(" & "))
        }
    });
    arrows.collect()
}

/// Joins statements to lines that are not too long.
fn wrap(statements: Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for statement in statements {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + statement.len() <= WIDTH => {
                *line += "; ";
                *line += &statement;
            }
            _ => lines.push(statement),
        }
    }
    lines
}
