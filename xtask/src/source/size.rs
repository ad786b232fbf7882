//! How long files and functions are, without tests.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::{
    Block, ImplItem, ImplItemFn, Item, ItemFn, TraitItemFn,
    spanned::Spanned as _,
    visit::{self, Visit},
};

use super::{
    collect::{attributes_of, is_test},
    tree::SourceFile,
};

/// The size of one file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Its lines, without items under `#[cfg(test)]`.
    pub(crate) lines: usize,
    /// Its functions, with the lines of each body from the opening brace's to the closing brace's.
    pub(crate) functions: Vec<(String, usize)>,
}

impl Size {
    /// Measures one file.
    pub(crate) fn of(file: &SourceFile) -> Self {
        let mut measuring = Measuring::default();
        measuring.visit_file(&file.syntax);
        Self {
            lines: file.text.lines().count() - measuring.test_lines.len(),
            functions: measuring.functions,
        }
    }
}

#[derive(Default)]
struct Measuring {
    test_lines: BTreeSet<usize>,
    functions: Vec<(String, usize)>,
}

impl Measuring {
    fn leave_out(&mut self, span: Span) {
        self.test_lines.extend(span.start().line..=span.end().line);
    }

    fn function(&mut self, name: &syn::Ident, body: &Block) {
        let span = body.span();
        self.functions
            .push((name.to_string(), span.end().line - span.start().line + 1));
    }
}

impl<'ast> Visit<'ast> for Measuring {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_test(attributes_of(item)) {
            self.leave_out(item.span());
        } else {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if matches!(item, ImplItem::Fn(function) if is_test(&function.attrs)) {
            self.leave_out(item.span());
        } else {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.function(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.function(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.function(&function.sig.ident, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}
