//! From a path to the file that defines what it names.

use super::tree::{Crate, Module};

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A module of the crate, by index.
    Module(usize),
    /// An item, and the index of the file that defines it.
    Item {
        /// Index into [`Crate::files`].
        file: usize,
        /// The item's name where it is defined.
        name: String,
    },
    /// Another crate, a local variable, a generic parameter.
    Elsewhere,
}

/// Resolves paths inside one crate.
pub(super) struct Resolver<'a> {
    modules: &'a [Module],
}

/// Whether a name is followed by `::` and so can only be a module or a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Inner,
    Last,
}

/// Imports that are being followed, so that two which name each other end.
type Followed = Vec<(usize, String)>;

impl<'a> Resolver<'a> {
    pub(super) fn new(source: &'a Crate) -> Self {
        Self {
            modules: &source.modules,
        }
    }

    /// Resolves a path as written in a module. Re-exports and imports are followed to the definition; a name that the
    /// syntax does not show (a macro defines it) is attributed to the deepest module on the path.
    pub(super) fn resolve(&self, module: usize, path: &[String]) -> Target {
        self.walk(module, path, Place::Last, &mut Followed::new())
    }

    /// Whether a path names a module, though it may name a function of the same name too.
    pub(super) fn is_module(&self, module: usize, path: &[String]) -> bool {
        let target = self.walk(module, path, Place::Inner, &mut Followed::new());
        matches!(target, Target::Module(_))
    }

    fn walk(&self, module: usize, path: &[String], end: Place, followed: &mut Followed) -> Target {
        let (mut current, mut rest) = (module, path);
        let mut is_rooted = false;
        while let Some((first, others)) = rest.split_first() {
            current = match first.as_str() {
                "crate" => self.root(current),
                "self" => current,
                "super" => self.modules[current].parent.unwrap_or(current),
                _ => break,
            };
            (rest, is_rooted) = (others, true);
        }
        while let Some((name, others)) = rest.split_first() {
            let place = if others.is_empty() { end } else { Place::Inner };
            match self.find(current, name, place, followed) {
                Some(Target::Module(found)) => current = found,
                Some(found) => return found,
                None if is_rooted => return self.item(current, name),
                None => return Target::Elsewhere,
            }
            (rest, is_rooted) = (others, true);
        }
        Target::Module(current)
    }

    /// Looks a name up in a module: definitions, then imports, then child modules, then globs. Before `::`, a child
    /// module comes first, since a function may have its module's name.
    fn find(
        &self,
        module: usize,
        name: &str,
        place: Place,
        followed: &mut Followed,
    ) -> Option<Target> {
        let scope = &self.modules[module];
        let child = scope.children.get(name).copied().map(Target::Module);
        if place == Place::Inner && child.is_some() {
            return child;
        }
        if scope.items.contains(name) {
            return Some(self.item(module, name));
        }
        let key = (module, name.to_owned());
        if followed.contains(&key) {
            return child;
        }
        followed.push(key);
        let named = scope
            .imports
            .iter()
            .filter(|import| import.name.as_deref() == Some(name));
        let mut targets = named.map(|import| self.walk(module, &import.path, place, followed));
        let found = targets.find(|target| *target != Target::Module(module));
        let found = found
            .or(child)
            .or_else(|| self.find_in_globs(module, name, place, followed));
        followed.pop();
        found
    }

    fn find_in_globs(
        &self,
        module: usize,
        name: &str,
        place: Place,
        followed: &mut Followed,
    ) -> Option<Target> {
        let globs = self.modules[module]
            .imports
            .iter()
            .filter(|import| import.name.is_none());
        for glob in globs {
            if let Target::Module(other) = self.walk(module, &glob.path, Place::Last, followed)
                && let Some(found) = self.find(other, name, place, followed)
            {
                return Some(found);
            }
        }
        None
    }

    fn root(&self, module: usize) -> usize {
        let mut current = module;
        while let Some(parent) = self.modules[current].parent {
            current = parent;
        }
        current
    }

    fn item(&self, module: usize, name: &str) -> Target {
        Target::Item {
            file: self.modules[module].file,
            name: name.to_owned(),
        }
    }
}
