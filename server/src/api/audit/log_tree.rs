//! `/audit/…`: the log tree for witnesses and auditors (docs/contract.md#verification). The hashes disclose nothing of the
//! rows, so that all but the proof of an event needs no token.

use axum::{
    Json,
    extract::State,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use domain::identity::access::Access;
use schemars::JsonSchema;
use serde::Serialize;
use service::Service;

use super::log_tree_schema::{ConsistencyParameters, Hashes, NoteText};
use crate::api::platform::{
    caller::Authenticated, error::ApiError, parameters::Parameters, path::PathName, route::Summary,
    routes::Routes,
};

/// Hashes of a full tile (C2SP tlog-tiles).
const TILE_WIDTH: u64 = 256;

/// A full tile never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The routes of the log tree.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Log tree",
        "The Merkle tree over the audit log and the call log, for anyone who verifies them.",
    )
    .get(
        "/audit/checkpoint",
        Access::Public,
        Summary::new("Read the newest signed checkpoint").or(StatusCode::NOT_FOUND),
        checkpoint,
    )
    .get(
        "/audit/key",
        Access::Public,
        Summary::new("Read the public key that signs checkpoints").or(StatusCode::NOT_FOUND),
        key,
    )
    .get(
        "/audit/key/handovers",
        Access::Public,
        "Read the notes with which earlier keys signed their successors",
        handovers,
    )
    .get(
        "/audit/tile/{path}",
        Access::Public,
        Summary::new("Read a tile of hashes").or(StatusCode::NOT_FOUND),
        tile,
    )
    .get(
        "/audit/consistency",
        Access::Public,
        Summary::new("Prove that a checkpoint continues an earlier one")
            .or(StatusCode::BAD_REQUEST)
            .or(StatusCode::NOT_FOUND),
        consistency,
    )
    .get(
        "/audit/proof/{event}",
        Access::Administrator,
        Summary::new("Prove that an event is in the newest checkpoint")
            .or(StatusCode::BAD_REQUEST)
            .or(StatusCode::NOT_FOUND),
        proof,
    )
}

async fn checkpoint(State(service): State<Service>) -> Result<NoteText, ApiError> {
    Ok(NoteText(service.audit().log_state().await?.note))
}

async fn key(State(service): State<Service>) -> Result<NoteText, ApiError> {
    let state = service.audit().log_state().await?;
    Ok(NoteText(format!("{}\n", state.public_key)))
}

async fn handovers(State(service): State<Service>) -> Result<Json<HandoversBody>, ApiError> {
    let notes = service.audit().list_key_handovers().await?;
    Ok(Json(HandoversBody { notes }))
}

async fn tile(
    State(service): State<Service>,
    PathName(path): PathName,
) -> Result<Hashes, ApiError> {
    let tile = Tile::parse(&path);
    let tile = tile.ok_or_else(|| ApiError::not_found("There is no such tile."))?;
    let audit = service.audit();
    let hashes = audit.read_tile(tile.level, tile.index, tile.width).await?;
    Ok(Hashes {
        hashes,
        is_full: tile.width == TILE_WIDTH,
    })
}

async fn consistency(
    State(service): State<Service>,
    parameters: Parameters<ConsistencyParameters>,
) -> Result<Json<ConsistencyBody>, ApiError> {
    let size = |name: &str| {
        let given = parameters.find(name).and_then(|size| size.parse().ok());
        given.ok_or_else(|| ApiError::bad_request(format!("{name} is not a number of leaves.")))
    };
    let (from, to) = (size("from")?, size("to")?);
    if from > to {
        return Err(ApiError::bad_request("from is greater than to."));
    }
    let hashes = service.audit().prove_consistency(from, to).await?;
    Ok(Json(ConsistencyBody { from, to, hashes }))
}

async fn proof(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(event): PathName,
) -> Result<Json<ProofBody>, ApiError> {
    let event = event
        .parse()
        .map_err(|_| ApiError::bad_request("The path has no number of an event."))?;
    let proof = service.audit().prove_event(&caller, event).await?;
    Ok(Json(ProofBody {
        event,
        leaf_index: proof.leaf,
        leaf_text: proof.text,
        leaf_hash: proof.hash,
        hashes: proof.hashes,
        checkpoint: proof.checkpoint,
    }))
}

/// The notes of all hand-overs, the oldest first.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KeyHandovers", deny_unknown_fields)]
struct HandoversBody {
    notes: Vec<String>,
}

/// The proof that the tree of `to` leaves begins with the tree of `from` leaves (RFC 9162 section 2.1.4).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsistencyProof", deny_unknown_fields)]
struct ConsistencyBody {
    from: u64,
    to: u64,
    /// In base64.
    hashes: Vec<String>,
}

/// The proof that an event is in a checkpoint (RFC 9162 section 2.1.3).
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EventProof", deny_unknown_fields)]
struct ProofBody {
    event: i64,
    leaf_index: i64,
    /// The text whose hash, after a zero byte, is the leaf; null when retention removed the event.
    leaf_text: Option<String>,
    /// In base64.
    leaf_hash: String,
    /// In base64, the deepest first.
    hashes: Vec<String>,
    /// The signed note that has the size and the root hash.
    checkpoint: String,
}

/// A tile as its path names it (C2SP tlog-tiles): `0/x001/067` or `0/x001/067.p/112`.
#[derive(Debug, PartialEq, Eq)]
struct Tile {
    level: u32,
    index: u64,
    width: u64,
}

impl Tile {
    fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.split_once('/')?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => {
                let width = decimal(width).filter(|width| (1..TILE_WIDTH).contains(width))?;
                (index, width)
            }
            None => (rest, TILE_WIDTH),
        };
        let groups: Vec<&str> = index.split('/').collect();
        let (last, first) = groups.split_last()?;
        let mut number: u64 = 0;
        let digits = first.iter().map(|group| group.strip_prefix('x'));
        for group in digits.chain([Some(*last)]) {
            let is_group =
                |group: &&str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
            let group: u64 = group.filter(is_group)?.parse().ok()?;
            number = number.checked_mul(1_000)?.checked_add(group)?;
        }
        // Each tile has one path.
        let is_canonical = first.is_empty()
            || number >= 1_000_u64.checked_pow(u32::try_from(first.len()).ok()?)?;
        Some(Self {
            level: decimal(level)?.try_into().ok()?,
            index: number,
            width,
        })
        .filter(|_| is_canonical)
    }
}

/// A number without leading zeros.
fn decimal(text: &str) -> Option<u64> {
    let is_canonical = text == "0"
        || text
            .bytes()
            .next()
            .is_some_and(|byte| (b'1'..=b'9').contains(&byte));
    text.parse().ok().filter(|_| is_canonical)
}

impl IntoResponse for NoteText {
    fn into_response(self) -> Response {
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        ([(CONTENT_TYPE, plain)], self.0).into_response()
    }
}

impl IntoResponse for Hashes {
    fn into_response(self) -> Response {
        let bytes = HeaderValue::from_static("application/octet-stream");
        let mut response = ([(CONTENT_TYPE, bytes)], self.hashes).into_response();
        if self.is_full {
            response.headers_mut().insert(CACHE_CONTROL, IMMUTABLE);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::Tile;

    #[test]
    fn a_tile_has_one_path() {
        let parse = |path| Tile::parse(path).map(|tile| (tile.level, tile.index, tile.width));
        assert_eq!(parse("0/067"), Some((0, 67, 256)));
        assert_eq!(parse("0/x001/067"), Some((0, 1_067, 256)));
        assert_eq!(parse("2/x001/x234/067.p/112"), Some((2, 1_234_067, 112)));
        for path in [
            "",
            "0",
            "0/",
            "0/67",
            "0/x067",
            "0/x000/067",
            "0/001/067",
            "0/x001/x067",
            "00/067",
            "+1/067",
            "x/067",
            "0/067.p/0",
            "0/067.p/256",
            "0/067.p/012",
            "0/067.p/",
            "0/06a",
            "0/067/",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
