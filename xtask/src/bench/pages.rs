//! What the browser has to fetch, and what Lighthouse says of three pages (`end2end/measures/pages.spec.ts`). It reports
//! and refuses nothing: a score is a measurement, and belongs to the machine it was made on.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

use super::Options;
use crate::{build, e2e, paths, say, tools};

/// Most that the WebAssembly and the JavaScript around it should have together, compressed with Brotli.
const MOST_BYTES: u64 = 200_000;

/// Weighs the built site, then has Lighthouse look at the server with that site inside.
///
/// # Errors
/// When something is missing or does not build, or a page cannot be measured.
pub(super) fn run(options: &Options) -> Result<()> {
    let profile = options.pages_of.as_str();
    tools::for_stories()?;
    if !options.as_built {
        build::with_site_inside(profile)?;
    }
    for line in told(&weigh(&paths::site())?) {
        say::line(&line);
    }
    say::line(&format!(
        "Lighthouse, mobile, signed in, against target/{profile}/countersign:"
    ));
    e2e::run_apart("measures.config.ts", profile)
}

/// The files in `pkg/`, by the names they have in the code, and their bytes compressed with Brotli.
fn weigh(site: &Path) -> Result<BTreeMap<String, u64>> {
    let names = fs::read(site.join("site.json")).context("target/site/site.json")?;
    let names: BTreeMap<String, String> = serde_json::from_slice(&names)?;
    let package = names.iter().filter(|(name, _)| name.starts_with("pkg/"));
    package
        .map(|(name, served)| {
            let compressed = fs::metadata(site.join(format!("{served}.br")));
            let compressed = compressed.with_context(|| {
                format!("{name} is not compressed: target/site was built for development")
            })?;
            Ok((name.clone(), compressed.len()))
        })
        .collect()
}

/// A line for each file, one for all, and one for what the limit is for.
fn told(weights: &BTreeMap<String, u64>) -> Vec<String> {
    let files = weights
        .iter()
        .map(|(name, bytes)| format!("{name}: {bytes} bytes"));
    let all: u64 = weights.values().sum();
    let style = |name: &str| Path::new(name).extension().is_some_and(|e| e == "css");
    let code: u64 = weights
        .iter()
        .filter_map(|(name, bytes)| (!style(name)).then_some(bytes))
        .sum();
    let verdict = if code <= MOST_BYTES {
        "within"
    } else {
        "BEYOND"
    };
    files
        .chain([
            format!("all of it, compressed with Brotli: {all} bytes"),
            format!("WebAssembly and glue: {code} bytes, {verdict} the limit of {MOST_BYTES}"),
        ])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_weighed_is_what_is_sent() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir(site.path().join("pkg")).unwrap();
        let names = r#"{"pkg/a.css": "pkg/a.1.css", "pkg/a.wasm": "pkg/a.2.wasm", "favicon.svg": "favicon.svg"}"#;
        fs::write(site.path().join("site.json"), names).unwrap();
        fs::write(site.path().join("pkg/a.1.css.br"), "four").unwrap();
        let refused = weigh(site.path()).unwrap_err().to_string();
        assert!(refused.starts_with("pkg/a.wasm is not compressed"));
        fs::write(site.path().join("pkg/a.2.wasm.br"), "eighteen").unwrap();
        let lines = told(&weigh(site.path()).unwrap());
        assert_eq!(
            lines,
            [
                "pkg/a.css: 4 bytes",
                "pkg/a.wasm: 8 bytes",
                "all of it, compressed with Brotli: 12 bytes",
                "WebAssembly and glue: 8 bytes, within the limit of 200000",
            ]
        );
    }
}
