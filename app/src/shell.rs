//! The HTML document around every page, and the script that hydrates the islands.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    model::platform::{assets::Assets, theme::Theme},
    routes::App,
    ui::page::theme::ThemeColors,
};

/// The document around a page, in the theme of the browser.
///
/// Leptos' own `HydrationScripts` is not used: in 0.8.23 it writes the nonce into `crossorigin`, which costs Firefox
/// the preload, and it does not report when the islands are hydrated. Ours sets `data-hydrated` on `<html>`.
pub fn shell(assets: Assets, theme: Theme) -> impl IntoView {
    // Only islands are hydrated, so the data of pages is not sent to the browser.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let nonce = use_nonce();
    // A `<link>` would fetch the file without scripts too, where it is not used.
    let preload_wasm = format!(
        "{}({});",
        include_str!("shell/preload_wasm.js").trim_end(),
        script_text(&assets.wasm),
    );
    let hydrate_islands = format!(
        "{}({}, {});",
        include_str!("shell/hydrate_islands.js").trim_end(),
        script_text(&assets.js),
        script_text(&assets.wasm),
    );
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.label()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <ThemeColors theme />
                <meta name="description" content="Countersign: user API access tokens whose every use can be traced." />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css />
                <link rel="modulepreload" href=assets.js crossorigin="" nonce=nonce.clone() />
                <script nonce=nonce.clone()>{preload_wasm}</script>
                <script type="module" nonce=nonce>{hydrate_islands}</script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Encodes a text as a JavaScript string that cannot end its script element.
fn script_text(text: &str) -> String {
    leptos::serde_json::Value::from(text)
        .to_string()
        .replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_script_it_is_written_into() {
        assert_eq!(script_text("/pkg/a.js"), "\"/pkg/a.js\"");
        assert_eq!(script_text("</script>\""), "\"\\u003c/script>\\\"\"");
    }
}
