//! Which crate may use which. Cargo enforces it once the manifests are right; this checks the manifests.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};
use toml::Table;

use crate::paths;

/// Every crate of the workspace and those it may use. A new entry is a change of the architecture.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain", TESTS_ONLY]),
    ("service", &["store", "domain", TESTS_ONLY]),
    ("app", &["service", "domain"]),
    ("frontend", &["app"]),
    ("server", &["app", "service", "domain", TESTS_ONLY]),
    ("xtask", &[]),
    (TESTS_ONLY, &[]),
];

/// Used by tests, never by the product.
const TESTS_ONLY: &str = "testbed";

/// Reads every manifest and fails on a dependency that [`MAY_USE`] does not list, or on a crate without an entry.
///
/// # Errors
/// Names the first crate that uses one it may not.
pub(super) fn check() -> Result<()> {
    let workspace = manifest("Cargo.toml")?;
    let members: BTreeSet<&str> = workspace["workspace"]["members"]
        .as_array()
        .context("the workspace has no members")?
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let listed: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    if members != listed {
        bail!("the workspace has the crates {members:?}; allowed edges are listed for {listed:?}");
    }
    for (name, may_use) in MAY_USE {
        let manifest = manifest(&format!("{name}/Cargo.toml"))?;
        for used in crates_used(&manifest) {
            if listed.contains(used.as_str()) && !may_use.contains(&used.as_str()) {
                bail!(
                    "`{name}` uses `{used}`; it may use {may_use:?} (docs/architecture.md#crates)"
                );
            }
        }
        if has_in_product(&manifest, TESTS_ONLY) {
            bail!("`{name}` uses `{TESTS_ONLY}` outside its tests");
        }
    }
    Ok(())
}

fn manifest(path: &str) -> Result<Table> {
    fs::read_to_string(paths::root().join(path))
        .with_context(|| path.to_owned())?
        .parse()
        .with_context(|| path.to_owned())
}

fn has_in_product(manifest: &Table, name: &str) -> bool {
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    dependencies.is_some_and(|dependencies| dependencies.contains_key(name))
}

/// Everything a manifest depends on: also for tests, for build scripts, and for one target only.
fn crates_used(manifest: &Table) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (key, value) in manifest {
        let Some(table) = value.as_table() else {
            continue;
        };
        if key.ends_with("dependencies") {
            used.extend(table.iter().map(|(name, details)| {
                let renamed = details.get("package").and_then(toml::Value::as_str);
                renamed.unwrap_or(name).to_owned()
            }));
        } else if key == "target" {
            let targets = table.values().filter_map(toml::Value::as_table);
            used.extend(targets.flat_map(crates_used));
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_has_allowed_edges_only() {
        check().unwrap();
    }

    #[test]
    fn a_dependency_is_found_in_every_section() {
        let manifest: Table = r#"
            [package]
            name = "domain"
            [dependencies]
            a = "1"
            [dev-dependencies]
            alias = { package = "b", version = "1" }
            [target.'cfg(unix)'.dependencies]
            c.workspace = true
        "#
        .parse()
        .unwrap();
        let used: Vec<_> = crates_used(&manifest).into_iter().collect();
        assert_eq!(used, ["a", "b", "c"]);
    }
}
