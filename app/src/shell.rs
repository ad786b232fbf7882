//! The HTML document around every page, and the script that wakes the islands.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    model::platform::{assets::Assets, theme::Theme},
    routes::App,
    ui::theme::ThemeColors,
};

/// The document every page is in, in the theme of the browser that asks for it.
///
/// Leptos' own `HydrationScripts` is not used: in 0.8.23 it writes the nonce into `crossorigin`, which costs Firefox the
/// preload, and it does not say when the islands are awake. Ours sets `data-hydrated` on `<html>` then.
pub fn shell(assets: Assets, theme: Theme) -> impl IntoView {
    // Outside of islands nothing is hydrated, so nothing needs to be sent twice.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let nonce = use_nonce();
    // A `<link>` in the document would fetch it with scripts off too, where nothing can use it.
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

/// A text as a JavaScript string that cannot end the script element it stands in.
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
