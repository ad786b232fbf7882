//! The shapes of queries and responses of the log tree that are not JSON.

use aide::{
    OperationOutput,
    generate::GenContext,
    openapi::{MediaType, Operation, Response as Described},
};
use schemars::JsonSchema;

/// Two sizes of the tree.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "shapes are described and never built")]
pub(super) struct ConsistencyParameters {
    /// The number of leaves of the earlier checkpoint.
    from: u64,
    /// The number of leaves of the later checkpoint.
    to: u64,
}

/// A signed note or a key, as text.
#[derive(Debug)]
pub(super) struct NoteText(pub(super) String);

/// Hashes of a tile, 32 bytes each.
#[derive(Debug)]
pub(super) struct Hashes {
    pub(super) hashes: Vec<u8>,
    /// Whether the tile is full, so that it never changes.
    pub(super) is_full: bool,
}

fn described(words: &str, media: &str) -> Described {
    let content = [(media.to_owned(), MediaType::default())];
    Described {
        description: words.to_owned(),
        content: content.into_iter().collect(),
        ..Described::default()
    }
}

impl OperationOutput for NoteText {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Described)> {
        let note = described("The text.", "text/plain");
        vec![(Some(200), note)]
    }
}

impl OperationOutput for Hashes {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Described)> {
        let hashes = described("The hashes, 32 bytes each.", "application/octet-stream");
        vec![(Some(200), hashes)]
    }
}
