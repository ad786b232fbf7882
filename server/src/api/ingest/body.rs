//! Reads the body of an ingest request: limited while it arrives and while it is decompressed, and parsed on a blocking
//! thread when that takes long.

use std::{convert::Infallible, marker::PhantomData};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use domain::platform::limits;

use crate::api::platform::{
    bytes::collect_within,
    compression::{decompress, is_compressed},
    error::ApiError,
};

/// A body of this many bytes is parsed within a fraction of a millisecond.
const INLINE_BYTES: usize = 32 << 10;

/// The media types of Thrift.
const THRIFT: [&[u8]; 3] = [
    b"application/x-thrift",
    b"application/vnd.apache.thrift.binary",
    b"application/vnd.apache.thrift.compact",
];

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Protobuf,
    /// What older tracing libraries send. No route reads it.
    Thrift,
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
            decompress(&bytes, limits::INGEST_BYTES)?
        } else {
            bytes
        };
        parse(DataBody { format, bytes })
    });
    parsed.await.map_err(|_| ApiError::internal())?
}

/// 415: the route reads other formats, which the message names.
pub(super) fn unread_format(accepted: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, accepted)
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
    } else if THRIFT.into_iter().any(is) {
        Format::Thrift
    } else {
        Format::Json
    }
}
