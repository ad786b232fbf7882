//! The body of a request that sends data: bounded as it comes and as it is inflated, and read off the threads that
//! answer others when that takes long.

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
    body::{collect_within, too_large},
    error::ApiError,
};

/// Bytes that are read within a fraction of a millisecond.
const READ_AT_ONCE: usize = 32 << 10;

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Protobuf,
}

/// A request whose body is described as a `B` and read by its handler, so that what is wrong with it can be counted.
pub(crate) struct Data<B> {
    pub(crate) request: Request,
    body: PhantomData<B>,
}

impl<S: Send + Sync, B> FromRequest<S> for Data<B> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            request,
            body: PhantomData,
        })
    }
}

/// A body as it was before it was compressed.
pub(crate) struct Sent {
    pub(crate) form: Form,
    pub(crate) bytes: Bytes,
}

/// Collects and inflates a body, and reads it.
pub(crate) async fn read<T: Send + 'static>(
    request: Request,
    reader: impl FnOnce(Sent) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let (parts, body) = request.into_parts();
    let form = form(&parts.headers);
    let is_compressed = is_compressed(&parts.headers)?;
    let bytes = collect_within(body, limits::INGEST_BYTES).await?;
    if !is_compressed && bytes.len() <= READ_AT_ONCE {
        return reader(Sent { form, bytes });
    }
    let read = tokio::task::spawn_blocking(move || {
        let bytes = if is_compressed {
            inflate(&bytes)?
        } else {
            bytes
        };
        reader(Sent { form, bytes })
    });
    read.await.map_err(|_| ApiError::internal())?
}

/// Whatever does not call itself protobuf is taken for JSON (docs/contract.md#json).
fn form(headers: &HeaderMap) -> Form {
    let media_type = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    let media_type = media_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    let is = |name: &[u8]| media_type.trim_ascii().eq_ignore_ascii_case(name);
    if is(b"application/x-protobuf") || is(b"application/protobuf") {
        Form::Protobuf
    } else {
        Form::Json
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

/// Inflates no further than to the limit: a few bytes can stand for very many.
fn inflate(bytes: &[u8]) -> Result<Bytes, ApiError> {
    let mut inflated = Vec::new();
    let most = limits::INGEST_BYTES as u64;
    MultiGzDecoder::new(bytes)
        .take(most + 1)
        .read_to_end(&mut inflated)
        .map_err(|_| ApiError::bad_request("The body cannot be read: it is no gzip."))?;
    if inflated.len() > limits::INGEST_BYTES {
        return Err(too_large(limits::INGEST_BYTES));
    }
    Ok(inflated.into())
}
