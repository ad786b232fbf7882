//! What one module declares, imports and names, from its syntax alone.

use std::collections::BTreeSet;

use syn::{
    Attribute, ImplItem, Item, ItemMod, ItemUse, Macro, Path, Stmt, TraitItem, UseTree,
    VisRestricted, Visibility,
    visit::{self, Visit},
};

use super::tokens::{self, Segments};

/// One module's declarations and uses. Paths are as written: nothing is resolved here.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Types, functions, constants, traits and macros defined at the top of the module.
    pub(super) items: BTreeSet<String>,
    /// `use` declarations, one for each name.
    pub(super) imports: Vec<Import>,
    /// Every path in signatures, bodies, macro arguments and attributes.
    pub(super) paths: BTreeSet<Segments>,
    /// `mod x { … }`.
    pub(super) inline: Vec<(String, Scope)>,
    /// `mod x;`.
    pub(super) declared: Vec<String>,
}

/// One name of a `use` declaration.
#[derive(Debug)]
pub(super) struct Import {
    /// What the name is imported as; `None` for a glob.
    pub(super) name: Option<String>,
    /// The path it is imported from.
    pub(super) path: Segments,
    /// Whether it is a re-export: anything but a private `use`.
    pub(super) is_exported: bool,
}

/// Collects one module from its items. Items under `#[cfg(test)]` are left out.
pub(super) fn scope(items: &[Item]) -> Scope {
    let mut scope = Scope::default();
    for item in items {
        if !is_test(attributes_of(item)) {
            scope.items.extend(defined_name(item));
        }
        scope.visit_item(item);
    }
    scope
}

/// Whether an item is compiled for tests only: `#[cfg(test)]` or `#[cfg(all(test, …))]`.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let cfg = attribute.meta.require_list();
        attribute.path().is_ident("cfg")
            && cfg.is_ok_and(|list| {
                let condition = list.tokens.to_string().replace(' ', "");
                condition == "test" || condition.starts_with("all(test,")
            })
    })
}

/// The attributes of an item; empty for kinds that this project does not use.
#[expect(clippy::wildcard_enum_match_arm, reason = "syn may add variants")]
pub(crate) fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "syn may add variants")]
fn defined_name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(tokens::name(ident))
}

impl Scope {
    fn import(&mut self, tree: &UseTree, prefix: &[String], is_exported: bool) {
        // `use a::{self}` imports `a`.
        let with = |ident: &syn::Ident| match tokens::name(ident).as_str() {
            "self" if !prefix.is_empty() => prefix.to_vec(),
            name => [prefix, &[name.to_owned()]].concat(),
        };
        let mut add = |name: Option<String>, path: Segments| {
            self.imports.push(Import {
                name,
                path,
                is_exported,
            });
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &with(&path.ident), is_exported),
            UseTree::Name(name) => {
                let path = with(&name.ident);
                add(path.last().cloned(), path);
            }
            UseTree::Rename(rename) => add(Some(tokens::name(&rename.rename)), with(&rename.ident)),
            UseTree::Glob(_) => add(None, prefix.to_vec()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix, is_exported);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Scope {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let is_test = matches!(item, ImplItem::Fn(function) if is_test(&function.attrs))
            || matches!(item, ImplItem::Const(constant) if is_test(&constant.attrs));
        if !is_test {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let is_test = matches!(item, TraitItem::Fn(item) if is_test(&item.attrs));
        if !is_test {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let is_test = matches!(statement, Stmt::Local(local) if is_test(&local.attrs));
        if !is_test {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let name = tokens::name(&module.ident);
        match &module.content {
            Some((_, items)) => self.inline.push((name, scope(items))),
            None => self.declared.push(name),
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            let is_exported = !matches!(item.vis, Visibility::Inherited);
            self.import(&item.tree, &[], is_exported);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter();
            self.paths.insert(
                segments
                    .map(|segment| tokens::name(&segment.ident))
                    .collect(),
            );
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        self.visit_path(&invocation.path);
        self.paths.extend(tokens::paths(invocation.tokens.clone()));
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("doc") {
            return;
        }
        if let Ok(list) = attribute.meta.require_list() {
            self.paths.extend(tokens::paths(list.tokens.clone()));
            let names = tokens::quoted_paths(list.tokens.clone());
            self.paths.extend(names);
        }
    }

    /// `pub(in crate::x)` and `pub(super)` name a module without using it.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}
