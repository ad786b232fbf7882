//! Bundles `style/main.css` and its imports into one file.

use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Targets},
};

/// The oldest supported browsers: those of spring 2024, the first that all support `light-dark()`. Features that one of
/// them lacks (nesting without `&`, prefixes) are rewritten.
const OLDEST: Browsers = Browsers {
    android: version(123),
    chrome: version(123),
    edge: version(123),
    firefox: version(120),
    ie: None,
    ios_saf: Some(17 << 16 | 5 << 8),
    opera: version(109),
    safari: Some(17 << 16 | 5 << 8),
    samsung: version(27),
};

const fn version(major: u32) -> Option<u32> {
    Some(major << 16)
}

/// Bundles the style sheet and its imports; `small` removes white space and comments.
///
/// # Errors
/// Names the file and line of invalid CSS or of an import of a missing file.
pub(crate) fn bundle(main: &Path, small: bool) -> Result<String> {
    if !main.exists() {
        return Ok(String::new());
    }
    // The bundler's errors borrow from `files`, so they are converted to text here.
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default())
        .bundle(main)
        .map_err(|error| anyhow!("style: {error}"))?;
    let targets = Targets::from(OLDEST);
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("style: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: small,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("style: {error}"))?;
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn bundled(main: &str, part: &str) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), main).unwrap();
        fs::write(folder.path().join("part.css"), part).unwrap();
        bundle(&folder.path().join("main.css"), true)
    }

    #[test]
    fn imports_and_nesting_become_one_file() {
        let css = bundled(
            "@layer base, parts; @import \"part.css\" layer(parts); @layer base { a { color: light-dark(#111, #eee) } }",
            ".menu { margin: 0; & .item, &:hover { padding: 1px } }",
        );
        assert_eq!(
            css.unwrap(),
            "@layer base{a{color:light-dark(#111,#eee)}}@layer parts{.menu{margin:0}\
             .menu .item{padding:1px}.menu:hover{padding:1px}}"
        );
    }

    #[test]
    fn invalid_css_is_rejected_with_its_position() {
        let error = bundled("@import \"part.css\";", "a { color: red").map(|_| ());
        let missing = bundled("@import \"absent.css\";", "").unwrap_err();
        assert!(
            error.is_ok(),
            "CSS closes an open block at the end of a file"
        );
        assert!(missing.to_string().contains("main.css"), "{missing}");
        let rejected = bundled("@import \"part.css\";", "\n} a {}").unwrap_err();
        assert!(rejected.to_string().contains("part.css"), "{rejected}");
    }
}
