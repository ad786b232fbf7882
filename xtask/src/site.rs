//! The browser side, made into `target/site`: the program, its style and the files of `public/`.
//!
//! `target/site/site.json` says under which name each file of `pkg/` is served: `{"pkg/countersign.js":
//! "pkg/countersign.0f3a….js"}`. In a release the names carry a hash of the content, so that browsers may keep them
//! for ever, and each file has a `.br` and a `.gz` beside it. For development names are plain and nothing is
//! compressed. Without a `site.json` (cargo-leptos writes none) the plain names are right.

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

/// What the files in `pkg/` are called, before their ending. Leptos reads the same name from `.cargo/config.toml`.
const NAME: &str = "countersign";

/// A site that is quick to build again, with names to debug by.
///
/// # Errors
/// When something does not build.
pub(crate) fn build_for_development() -> Result<()> {
    assemble("dev", "debug", false)
}

/// The site as people get it: small, compressed, its names telling its content.
///
/// # Errors
/// When something does not build.
pub(crate) fn build_for_release() -> Result<()> {
    assemble("wasm-release", "wasm-release", true)
}

/// Makes the site aside, then brings `target/site` up to it: a half-made site is never seen, and files that did not
/// change are left alone, so that the server that embeds them is not built again.
fn assemble(profile: &str, profile_folder: &str, release: bool) -> Result<()> {
    tools::wasm_target()?;
    let wasm = compile(profile, profile_folder)?;
    let target = paths::root().join("target");
    fs::create_dir_all(&target)?;
    let aside = tempfile::Builder::new()
        .prefix("site-")
        .tempdir_in(target)?;
    let package = aside.path().join("pkg");
    bind(&wasm, &package, release)?;
    let style = style::bundle(&paths::root().join("style/main.css"), release)?;
    fs::write(package.join(format!("{NAME}.css")), style)?;
    sync::copy_into(&paths::root().join("public"), aside.path())?;
    let names = if release {
        names::with_hashes(aside.path())?
    } else {
        names::plain(aside.path())?
    };
    fs::write(
        aside.path().join("site.json"),
        serde_json::to_string_pretty(&names)?,
    )?;
    if release {
        compress::folder(aside.path(), &paths::site())?;
    }
    sync::mirror(aside.path(), &paths::site())
}

/// Compiles the browser side and gives the path of the wasm file.
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

/// Makes the JavaScript that loads the wasm. The page tells it the wasm's address, which carries a hash in a release.
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
        .context("wasm-bindgen could not make the browser side")?;
    fs::rename(
        package.join(format!("{NAME}_bg.wasm")),
        package.join(format!("{NAME}.wasm")),
    )?;
    Ok(())
}
