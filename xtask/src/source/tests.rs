//! Edges and cycles of planted crates.

use super::{Crate, Edges, testing};

/// The edges of a crate, as `from -> to: names`.
fn edges(source: &Crate) -> Vec<String> {
    let path = |file: usize| source.files[file].path.as_str();
    let edges = Edges::of(source);
    let mut lines: Vec<String> = edges
        .iter()
        .map(|(from, to, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{} -> {}: {}", path(from), path(to), names.join(" "))
        })
        .collect();
    lines.sort();
    lines
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(edges(&testing::read(files)), expected);
}

#[test]
fn a_mod_declaration_is_no_edge() {
    check(
        &[
            ("lib.rs", "pub mod a; mod b { mod c; }"),
            ("a.rs", ""),
            ("b/c.rs", ""),
        ],
        &[],
    );
}

#[test]
fn nested_use_trees_are_edges_to_each_file() {
    check(
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::{self, B, c::{C as D, deep::{E}}};"),
            ("b/mod.rs", "pub mod c; pub struct B;"),
            ("b/c.rs", "pub mod deep; pub struct C;"),
            ("b/c/deep.rs", "pub enum E {}"),
        ],
        &[
            "a.rs -> b/c.rs: C",
            "a.rs -> b/c/deep.rs: E",
            "a.rs -> b/mod.rs: B",
        ],
    );
}

#[test]
fn a_path_of_supers_climbs_one_module_each() {
    check(
        &[
            ("lib.rs", "mod a; mod limits;"),
            ("limits.rs", "pub const MOST: u8 = 1;"),
            ("a/mod.rs", "mod b; fn helper() {}"),
            (
                "a/b.rs",
                "fn f() -> u8 { super::helper(); super::super::limits::MOST }",
            ),
        ],
        &["a/b.rs -> a/mod.rs: helper", "a/b.rs -> limits.rs: MOST"],
    );
}

#[test]
fn an_inline_module_belongs_to_its_file() {
    check(
        &[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "fn f() {} mod inner { use super::f; use super::super::b::B; }",
            ),
            ("b.rs", "pub struct B;"),
        ],
        &["a.rs -> b.rs: B"],
    );
}

#[test]
fn a_re_export_is_followed_to_the_file_that_defines_the_name() {
    check(
        &[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "use crate::b::{Renamed, Plain}; use crate::b; fn f() { b::run() }",
            ),
            (
                "b/mod.rs",
                "mod c; mod d; pub use c::Inner as Renamed; pub(crate) use d::*; pub use c::run;",
            ),
            ("b/c.rs", "pub struct Inner; pub fn run() {}"),
            ("b/d.rs", "pub use self::e::Plain; mod e;"),
            ("b/d/e.rs", "pub struct Plain;"),
        ],
        &["a.rs -> b/c.rs: Inner run", "a.rs -> b/d/e.rs: Plain"],
    );
}

#[test]
fn a_face_that_uses_what_it_re_exports_has_an_edge() {
    check(
        &[
            ("lib.rs", "mod a; pub use a::A; fn f(a: A) {}"),
            ("a.rs", "pub struct A;"),
        ],
        &["lib.rs -> a.rs: A"],
    );
}

#[test]
fn paths_in_macros_types_and_attributes_are_edges() {
    check(
        &[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "#[serde(with = \"crate::b::text\")] struct A(Vec<crate::b::B>);\n\
                 fn f() { view! { <div>{crate::b::shown(x.hidden)}</div> } }",
            ),
            (
                "b.rs",
                "pub mod text {} pub struct B; pub fn shown() {} pub fn hidden() {}",
            ),
        ],
        &["a.rs -> b.rs: B shown"],
    );
}

#[test]
fn a_name_that_a_macro_defines_belongs_to_the_deepest_module() {
    check(
        &[
            ("lib.rs", "mod a; mod id;"),
            ("a.rs", "use crate::id::{TokenId, typed_id};"),
            (
                "id.rs",
                "macro_rules! typed_id { () => {} } typed_id!(TokenId); pub(crate) use typed_id;",
            ),
        ],
        &["a.rs -> id.rs: TokenId typed_id"],
    );
}

#[test]
fn a_function_named_like_its_module_is_found() {
    check(
        &[
            ("lib.rs", "mod shell; mod a; mod b; pub use shell::shell;"),
            ("shell.rs", "pub fn shell() {} pub fn other() {}"),
            (
                "a.rs",
                "use crate::shell; fn f() { shell(); crate::shell::shell() }",
            ),
            ("b.rs", "use crate::shell; fn f() { shell::other() }"),
        ],
        &["a.rs -> shell.rs: shell", "b.rs -> shell.rs: other"],
    );
}

#[test]
fn tests_and_other_crates_are_left_out() {
    check(
        &[
            (
                "lib.rs",
                "mod a; mod b; #[cfg(test)] mod c; #[cfg(test)] mod absent;",
            ),
            (
                "a.rs",
                "use std::fs; use b::B; use ::crate_b::b;\n\
                 #[cfg(test)] use crate::b::B;\n#[cfg(test)] mod tests { use crate::b::B; }\n\
                 struct S; impl S { #[cfg(test)] fn f() { crate::b::g() } }",
            ),
            ("b.rs", "pub struct B; pub fn g() {} mod tests;"),
            ("c.rs", "use crate::b::B;"),
        ],
        &[],
    );
}

#[test]
fn a_cycle_is_found_with_a_shortest_way_round() {
    let source = testing::read(&[
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; use crate::a::A; pub struct B;"),
        ("c.rs", "use crate::a::A; use crate::d::D; pub struct C;"),
        ("d.rs", "pub struct D;"),
    ]);
    let cycles = Edges::of(&source).cycles();
    assert_eq!(cycles.len(), 1);
    assert_eq!(
        (&cycles[0].files, &cycles[0].round),
        (&vec![1, 2, 3], &vec![1, 2])
    );
}

#[test]
fn a_missing_module_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    testing::plant(folder.path(), &[("src/lib.rs", "mod absent;")]);
    let error = Crate::read(folder.path())
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("`mod absent;` has no file"), "{error}");
}
