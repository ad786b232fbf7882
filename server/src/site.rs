//! The files of the browser side: style, script, WebAssembly, icon.
//!
//! Taken from a folder while developing, and from the program itself when it is built to be given away
//! (`embed-site`). Files whose name tells their content may be kept by browsers for ever; the others are asked for
//! again and answered with 304 as long as they are the same. Compressed copies were made when the site was built.

pub(crate) mod download;
pub(crate) mod pages;

mod files;

use std::{collections::HashMap, path::PathBuf};

use app::Assets;
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
            IF_NONE_MATCH, VARY,
        },
    },
    response::{IntoResponse, Response},
};

use self::files::{File, Files};

/// A year, which is as long as any browser keeps anything.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Kept, but asked about each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The built browser side.
#[derive(Debug, Clone)]
pub struct Site {
    files: Files,
    /// From the name a file has in the code to the one it is served under (`site.json`).
    names: HashMap<String, String>,
}

impl Site {
    /// The site in a folder, or without one the site inside the program; without either, the workspace's own.
    #[must_use]
    pub fn open(folder: Option<PathBuf>) -> Self {
        let files = Files::choose(folder);
        let names = files
            .read("site.json")
            .and_then(|file| serde_json::from_slice(&file.content).ok())
            .unwrap_or_default();
        Self { files, names }
    }

    /// Where the page's own files are, as the page asks for them.
    #[must_use]
    pub fn assets(&self) -> Assets {
        let path = |name: &str| format!("/{}", self.names.get(name).map_or(name, String::as_str));
        Assets {
            css: path("pkg/countersign.css"),
            js: path("pkg/countersign.js"),
            wasm: path("pkg/countersign.wasm"),
        }
    }

    /// Whether there is anything to serve: without it pages have no style and nothing moves.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.files.read("site.json").is_some() || self.files.read("pkg/countersign.css").is_some()
    }

    /// The answer to a request for this path, if a file is there.
    #[must_use]
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        let name = servable(path)?;
        let plain = self.files.read(name)?;
        let (encoding, file) = self
            .compressed(name, headers)
            .map_or((None, plain), |(encoding, file)| (Some(encoding), file));
        let is_same = headers
            .get(IF_NONE_MATCH)
            .is_some_and(|known| known == file.etag.as_str());
        let mut response = if is_same {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let length = file.content.len();
            let body = if *method == Method::HEAD {
                Body::empty()
            } else {
                Body::from(file.content)
            };
            let mut response = Response::new(body);
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from(length));
            response
                .headers_mut()
                .insert(CONTENT_TYPE, content_type(name));
            response
        };
        let headers = response.headers_mut();
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            CACHE_CONTROL,
            if self.is_immutable(name) {
                FOR_EVER
            } else {
                ASK_AGAIN
            },
        );
        if let Ok(etag) = HeaderValue::from_str(&file.etag) {
            headers.insert(ETAG, etag);
        }
        Some(response)
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

    /// Whether the name changes whenever the content does.
    fn is_immutable(&self, name: &str) -> bool {
        self.names
            .iter()
            .any(|(plain, served)| served == name && plain != name)
            || (name.starts_with("pkg/snippets/")
                && self.names.iter().any(|(plain, served)| plain != served))
    }
}

/// The name of the file a path asks for, unless it leads anywhere but down. What is kept beside the files is not served.
fn servable(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let is_plain = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let is_beside = name == "site.json" || name.ends_with(".br") || name.ends_with(".gz");
    (name.split('/').all(is_plain) && !is_beside).then_some(name)
}

/// Whether `Accept-Encoding` names this encoding and does not refuse it.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|choice| {
        let mut parts = choice.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let is_refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32))
        });
        name.eq_ignore_ascii_case(encoding) && !is_refused
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

    fn ask(
        site: &Site,
        path: &str,
        header: Option<(axum::http::HeaderName, &str)>,
    ) -> Option<Response> {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        site.answer(&Method::GET, path, &headers)
    }

    #[test]
    fn a_name_that_tells_its_content_is_kept_for_ever() {
        let (_folder, site) = site();
        assert_eq!(site.assets().css, "/pkg/countersign.0f3a.css");
        assert_eq!(site.assets().js, "/pkg/countersign.js");
        let response = ask(&site, "/pkg/countersign.0f3a.css", None).unwrap();
        assert_eq!(response.headers()[CACHE_CONTROL], FOR_EVER);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(
            ask(&site, "/favicon.svg", None).unwrap().headers()[CACHE_CONTROL],
            ASK_AGAIN
        );
    }

    #[test]
    fn the_best_copy_the_browser_takes_is_sent() {
        let (_folder, site) = site();
        for (accepted, expected) in [
            ("gzip, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("identity", None),
        ] {
            let response = ask(
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
    fn what_the_browser_has_is_not_sent_again() {
        let (_folder, site) = site();
        let etag = ask(&site, "/favicon.svg", None).unwrap().headers()[ETAG].clone();
        let response = ask(
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
            assert!(ask(&site, path, None).is_none(), "{path}");
        }
        std::fs::remove_file(folder.path().join("..").join("outside.txt")).unwrap();
    }
}
