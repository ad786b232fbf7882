//! Static files: style, script, WebAssembly, icon.
//!
//! They come from a folder during development, and from the program itself when it is built with `embed-site`. Files
//! whose name contains a hash of their content may be cached for ever; others are revalidated and answered with 304
//! while they are unchanged. Compressed copies were made when the site was built.

use std::{collections::HashMap, path::PathBuf};

use app::Assets;
use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
            IF_NONE_MATCH, VARY,
        },
    },
    response::{IntoResponse, Response},
};

use super::files::{File, Files};

/// A year, the longest time that caches keep a file.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Cached, but revalidated at each use.
const REVALIDATE: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The built browser side: its files, and the names they are served under.
#[derive(Debug, Clone)]
pub struct Site {
    files: Files,
    /// From the name in the code to the name that is served (`site.json`).
    names: HashMap<String, String>,
}

impl Site {
    /// Opens the site in a folder. Without one, it is the embedded site or, in a program without that, `target/site`.
    #[must_use]
    pub fn open(folder: Option<PathBuf>) -> Self {
        let files = Files::choose(folder);
        let names = files
            .read("site.json")
            .and_then(|file| serde_json::from_slice(&file.content).ok())
            .unwrap_or_default();
        Self { files, names }
    }

    /// Returns the addresses of style and script, for pages.
    #[must_use]
    pub fn assets(&self) -> Assets {
        let path = |name: &str| format!("/{}", self.names.get(name).map_or(name, String::as_str));
        Assets {
            css: path("pkg/countersign.css"),
            js: path("pkg/countersign.js"),
            wasm: path("pkg/countersign.wasm"),
        }
    }

    /// Whether the site was built. Without it, pages have no style and no scripts.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.files.read("site.json").is_some() || self.files.read("pkg/countersign.css").is_some()
    }

    /// Returns the response to a request, if its path is that of a file.
    #[must_use]
    pub(super) fn respond(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<Response> {
        let name = servable(path)?;
        let plain = self.files.read(name)?;
        let (encoding, file) = self
            .compressed(name, headers)
            .map_or((None, plain), |(encoding, file)| (Some(encoding), file));
        let is_unchanged = headers
            .get(IF_NONE_MATCH)
            .is_some_and(|known| known == file.etag.as_str());
        let mut response = if is_unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            content(name, method, file.content)
        };
        let headers = response.headers_mut();
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(CACHE_CONTROL, self.cache_control(name));
        if let Ok(etag) = HeaderValue::from_str(&file.etag) {
            headers.insert(ETAG, etag);
        }
        Some(response)
    }

    fn cache_control(&self, name: &str) -> HeaderValue {
        if self.is_immutable(name) {
            IMMUTABLE
        } else {
            REVALIDATE
        }
    }

    fn compressed(&self, name: &str, headers: &HeaderMap) -> Option<(&'static str, File)> {
        let accepted = headers
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())?;
        [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .find_map(|(encoding, ending)| {
                let file = accepts(accepted, encoding)
                    .then(|| self.files.read(&format!("{name}.{ending}")))?;
                file.map(|file| (encoding, file))
            })
    }

    /// Whether the name contains a hash of the content.
    fn is_immutable(&self, name: &str) -> bool {
        self.names
            .iter()
            .any(|(plain, served)| served == name && plain != name)
            || (name.starts_with("pkg/snippets/")
                && self.names.iter().any(|(plain, served)| plain != served))
    }
}

/// Returns the response with a file's content, which `HEAD` leaves out.
fn content(name: &str, method: &Method, content: Bytes) -> Response {
    let length = content.len();
    let body = if *method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(content)
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CONTENT_TYPE, content_type(name));
    response
}

/// Returns the name of the file at a path. Paths that leave the folder, and files for the server itself, have none.
fn servable(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let is_plain = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let is_internal = name == "site.json" || name.ends_with(".br") || name.ends_with(".gz");
    (name.split('/').all(is_plain) && !is_internal).then_some(name)
}

/// Whether `Accept-Encoding` includes this encoding, with a weight other than 0.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let is_excluded = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32))
        });
        name.eq_ignore_ascii_case(encoding) && !is_excluded
    })
}

fn content_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let text = match guess.type_().as_str() {
        "text" => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("pkg")).unwrap();
        for (name, content) in [
            ("pkg/countersign.0f3a.css", "p{}"),
            ("pkg/countersign.0f3a.css.br", "br"),
            ("pkg/countersign.0f3a.css.gz", "gz"),
            ("favicon.svg", "<svg/>"),
            (
                "site.json",
                r#"{"pkg/countersign.css": "pkg/countersign.0f3a.css"}"#,
            ),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let site = Site::open(Some(folder.path().to_owned()));
        (folder, site)
    }

    fn get(
        site: &Site,
        path: &str,
        header: Option<(axum::http::HeaderName, &str)>,
    ) -> Option<Response> {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        site.respond(&Method::GET, path, &headers)
    }

    #[test]
    fn a_name_with_a_hash_is_immutable() {
        let (_folder, site) = site();
        assert_eq!(site.assets().css, "/pkg/countersign.0f3a.css");
        assert_eq!(site.assets().js, "/pkg/countersign.js");
        let response = get(&site, "/pkg/countersign.0f3a.css", None).unwrap();
        assert_eq!(response.headers()[CACHE_CONTROL], IMMUTABLE);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(
            get(&site, "/favicon.svg", None).unwrap().headers()[CACHE_CONTROL],
            REVALIDATE
        );
    }

    #[test]
    fn the_best_encoding_that_the_browser_accepts_is_sent() {
        let (_folder, site) = site();
        for (accepted, expected) in [
            ("gzip, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("identity", None),
        ] {
            let response = get(
                &site,
                "/pkg/countersign.0f3a.css",
                Some((ACCEPT_ENCODING, accepted)),
            )
            .unwrap();
            let encoding = response
                .headers()
                .get(CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap());
            assert_eq!(encoding, expected, "{accepted}");
            assert_eq!(response.headers()[VARY], "accept-encoding");
        }
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let (_folder, site) = site();
        let etag = get(&site, "/favicon.svg", None).unwrap().headers()[ETAG].clone();
        let response = get(
            &site,
            "/favicon.svg",
            Some((IF_NONE_MATCH, etag.to_str().unwrap())),
        )
        .unwrap();
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn no_path_leads_out_of_the_site() {
        let (folder, site) = site();
        std::fs::write(folder.path().join("..").join("outside.txt"), "secret").unwrap();
        for path in [
            "/../outside.txt",
            "/pkg/../../outside.txt",
            "/%2e%2e/outside.txt",
            "/..%2foutside.txt",
            "//etc/passwd",
            "/pkg/",
            "/pkg",
            "/",
            "",
            "/site.json",
            "/pkg/countersign.0f3a.css.br",
            "/.hidden",
            "/pkg\\x",
            "/pkg/\0",
        ] {
            assert!(get(&site, path, None).is_none(), "{path}");
        }
        std::fs::remove_file(folder.path().join("..").join("outside.txt")).unwrap();
    }
}
