//! Bodies of requests that are compressed by gzip.

use std::io::Read as _;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header::CONTENT_ENCODING},
};
use flate2::read::MultiGzDecoder;

use super::{
    bytes::{collect_within, too_large},
    error::ApiError,
};

/// Whether the body is compressed. Any other encoding than gzip is a 415.
pub(crate) fn is_compressed(headers: &HeaderMap) -> Result<bool, ApiError> {
    let lines = headers.get_all(CONTENT_ENCODING).into_iter();
    let encodings = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let encodings = encodings.map(|encoding| encoding.trim_ascii().to_ascii_lowercase());
    let encodings: Vec<_> = encodings
        .filter(|encoding| !matches!(&encoding[..], b"identity" | b""))
        .collect();
    match &encodings[..] {
        [] => Ok(false),
        [only] if matches!(&only[..], b"gzip" | b"x-gzip") => Ok(true),
        _ => Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body may be compressed by gzip and by nothing else.",
        )),
    }
}

/// Collects a body, which may be compressed: at most this many bytes, before and after decompression.
pub(super) async fn collect_decompressed(
    headers: &HeaderMap,
    body: Body,
    max_bytes: usize,
) -> Result<Bytes, ApiError> {
    let is_compressed = is_compressed(headers)?;
    let bytes = collect_within(body, max_bytes).await?;
    if !is_compressed || bytes.is_empty() {
        return Ok(bytes);
    }
    let decompressed = tokio::task::spawn_blocking(move || decompress(&bytes, max_bytes));
    decompressed.await.map_err(|_| ApiError::internal())?
}

/// Decompresses up to the limit and no further: a few bytes can expand to very many.
pub(crate) fn decompress(bytes: &[u8], max_bytes: usize) -> Result<Bytes, ApiError> {
    let mut decompressed = Vec::new();
    let limit = u64::try_from(max_bytes)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    MultiGzDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut decompressed)
        .map_err(|_| ApiError::bad_request("The body cannot be read: it is no gzip."))?;
    if decompressed.len() > max_bytes {
        return Err(too_large(max_bytes));
    }
    Ok(decompressed.into())
}
