//! Which file of a crate uses which other file, and the names that tie them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    resolve::{Resolver, Target},
    tree::Crate,
};

/// The edges between the files of one crate, by their indexes in [`Crate::files`].
#[derive(Debug, Default)]
pub(crate) struct Edges(BTreeMap<(usize, usize), BTreeSet<String>>);

impl Edges {
    /// Computes the edges from private `use` declarations and from paths in signatures, bodies, macros and attributes.
    /// A re-export and a `mod` declaration are no edges.
    pub(crate) fn of(source: &Crate) -> Self {
        let mut edges = Self::default();
        let resolver = Resolver::new(source);
        for (index, module) in source.modules.iter().enumerate() {
            let imports = module.imports.iter().filter(|import| !import.is_exported);
            let imported = imports.map(|import| &import.path);
            // What is imported from a module is decided by the paths that start with it.
            let imported = imported.filter(|path| !resolver.is_module(index, path));
            for path in imported.chain(&module.paths) {
                if let Target::Item { file, name } = resolver.resolve(index, path)
                    && file != module.file
                {
                    edges.0.entry((module.file, file)).or_default().insert(name);
                }
            }
        }
        edges
    }

    /// Every edge: from, to, and the names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, usize, &BTreeSet<String>)> {
        self.0.iter().map(|((from, to), names)| (*from, *to, names))
    }

    /// The names that tie one file to another; empty when there is no edge.
    pub(crate) fn names(&self, from: usize, to: usize) -> Vec<&str> {
        let names = self.0.get(&(from, to));
        names.into_iter().flatten().map(String::as_str).collect()
    }
}
