//! Groups of files that use each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::edges::Edges;

/// Files that all reach one another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cycle {
    /// Every file of the group, by index, in ascending order.
    pub(crate) files: Vec<usize>,
    /// A shortest way round: each file uses the next, the last uses the first.
    pub(crate) round: Vec<usize>,
}

type Graph = BTreeMap<usize, BTreeSet<usize>>;

impl Edges {
    /// Returns the strongly connected groups of more than one file, largest first.
    pub(crate) fn cycles(&self) -> Vec<Cycle> {
        let mut graph = Graph::new();
        for (from, to, _) in self.iter() {
            graph.entry(from).or_default().insert(to);
            graph.entry(to).or_default();
        }
        let reached: BTreeMap<usize, BTreeSet<usize>> = graph
            .keys()
            .map(|file| (*file, reachable(&graph, *file)))
            .collect();
        let mut placed = BTreeSet::new();
        let mut cycles = Vec::new();
        for (file, forward) in &reached {
            if placed.contains(file) || !forward.contains(file) {
                continue;
            }
            let group = forward.iter().filter(|other| reached[other].contains(file));
            let files: Vec<usize> = group.copied().collect();
            placed.extend(files.iter().copied());
            let round = shortest_round(&graph, &files);
            cycles.push(Cycle { files, round });
        }
        cycles.sort_by_key(|cycle| std::cmp::Reverse(cycle.files.len()));
        cycles
    }
}

/// The files that can be reached by at least one edge.
fn reachable(graph: &Graph, start: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        open.extend(graph[&file].iter().filter(|next| seen.insert(**next)));
    }
    seen
}

fn shortest_round(graph: &Graph, files: &[usize]) -> Vec<usize> {
    let rounds = files.iter().map(|start| round_through(graph, *start));
    rounds.min_by_key(Vec::len).unwrap_or_default()
}

/// A shortest way from a file back to itself, found breadth first.
fn round_through(graph: &Graph, start: usize) -> Vec<usize> {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for next in &graph[&file] {
            if *next == start {
                let mut round = vec![file];
                while let Some(previous) = before.get(&round[round.len() - 1]) {
                    round.push(*previous);
                }
                round.reverse();
                return round;
            }
            if !before.contains_key(next) {
                before.insert(*next, file);
                open.push_back(*next);
            }
        }
    }
    Vec::new()
}
