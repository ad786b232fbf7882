//! Reads the body of an ingest request: limited while it arrives and while it is decompressed, and parsed on a blocking
//! thread when that takes long.

use std::{convert::Infallible, io::Read as _, marker::PhantomData};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
};
use domain::platform::limits;
use flate2::read::MultiGzDecoder;

use crate::api::platform::{
    bytes::{collect_within, too_large},
    error::ApiError,
};

/// A body of this many bytes is parsed within a fraction of a millisecond.
const INLINE_BYTES: usize = 32 << 10;

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Protobuf,
}

/// A request whose body is described as a `B` and read by the handler, which counts requests that cannot be parsed.
pub(super) struct DataRequest<B> {
    pub(super) request: Request,
    body: PhantomData<B>,
}

impl<S: Send + Sync, B> FromRequest<S> for DataRequest<B> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            request,
            body: PhantomData,
        })
    }
}

/// A body after decompression.
pub(super) struct DataBody {
    pub(super) format: Format,
    pub(super) bytes: Bytes,
}

/// Collects, decompresses and parses a body.
pub(super) async fn read<T: Send + 'static>(
    request: Request,
    parse: impl FnOnce(DataBody) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let (parts, body) = request.into_parts();
    let format = format(&parts.headers);
    let is_compressed = is_compressed(&parts.headers)?;
    let bytes = collect_within(body, limits::INGEST_BYTES).await?;
    if !is_compressed && bytes.len() <= INLINE_BYTES {
        return parse(DataBody { format, bytes });
    }
    let parsed = tokio::task::spawn_blocking(move || {
        let bytes = if is_compressed {
            decompress(&bytes)?
        } else {
            bytes
        };
        parse(DataBody { format, bytes })
    });
    parsed.await.map_err(|_| ApiError::internal())?
}

/// A body that does not declare itself protobuf is read as JSON (docs/contract.md#ingest).
fn format(headers: &HeaderMap) -> Format {
    let media_type = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    let media_type = media_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    let is = |name: &[u8]| media_type.trim_ascii().eq_ignore_ascii_case(name);
    if is(b"application/x-protobuf") || is(b"application/protobuf") {
        Format::Protobuf
    } else {
        Format::Json
    }
}

fn is_compressed(headers: &HeaderMap) -> Result<bool, ApiError> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else {
        return Ok(false);
    };
    match encoding
        .as_bytes()
        .trim_ascii()
        .to_ascii_lowercase()
        .as_slice()
    {
        b"gzip" | b"x-gzip" => Ok(true),
        b"identity" | b"" => Ok(false),
        _ => Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body may be compressed by gzip and by nothing else.",
        )),
    }
}

/// Decompresses up to the limit and no further: a few bytes can expand to very many.
fn decompress(bytes: &[u8]) -> Result<Bytes, ApiError> {
    let mut decompressed = Vec::new();
    let max_bytes = limits::INGEST_BYTES as u64;
    MultiGzDecoder::new(bytes)
        .take(max_bytes + 1)
        .read_to_end(&mut decompressed)
        .map_err(|_| ApiError::bad_request("The body cannot be read: it is no gzip."))?;
    if decompressed.len() > limits::INGEST_BYTES {
        return Err(too_large(limits::INGEST_BYTES));
    }
    Ok(decompressed.into())
}
