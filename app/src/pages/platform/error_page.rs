//! The page for a request that no page could be rendered for: the database is unavailable, the server failed, or the
//! request was rejected before routing.
//!
//! It reads no data and runs no script. Pages that can be rendered show their errors
//! themselves, with [`crate::ui::page::failure::Failure`].

use leptos::prelude::*;

use crate::{
    model::platform::{assets::Assets, theme::Theme},
    ui::page::{failure::RequestId, mark::Mark, theme::ThemeColors},
};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// HTTP status of the response.
    pub status: u16,
    /// Message, a sentence.
    pub message: String,
    /// Request id, as in the log.
    pub request_id: String,
    /// The address that was requested, when a repeated request is safe.
    pub again: Option<String>,
}

/// The whole document, in the theme of the browser.
#[must_use]
pub fn error_page(assets: &Assets, theme: Theme, wrong: Wrong) -> String {
    let (title, help) = words(wrong.status, wrong.again.is_some());
    let again = wrong
        .again
        .filter(|_| wrong.status >= 500)
        .map(|again| view! { <a class="button button-main" href=again>"Try again"</a> });
    let (icon, css) = ("/favicon.svg", assets.css.clone());
    let document = view! {
        <html lang="en" data-theme=theme.label()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <ThemeColors theme />
                <title>{format!("{title} · Countersign")}</title>
                <link rel="icon" href=icon type="image/svg+xml" />
                <link rel="stylesheet" href=css />
            </head>
            <body>
                <main id="main" class="signed-out">
                    <p class="signed-out-brand">
                        <Mark />
                        "Countersign"
                    </p>
                    <h1>{title}</h1>
                    <p>{wrong.message}</p>
                    <p>{help}</p>
                    <p class="form-actions">
                        {again}
                        <a class="button" href="/">"Go to the start page"</a>
                    </p>
                    <RequestId id=wrong.request_id />
                </main>
            </body>
        </html>
    };
    // The page has no islands. The hydration markers of Leptos would be text in the title.
    let html = document.to_html().replace("<!>", "");
    format!("<!DOCTYPE html>{html}")
}

/// Title, and what the user can do.
const fn words(status: u16, only_read: bool) -> (&'static str, &'static str) {
    match (status, only_read) {
        (403, _) => (
            "Request rejected",
            "Open the page again, and send its form from there. Nothing was changed.",
        ),
        (404, _) => (
            "Not found",
            "It may have been deleted, or the link is incomplete.",
        ),
        (413, _) => (
            "Too large",
            "Go back: what you typed is still in the form. Nothing was changed.",
        ),
        (429 | 503, true) => (
            "Temporarily unavailable",
            "Nothing is lost. Try again shortly. If the problem persists, contact the operator of this server.",
        ),
        (429 | 503, false) => (
            "Temporarily unavailable",
            "Go back and check whether it was done before you try again.",
        ),
        (500.., true) => (
            "Something went wrong",
            "Nothing was changed. The operator of this server finds the reason in its log, by the request id.",
        ),
        (500.., false) => (
            "Something went wrong",
            "Go back and check whether it was done before you try again. The operator of this server finds the reason in its \
             log, by the request id.",
        ),
        _ => (
            "Unreadable request",
            "Go back, or open the page again. Nothing was changed.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, again: Option<&str>) -> String {
        page_in(Theme::System, status, again)
    }

    fn page_in(theme: Theme, status: u16, again: Option<&str>) -> String {
        let assets = Assets {
            css: "/pkg/a.css".to_owned(),
            js: String::new(),
            wasm: String::new(),
        };
        let wrong = Wrong {
            status,
            message: "<script>".to_owned(),
            request_id: "AAAAAAAAAAE".to_owned(),
            again: again.map(str::to_owned),
        };
        error_page(&assets, theme, wrong)
    }

    #[test]
    fn it_is_a_whole_document_without_a_script() {
        let page = page(503, Some("/teams?q=\"><b>"));
        assert!(
            page.starts_with("<!DOCTYPE html><html lang=\"en\" data-theme=\"system\">"),
            "{page}"
        );
        for part in [
            "<title>Temporarily unavailable · Countersign</title>",
            "href=\"/pkg/a.css\"",
            "&lt;script&gt;",
            "AAAAAAAAAAE",
            "href=\"/teams?q=&quot;&gt;",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(
            !page.contains("<script") && !page.contains("style="),
            "{page}"
        );
    }

    #[test]
    fn it_is_in_the_theme_of_its_reader() {
        let dark = page_in(Theme::Dark, 503, None);
        assert!(
            dark.contains("<html lang=\"en\" data-theme=\"dark\">"),
            "{dark}"
        );
        assert!(dark.contains("content=\"dark\""), "{dark}");
        assert!(page(503, None).contains("content=\"light dark\""));
    }

    #[test]
    fn only_what_does_no_harm_is_offered_again() {
        assert!(page(500, Some("/teams")).contains("Try again"));
        assert!(!page(503, None).contains("Try again"));
        assert!(page(503, None).contains("before you try again"));
        assert!(!page(404, Some("/teams")).contains("Try again"));
    }
}
