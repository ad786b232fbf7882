//! Builds the browser side into `target/site`: the WebAssembly, its style and the files of `public/`.
//!
//! `target/site/site.json` maps each file of `pkg/` to the name it is served under: `{"pkg/countersign.js":
//! "pkg/countersign.0f3a….js"}`. In a release the names contain a hash of the content, so that browsers may cache the
//! files without limit, and each file has a `.br` and a `.gz` copy. In development the names are plain and nothing is
//! compressed. Without a `site.json` (cargo-leptos writes none) the plain names apply.

mod compress;
mod names;
mod style;
mod sync;
mod weight;

use std::{fs, path::Path};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{paths, run, tools};

pub(crate) use weight::weigh;

/// The name of the files in `pkg/` without extension. Leptos reads the same name from `.cargo/config.toml`.
const NAME: &str = "countersign";

/// Builds a site for development: quick to rebuild, with function names for debugging.
///
/// # Errors
/// When something does not build.
pub(crate) fn build_for_development() -> Result<()> {
    assemble("dev", "debug", false)
}

/// Builds the released site: small, compressed, with a hash of the content in each name.
///
/// # Errors
/// When something does not build.
pub(crate) fn build_for_release() -> Result<()> {
    assemble("wasm-release", "wasm-release", true)
}

/// Builds the site in a temporary folder and mirrors it to `target/site`: a partial site is never visible, and
/// unchanged files keep their timestamps, so that the server that embeds them is not rebuilt.
fn assemble(profile: &str, profile_folder: &str, release: bool) -> Result<()> {
    tools::wasm_target()?;
    let wasm = compile(profile, profile_folder)?;
    let target = paths::root().join("target");
    fs::create_dir_all(&target)?;
    let temporary = tempfile::Builder::new()
        .prefix("site-")
        .tempdir_in(target)?;
    let package = temporary.path().join("pkg");
    bind(&wasm, &package, release)?;
    let style = style::bundle(&paths::root().join("style/main.css"), release)?;
    fs::write(package.join(format!("{NAME}.css")), style)?;
    sync::copy_into(&paths::root().join("public"), temporary.path())?;
    let names = if release {
        names::with_hashes(temporary.path())?
    } else {
        names::plain(temporary.path())?
    };
    fs::write(
        temporary.path().join("site.json"),
        serde_json::to_string_pretty(&names)?,
    )?;
    if release {
        compress::folder(temporary.path(), &paths::site())?;
    }
    sync::mirror(temporary.path(), &paths::site())
}

/// Compiles the browser side and returns the path of the WebAssembly file.
fn compile(profile: &str, profile_folder: &str) -> Result<std::path::PathBuf> {
    let target = paths::front_target();
    run::check(
        run::cargo(&["build"])
            .args(["-p", "frontend", "--target", "wasm32-unknown-unknown"])
            .args(["--profile", profile, "--target-dir"])
            .arg(&target),
    )?;
    Ok(target
        .join("wasm32-unknown-unknown")
        .join(profile_folder)
        .join("frontend.wasm"))
}

/// Generates the JavaScript that loads the WebAssembly. The page passes the URL, which contains a hash in a release.
fn bind(wasm: &Path, package: &Path, release: bool) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .debug(!release)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(package)
        .context("wasm-bindgen failed")?;
    fs::rename(
        package.join(format!("{NAME}_bg.wasm")),
        package.join(format!("{NAME}.wasm")),
    )?;
    Ok(())
}
