//! The check of whole planted workspaces.

use std::fs;

use super::*;
use crate::source::testing;

const ROWS: &str = "| domain, store | tokens | identity |\n";

/// Plants a workspace of one crate with two rooms; the rooms' `mod.rs` are faces.
fn workspace(tokens: &str, identity: &str, rows: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let table = format!("| crate | place | may use |\n|---|---|---|\n{rows}");
    let document = format!("# Map\n\n<!-- rooms:begin -->\n{table}<!-- rooms:end -->\n\nEnd\n");
    testing::plant(
        folder.path(),
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"domain\"]\n"),
            ("docs/architecture.md", &document),
            ("domain/src/lib.rs", "pub mod tokens; pub mod identity;"),
            (
                "domain/src/tokens/mod.rs",
                "mod token; pub use token::Token;",
            ),
            ("domain/src/tokens/token.rs", tokens),
            (
                "domain/src/identity/mod.rs",
                "mod member; pub use member::Member;",
            ),
            ("domain/src/identity/member.rs", identity),
        ],
    );
    folder
}

/// Redraws the picture, as `--write` does.
fn redraw(root: &Path) {
    let crates = Crate::read_all(root).unwrap();
    let document = Document::read(root).unwrap();
    document.write(&crates).unwrap();
}

#[track_caller]
fn check_fails(folder: &tempfile::TempDir, expected: &str) {
    redraw(folder.path());
    let error = check_in(folder.path()).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn a_clean_workspace_passes_once_its_picture_is_drawn() {
    let folder = workspace(
        "use crate::identity::Member; pub struct Token;",
        "pub struct Member;",
        ROWS,
    );
    let error = check_in(folder.path()).unwrap_err().to_string();
    assert!(error.contains("run `cargo xtask rooms --write`"), "{error}");
    redraw(folder.path());
    check_in(folder.path()).unwrap();
    let text = fs::read_to_string(folder.path().join(DOCUMENT)).unwrap();
    let picture = "identity |\n\n```mermaid\nflowchart LR\ndomain/identity; domain/tokens --> domain/identity\n```\n";
    assert!(
        text.contains(picture) && text.starts_with("# Map\n") && text.ends_with("\nEnd\n"),
        "{text}"
    );
}

#[test]
fn an_edge_that_the_table_does_not_allow_fails_also_through_a_re_export() {
    let folder = workspace(
        "pub struct Token;",
        "use crate::tokens::Token; pub struct Member;",
        ROWS,
    );
    check_fails(
        &folder,
        "domain: identity may not use tokens: identity/member.rs -> tokens/token.rs (Token)",
    );
}

#[test]
fn a_cycle_fails_file_by_file() {
    let folder = workspace(
        "use crate::identity::Member; pub struct Token;",
        "use super::super::tokens::Token; pub struct Member;",
        ROWS,
    );
    check_fails(
        &folder,
        "domain: a cycle of 2 files; a shortest way round:\
         \n  tokens/token.rs -> identity/member.rs (Member)\
         \n  identity/member.rs -> tokens/token.rs (Token)",
    );
}

#[test]
fn a_folder_that_is_no_room_fails_until_the_table_names_it() {
    let plant = |rows| {
        let folder = workspace("pub struct Token;", "pub struct Member;", rows);
        let utils = ("domain/src/utils/mod.rs", "pub struct Useful;");
        let root = (
            "domain/src/lib.rs",
            "pub mod tokens; pub mod identity; mod utils;",
        );
        testing::plant(folder.path(), &[utils, root]);
        folder
    };
    check_fails(
        &plant(ROWS),
        "domain: utils is no room, and the table does not name it",
    );
    let named = plant("| domain | tokens | utils |\n");
    redraw(named.path());
    check_in(named.path()).unwrap();
}

#[test]
fn a_name_without_a_place_fails() {
    let folder = workspace(
        "pub struct Token;",
        "pub struct Member;",
        "| domain | tokens | utilities |\n",
    );
    check_fails(
        &folder,
        "domain: the table names utilities, which has no file",
    );
}

#[test]
fn a_table_that_allows_a_cycle_fails() {
    let rows = "| domain | tokens | identity |\n| domain | identity | tokens |\n";
    let folder = workspace("pub struct Token;", "pub struct Member;", rows);
    check_fails(
        &folder,
        "domain: the table allows a cycle between identity, tokens",
    );
}

#[test]
fn a_file_is_in_the_longest_place_that_contains_it() {
    let table = table::Table::parse(&["| app | ui, `pages/tokens/list` | error, pages |"]).unwrap();
    let place = |path| table.place("app", path);
    assert_eq!(place("pages/tokens/list.rs"), "pages/tokens/list");
    assert_eq!(place("pages/tokens/listed.rs"), "pages");
    assert_eq!(place("ui/mod.rs"), "ui");
    assert_eq!(place("error.rs"), "error");
    assert_eq!(place("lib.rs"), "root");
    assert_eq!(table.place("server", "api/tokens/list.rs"), "api/tokens");
    assert_eq!(table.place("server", "api/mod.rs"), "root");
}

#[test]
fn a_star_stands_for_every_place_below_a_folder() {
    let rows = ["| app | * | error |", "| app | pages/* | ui |"];
    let table = table::Table::parse(&rows).unwrap();
    assert!(table.allows("app", "pages/tokens", "ui") && table.allows("app", "ui", "error"));
    assert!(!table.allows("app", "ui", "pages/tokens") && !table.allows("store", "ui", "error"));
    assert!(
        table.allows("app", "root", "pages/tokens") && table.allows("app", "pages/a/b", "error")
    );
    assert!(!table.allows("app", "pages/a/b", "ui"));
}
