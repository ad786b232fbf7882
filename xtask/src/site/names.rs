//! The names under which the files of `pkg/` are served.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// From a file's name in the code to its name in URLs, both relative to the site.
pub(crate) type Names = BTreeMap<String, String>;

/// Hexadecimal digits of the hash in a name: 64 bits, enough to distinguish the versions of a file.
const HASH_LENGTH: usize = 16;

/// Maps every name to itself.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn plain(site: &Path) -> Result<Names> {
    let names = package_files(site)?.into_iter();
    Ok(names
        .map(|name| (format!("pkg/{name}"), format!("pkg/{name}")))
        .collect())
}

/// Renames every file of `pkg/` so that its name contains a hash of its content. wasm-bindgen does so for snippets in
/// folders below.
///
/// # Errors
/// When a file cannot be read or renamed.
pub(crate) fn with_hashes(site: &Path) -> Result<Names> {
    let package = site.join("pkg");
    let mut names = Names::new();
    for name in package_files(site)? {
        let content = fs::read(package.join(&name))?;
        let hashed = hashed_name(&name, &content);
        fs::rename(package.join(&name), package.join(&hashed))?;
        names.insert(format!("pkg/{name}"), format!("pkg/{hashed}"));
    }
    Ok(names)
}

fn package_files(site: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(site.join("pkg"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let name = entry.file_name().into_string().ok();
            names.push(name.context("a file in pkg/ has a name that is not UTF-8")?);
        }
    }
    names.sort();
    Ok(names)
}

/// `countersign.js` becomes `countersign.0f3a….js`.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = &digest[..HASH_LENGTH];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("pkg/snippets")).unwrap();
        for (name, content) in files {
            fs::write(site.path().join(name), content).unwrap();
        }
        site
    }

    #[test]
    fn a_name_contains_a_hash_of_the_content() {
        assert_eq!(hashed_name("a.css", b""), "a.e3b0c44298fc1c14.css");
        assert_eq!(hashed_name("a", b""), "a.e3b0c44298fc1c14");
        assert_ne!(hashed_name("a.css", b"x"), hashed_name("a.css", b"y"));
    }

    #[test]
    fn every_file_of_the_package_is_renamed_and_listed() {
        let site = site_with(&[
            ("pkg/a.js", "1"),
            ("pkg/snippets/b.js", "2"),
            ("icon.svg", "3"),
        ]);
        let names = with_hashes(site.path()).unwrap();
        let listed: Vec<_> = names.keys().map(String::as_str).collect();
        assert_eq!(listed, ["pkg/a.js"]);
        assert_eq!(
            fs::read_to_string(site.path().join(&names["pkg/a.js"])).unwrap(),
            "1"
        );
        assert!(!site.path().join("pkg/a.js").exists());
        assert!(site.path().join("pkg/snippets/b.js").exists());
        assert!(site.path().join("icon.svg").exists());
    }

    #[test]
    fn plain_names_are_kept() {
        let site = site_with(&[("pkg/a.js", "1")]);
        let names = plain(site.path()).unwrap();
        assert_eq!(names, Names::from([("pkg/a.js".into(), "pkg/a.js".into())]));
        assert!(site.path().join("pkg/a.js").exists());
    }
}
