//! A crate's source files and its module tree, built from `mod` declarations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{
    collect::{self, Import, Scope},
    tokens::Segments,
};

/// One crate: every file that its module trees reach.
pub(crate) struct Crate {
    /// The crate's folder name.
    pub(crate) name: String,
    /// Its files, in the order in which `mod` declarations name them.
    pub(crate) files: Vec<SourceFile>,
    pub(super) modules: Vec<Module>,
}

/// One source file.
pub(crate) struct SourceFile {
    /// Relative to `src`, with `/` between folders.
    pub(crate) path: String,
    pub(super) text: String,
    pub(super) syntax: syn::File,
}

/// A module and where it stands in the tree. A file is one module, and one more for each `mod x { … }` in it.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) parent: Option<usize>,
    /// Index into [`Crate::files`].
    pub(super) file: usize,
    pub(super) children: BTreeMap<String, usize>,
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    pub(super) paths: BTreeSet<Segments>,
}

impl Crate {
    /// Reads every member of the workspace at `root`, in the order of its manifest.
    ///
    /// # Errors
    /// When the manifest or a source file cannot be read or parsed.
    pub(crate) fn read_all(root: &Path) -> Result<Vec<Self>> {
        let manifest = fs::read_to_string(root.join("Cargo.toml")).context("Cargo.toml")?;
        let manifest: toml::Table = manifest.parse().context("Cargo.toml")?;
        let members = manifest["workspace"]["members"]
            .as_array()
            .context("no workspace members")?;
        let names = members.iter().filter_map(toml::Value::as_str);
        names.map(|name| Self::read(&root.join(name))).collect()
    }

    /// Reads the crate in this folder: the trees below `src/lib.rs`, `src/main.rs` and each file of `src/bin`.
    ///
    /// # Errors
    /// When a file cannot be read or parsed, or a declared module has no file.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let name = folder.file_name().context("a crate's folder has a name")?;
        let mut reader = Reader {
            source: folder.join("src"),
            files: Vec::new(),
            modules: Vec::new(),
        };
        for root in roots(&reader.source)? {
            reader.read(
                Path::new(&root),
                Path::new(&root).parent().unwrap_or(Path::new("")),
                None,
            )?;
        }
        if reader.files.is_empty() {
            bail!("{} has no lib.rs and no main.rs", reader.source.display());
        }
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            files: reader.files,
            modules: reader.modules,
        })
    }
}

fn roots(source: &Path) -> Result<Vec<String>> {
    let mut roots: Vec<String> = ["lib.rs", "main.rs"].map(str::to_owned).into();
    if source.join("bin").exists() {
        for entry in fs::read_dir(source.join("bin"))? {
            roots.push(format!("bin/{}", entry?.file_name().to_string_lossy()));
        }
    }
    roots.retain(|root| source.join(root).is_file());
    roots.sort();
    Ok(roots)
}

/// Collects files and modules while it walks down from a crate root.
struct Reader {
    source: PathBuf,
    files: Vec<SourceFile>,
    modules: Vec<Module>,
}

impl Reader {
    /// Reads one file; the files of its child modules are in `folder`. Both paths are relative to `src`.
    fn read(&mut self, path: &Path, folder: &Path, parent: Option<usize>) -> Result<usize> {
        let text = fs::read_to_string(self.source.join(path))
            .with_context(|| path.display().to_string())?;
        let syntax = syn::parse_file(&text).with_context(|| path.display().to_string())?;
        let scope = collect::scope(&syntax.items);
        let path = path.to_string_lossy().into_owned();
        self.files.push(SourceFile { path, text, syntax });
        self.add(scope, self.files.len() - 1, folder, parent)
    }

    /// Adds a module and everything below it; returns its index.
    fn add(
        &mut self,
        scope: Scope,
        file: usize,
        folder: &Path,
        parent: Option<usize>,
    ) -> Result<usize> {
        let index = self.modules.len();
        self.modules.push(Module {
            parent,
            file,
            children: BTreeMap::new(),
            items: scope.items,
            imports: scope.imports,
            paths: scope.paths,
        });
        for (name, scope) in scope.inline {
            let child = self.add(scope, file, &folder.join(&name), Some(index))?;
            self.modules[index].children.insert(name, child);
        }
        for name in scope.declared.into_iter().filter(|name| name != "tests") {
            let path = self.find(folder, &name)?;
            let child = self.read(&path, &folder.join(&name), Some(index))?;
            self.modules[index].children.insert(name, child);
        }
        Ok(index)
    }

    fn find(&self, folder: &Path, name: &str) -> Result<PathBuf> {
        let candidates = [
            folder.join(format!("{name}.rs")),
            folder.join(name).join("mod.rs"),
        ];
        let found = candidates
            .into_iter()
            .find(|path| self.source.join(path).is_file());
        found.with_context(|| {
            format!(
                "`mod {name};` has no file in {}",
                self.source.join(folder).display()
            )
        })
    }
}
