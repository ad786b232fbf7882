//! How many bytes a browser fetches.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::terminal;

/// Most bytes of the WebAssembly and the JavaScript around it together, compressed with Brotli.
const MOST_BYTES: u64 = 190_000;

/// The files in `pkg/` by their names in the code, and their bytes compressed with Brotli.
pub(crate) struct Weights(BTreeMap<String, u64>);

/// Reads the sizes of a built site.
///
/// # Errors
/// When the site is absent or not compressed.
pub(crate) fn weigh(site: &Path) -> Result<Weights> {
    let names = fs::read(site.join("site.json")).context("target/site/site.json")?;
    let names: BTreeMap<String, String> = serde_json::from_slice(&names)?;
    let package = names.iter().filter(|(name, _)| name.starts_with("pkg/"));
    let weights: Result<_> = package
        .map(|(name, served)| {
            let compressed = fs::metadata(site.join(format!("{served}.br")));
            let compressed = compressed.with_context(|| {
                format!("{name} is not compressed: target/site was built for development")
            })?;
            Ok((name.clone(), compressed.len()))
        })
        .collect();
    Ok(Weights(weights?))
}

impl Weights {
    /// A line for each file, one for all, and one that compares with the limit.
    pub(crate) fn lines(&self) -> Vec<String> {
        let files = self
            .0
            .iter()
            .map(|(name, bytes)| format!("{name}: {bytes} bytes"));
        let all: u64 = self.0.values().sum();
        files
            .chain([
                format!("total, compressed with Brotli: {all} bytes"),
                self.verdict(),
            ])
            .collect()
    }

    /// Checks WebAssembly and glue against their limit.
    ///
    /// # Errors
    /// When they are larger.
    pub(crate) fn check(&self) -> Result<()> {
        terminal::line(&self.verdict());
        ensure!(self.code() <= MOST_BYTES, "{}", self.verdict());
        Ok(())
    }

    /// The bytes of WebAssembly and glue.
    fn code(&self) -> u64 {
        let style = |name: &str| Path::new(name).extension().is_some_and(|e| e == "css");
        let code = self.0.iter().filter(|(name, _)| !style(name));
        code.map(|(_, bytes)| bytes).sum()
    }

    /// WebAssembly and glue against their limit.
    pub(crate) fn verdict(&self) -> String {
        let code = self.code();
        let verdict = if code <= MOST_BYTES {
            "within"
        } else {
            "BEYOND"
        };
        format!("WebAssembly and glue: {code} bytes, {verdict} the limit of {MOST_BYTES}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_beyond_the_limit_fails_the_check() {
        let site = |bytes| {
            Weights(
                [
                    ("pkg/a.wasm".to_owned(), bytes),
                    ("pkg/a.css".to_owned(), 9),
                ]
                .into(),
            )
        };
        site(MOST_BYTES).check().unwrap();
        assert!(site(MOST_BYTES + 1).check().is_err());
    }

    #[test]
    fn the_weight_is_that_of_the_sent_files() {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir(site.path().join("pkg")).unwrap();
        let names = r#"{"pkg/a.css": "pkg/a.1.css", "pkg/a.wasm": "pkg/a.2.wasm", "favicon.svg": "favicon.svg"}"#;
        fs::write(site.path().join("site.json"), names).unwrap();
        fs::write(site.path().join("pkg/a.1.css.br"), "four").unwrap();
        let rejected = weigh(site.path()).map(|_| ()).unwrap_err().to_string();
        assert!(rejected.starts_with("pkg/a.wasm is not compressed"));
        fs::write(site.path().join("pkg/a.2.wasm.br"), "eighteen").unwrap();
        assert_eq!(
            weigh(site.path()).unwrap().lines(),
            [
                "pkg/a.css: 4 bytes",
                "pkg/a.wasm: 8 bytes",
                "total, compressed with Brotli: 12 bytes",
                "WebAssembly and glue: 8 bytes, within the limit of 190000",
            ]
        );
    }
}
