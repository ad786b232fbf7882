//! The product's Rust source, read with `syn`: which file of a crate uses which other file, and how long files and
//! functions are. Start with [`Crate::read`]; [`Edges::of`] and [`Size::of`] work on what it returns.
//!
//! Tests are left out everywhere: items under `#[cfg(test)]`, files named `tests.rs`, and `tests` folders.

mod collect;
mod cycles;
mod edges;
mod resolve;
mod size;
mod tokens;
mod tree;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub(crate) use cycles::Cycle;
pub(crate) use edges::Edges;
pub(crate) use size::Size;
pub(crate) use tree::Crate;
