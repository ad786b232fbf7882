//! The edges between the places of a crate, added up from those between its files.

use std::collections::{BTreeMap, BTreeSet};

use super::table::Table;
use crate::source::{Crate, Edges};

/// From each place to those it uses, with the number of pairs of files that tie them. Every place is a key; edges
/// inside a place are left out.
#[derive(Debug)]
pub(super) struct Graph(pub(super) BTreeMap<String, BTreeMap<String, usize>>);

impl Graph {
    pub(super) fn of(source: &Crate, edges: &Edges, table: &Table) -> Self {
        let place = |file: usize| table.place(&source.name, &source.files[file].path);
        let mut graph: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for file in 0..source.files.len() {
            graph.entry(place(file)).or_default();
        }
        for (from, to, _) in edges.iter() {
            let (from, to) = (place(from), place(to));
            if from != to {
                *graph.entry(from).or_default().entry(to).or_default() += 1;
            }
        }
        Self(graph)
    }

    /// Leaves out a place and its edges.
    pub(super) fn without(mut self, place: &str) -> Self {
        self.0.remove(place);
        for used in self.0.values_mut() {
            used.remove(place);
        }
        self
    }

    /// The places that a place uses, without those that another of them also uses. In a cycle all are kept.
    pub(super) fn direct(&self, place: &str) -> BTreeSet<&str> {
        let used = self.0[place].keys();
        let follows = |to: &str| {
            let others = self.0[place].keys().filter(|other| *other != to);
            let mut reaching = others.filter(|other| self.reaches(other).contains(to));
            reaching.any(|other| !self.reaches(to).contains(other.as_str()))
        };
        used.map(String::as_str).filter(|to| !follows(to)).collect()
    }

    fn reaches<'a>(&'a self, start: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![start];
        while let Some(place) = open.pop() {
            let used = self.0[place].keys().map(String::as_str);
            open.extend(used.filter(|next| seen.insert(*next)));
        }
        seen
    }
}
