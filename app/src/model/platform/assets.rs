//! Addresses of the built files.

/// Where the built files are, as the page asks for them: paths, with a content hash in release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The JavaScript around the WebAssembly module.
    pub js: String,
    /// The WebAssembly module.
    pub wasm: String,
}
