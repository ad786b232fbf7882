//! Compresses the site's files at build time, so that the server does not.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Result;
use brotli::{BrotliCompress, enc::BrotliEncoderParams};
use flate2::{Compression, write::GzEncoder};

use super::sync;

/// Extensions of files that get smaller by compression.
const EXTENSIONS: [&str; 8] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm"];

/// Writes a `.br` and a `.gz` copy of every file that gets smaller. Copies in `before` of an identical file are reused,
/// since Brotli at its highest quality takes seconds.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn folder(site: &Path, before: &Path) -> Result<()> {
    for name in sync::files_below(site)? {
        let path = site.join(&name);
        let extension = path.extension().and_then(|extension| extension.to_str());
        if name == Path::new("site.json")
            || !extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
        {
            continue;
        }
        let content = fs::read(&path)?;
        let known = fs::read(before.join(&name)).is_ok_and(|old| old == content);
        for (extension, compress) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)]
        {
            let old = with_suffix(&before.join(&name), extension);
            if known && old.exists() {
                fs::copy(old, with_suffix(&path, extension))?;
                continue;
            }
            let compressed = compress(&content)?;
            if compressed.len() < content.len() {
                fs::write(with_suffix(&path, extension), compressed)?;
            }
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn brotli(mut content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let highest = BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    BrotliCompress(&mut content, &mut compressed, &highest)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn copies_of_files_that_get_smaller_have_the_same_content() {
        let (site, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let text = "the same words ".repeat(100);
        fs::write(site.path().join("a.css"), &text).unwrap();
        fs::write(site.path().join("b.css"), "x").unwrap();
        fs::write(site.path().join("c.png"), &text).unwrap();
        folder(site.path(), before.path()).unwrap();
        assert_eq!(sync::files_below(site.path()).unwrap().len(), 5);
        let mut plain = String::new();
        let gz = fs::File::open(site.path().join("a.css.gz")).unwrap();
        flate2::read::GzDecoder::new(gz)
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
        let mut plain = Vec::new();
        let mut br = fs::File::open(site.path().join("a.css.br")).unwrap();
        brotli::BrotliDecompress(&mut br, &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
    }

    #[test]
    fn an_earlier_copy_is_reused_only_for_an_identical_file() {
        let (site, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let text = "the same words ".repeat(100);
        for name in ["same.js", "other.js"] {
            fs::write(site.path().join(name), &text).unwrap();
            fs::write(before.path().join(format!("{name}.br")), "made before").unwrap();
        }
        fs::write(before.path().join("same.js"), &text).unwrap();
        fs::write(before.path().join("other.js"), "other words").unwrap();
        folder(site.path(), before.path()).unwrap();
        let copy = |name: &str| fs::read(site.path().join(name)).unwrap();
        assert_eq!(copy("same.js.br"), b"made before");
        assert_ne!(copy("other.js.br"), b"made before");
    }
}
