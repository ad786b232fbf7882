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
    let arrows = users.into_iter().flat_map(|(used, users)| {
        let used: Vec<String> = used.into_iter().map(node).collect();
        arrow(&users, &used)
    });
    arrows.collect()
}

/// An arrow from each user to each used place, as several statements if one would be too long.
fn arrow(users: &[String], used: &[String]) -> Vec<String> {
    let statement = match used {
        [] => users.join(" & "),
        _ => format!("{} --> {}", users.join(" & "), used.join(" & ")),
    };
    if statement.len() <= WIDTH || users.len().max(used.len()) < 2 {
        return vec![statement];
    }
    if users.len() > used.len() {
        let (first, rest) = users.split_at(users.len() / 2);
        [arrow(first, used), arrow(rest, used)].concat()
    } else {
        let (first, rest) = used.split_at(used.len() / 2);
        [arrow(users, first), arrow(users, rest)].concat()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_is_too_long_is_split() {
        let names = |count: usize| -> Vec<String> {
            (0..count)
                .map(|number| format!("server/room{number}"))
                .collect()
        };
        assert_eq!(arrow(&names(1), &names(2)).len(), 1);
        assert_eq!(arrow(&names(2), &[]), ["server/room0 & server/room1"]);
        for statements in [arrow(&names(1), &names(20)), arrow(&names(20), &names(1))] {
            assert!(statements.len() > 1);
            assert!(statements.iter().all(|statement| statement.len() <= WIDTH));
        }
    }
}
