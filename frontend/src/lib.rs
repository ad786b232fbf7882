//! The WebAssembly entry point: links the islands of `app` in and readies them. No logic here.
//!
//! The script in the page then wakes each island and sets `data-hydrated` on `<html>` (`app::shell`).

use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page, after the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
