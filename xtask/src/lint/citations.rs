//! Citations of documents: each must name a file and a heading of this repository.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Result, bail};

use super::{anchors, texts};
use crate::paths;

/// Documents outside the repository that comments once cited.
const FOREIGN: [&str; 4] = [
    concat!("the ", "seed"),
    concat!("design", ".md"),
    concat!("style", ".md"),
    concat!("api-", "contract"),
];

/// Fails on a citation that does not resolve, and on one of a document outside the repository.
///
/// # Errors
/// Lists every such citation with its file and line.
pub(super) fn check() -> Result<()> {
    check_in(paths::root())
}

fn check_in(root: &Path) -> Result<()> {
    let mut checker = Checker {
        root,
        anchors: BTreeMap::new(),
    };
    let mut problems = Vec::new();
    for (path, text) in texts::read(root)? {
        let is_markdown = path.extension().is_some_and(|ending| ending == "md");
        for (number, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), number + 1);
            let foreign = foreign(line)
                .map(|name| format!("{place}: cites {name}, which is not in the repository"));
            problems.extend(foreign);
            let links = if is_markdown {
                links(line, &path)
            } else {
                Vec::new()
            };
            for citation in citations(line, is_markdown).into_iter().chain(links) {
                problems.extend(
                    checker
                        .fault(&citation)
                        .map(|fault| format!("{place}: {fault}")),
                );
            }
        }
    }
    if !problems.is_empty() {
        bail!(
            "{} citations do not resolve\n{}",
            problems.len(),
            problems.join("\n")
        );
    }
    Ok(())
}

/// A file of the repository, and a heading in it.
#[derive(Debug, PartialEq, Eq)]
struct Citation {
    path: String,
    anchor: Option<String>,
}

/// Resolves citations; reads each document once.
struct Checker<'a> {
    root: &'a Path,
    anchors: BTreeMap<String, Vec<String>>,
}

impl Checker<'_> {
    /// Why a citation does not resolve.
    fn fault(&mut self, citation: &Citation) -> Option<String> {
        let Citation { path, anchor } = citation;
        if !self.root.join(path).exists() {
            return Some(format!("{path} does not exist"));
        }
        let anchor = anchor.as_ref().filter(|_| path.ends_with(".md"))?;
        let file = self.root.join(path);
        let known = self.anchors.entry(path.clone()).or_insert_with(|| {
            fs::read_to_string(file)
                .map(|text| anchors::of(&text))
                .unwrap_or_default()
        });
        (!known.contains(anchor)).then(|| format!("{path} has no heading #{anchor}"))
    }
}

/// A document outside the repository that a line cites.
fn foreign(line: &str) -> Option<&'static str> {
    let line = line.to_lowercase();
    let is_numbered = line.match_indices("contract ").any(|(at, found)| {
        let rest = &line[at + found.len()..];
        rest.starts_with(|first: char| first.is_ascii_digit())
    });
    let is_whole = |name: &&&str| {
        line.match_indices(**name).any(|(at, found)| {
            let inside = |neighbour: Option<char>| {
                neighbour.is_some_and(|c| c.is_alphanumeric() || c == '/')
            };
            !inside(line[..at].chars().next_back())
                && !inside(line[at + found.len()..].chars().next())
        })
    };
    if is_numbered {
        Some("a numbered contract")
    } else {
        FOREIGN.iter().find(is_whole).copied()
    }
}

/// The citations `docs/….md` and `docs/….md#heading` in a line, from the root of the repository. A Markdown link is
/// left to [`links`].
fn citations(line: &str, is_markdown: bool) -> Vec<Citation> {
    let starts = line.match_indices("docs/").map(|(at, _)| at);
    let starts = starts.filter(|at| {
        let before = &line[..*at];
        let is_link = is_markdown && before.ends_with("](");
        let continues = before.ends_with(|c: char| c.is_alphanumeric() || "/.-_".contains(c));
        !continues && !is_link
    });
    let found = starts.filter_map(|at| {
        let rest = &line[at..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || "/.-_".contains(c)));
        let path = &rest[..length.unwrap_or(rest.len())];
        let path = &path[..path.find(".md")? + ".md".len()];
        let anchor = rest[path.len()..].strip_prefix('#').map(|rest| {
            let length = rest.find(|c: char| !(c.is_alphanumeric() || "-_".contains(c)));
            rest[..length.unwrap_or(rest.len())].to_owned()
        });
        Some(Citation {
            path: path.to_owned(),
            anchor,
        })
    });
    found.collect()
}

/// The Markdown links in a line to files of the repository.
fn links(line: &str, file: &Path) -> Vec<Citation> {
    let targets = line.match_indices("](").filter_map(|(at, _)| {
        let (target, _) = line[at + 2..].split_once(')')?;
        (!target.contains(':')).then_some(target)
    });
    let folder = file.parent().unwrap_or(Path::new(""));
    let resolved = targets.map(|target| {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = if path.is_empty() {
            file.to_owned()
        } else {
            normalized(&folder.join(path))
        };
        let anchor = (!anchor.is_empty()).then(|| anchor.to_owned());
        Citation {
            path: path.to_string_lossy().into_owned(),
            anchor,
        }
    });
    resolved.collect()
}

/// Resolves `..` without the file system.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            normal.pop();
        } else {
            normal.push(component);
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::plant;

    /// Checks a repository with one document and one file that cites. `DOCS/` keeps this file's own lint quiet.
    fn outcome(name: &str, text: &str) -> Result<()> {
        let root = tempfile::tempdir().unwrap();
        let contract = "# The contract\n\n## Paging & order\n";
        plant(
            root.path(),
            &[
                ("docs/contract.md", contract),
                (name, &text.replace("DOCS/", "docs/")),
            ],
        );
        check_in(root.path())
    }

    #[track_caller]
    fn check_fails(name: &str, text: &str, expected: &str) {
        let error = outcome(name, text).unwrap_err().to_string();
        assert!(
            error.ends_with(&expected.replace("DOCS/", "docs/")),
            "{error}"
        );
    }

    #[test]
    fn citations_that_resolve_pass() {
        let line = "//! See DOCS/contract.md, `DOCS/contract.md#paging--order`.\n// https://a.example/DOCS/b.md";
        outcome("src/lib.rs", line).unwrap();
        outcome(
            "README.md",
            "[rules](DOCS/contract.md#the-contract) and DOCS/contract.md",
        )
        .unwrap();
        outcome(
            "docs/api.md",
            "[rules](contract.md#paging--order), [up](../DOCS/contract.md), [x](#y)\n# Y",
        )
        .unwrap();
        outcome(
            texts::OPENAPI,
            "{\"description\": \"DOCS/contract.md#paging--order.\"}",
        )
        .unwrap();
    }

    #[test]
    fn a_missing_heading_fails() {
        check_fails(
            "src/lib.rs",
            "\n/// DOCS/contract.md#absent",
            "src/lib.rs:2: DOCS/contract.md has no heading #absent",
        );
        check_fails(
            "docs/api.md",
            "[a](contract.md#absent)",
            "DOCS/contract.md has no heading #absent",
        );
        check_fails(
            texts::OPENAPI,
            "DOCS/contract.md#absent",
            "DOCS/contract.md has no heading #absent",
        );
    }

    #[test]
    fn a_missing_document_fails() {
        check_fails(
            "style/main.css",
            "/* DOCS/absent.md */",
            "DOCS/absent.md does not exist",
        );
        check_fails("README.md", "[a](absent.png)", "absent.png does not exist");
    }

    #[test]
    fn a_document_outside_the_repository_fails() {
        for name in FOREIGN {
            check_fails(
                "a.rs",
                &format!("// see {name}"),
                "which is not in the repository",
            );
        }
        check_fails(
            "a.py",
            &format!("# ({} 3.1)", "contract"),
            "cites a numbered contract, which is not in the repository",
        );
        outcome(
            "a.rs",
            &format!("// {}s of wind, {}", FOREIGN[0], "contracts 3"),
        )
        .unwrap();
    }

    #[test]
    fn build_output_and_migrations_are_not_read() {
        outcome("target/a.rs", "// DOCS/absent.md").unwrap();
        outcome("store/migrations/sqlite/0001.sql", "-- DOCS/absent.md").unwrap();
    }
}
