//! Reading a request's JSON body: any content type as long as it parses (docs/contract.md#json), bounded in size and
//! depth. Whatever is wrong with it is the client's mistake and says where.

use std::{convert::Infallible, marker::PhantomData, ops::Deref};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::StatusCode,
};
use domain::platform::{document::Document, json, limits};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use crate::api::platform::error::ApiError;

/// A JSON object that has to be there. It is described as a `T` and read as what it is: there is no `T` ever.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonBody<T> {
    document: Document,
    shape: PhantomData<T>,
}

/// A JSON list of what is described as `T`, or `null` or nothing for an empty one (docs/contract.md#detectors).
#[derive(Debug, Clone, PartialEq)]
pub struct JsonListBody<T> {
    items: Vec<Value>,
    shape: PhantomData<T>,
}

/// A JSON list that has to be there: it takes the place of all there is, so that "nothing" must not mean it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequiredJsonListBody<T> {
    items: Vec<Value>,
    shape: PhantomData<T>,
}

/// A body that is read when the handler says so, because something else is asked before it.
#[derive(Debug)]
pub struct Later<B> {
    request: Request,
    body: PhantomData<B>,
}

impl<T> Deref for JsonBody<T> {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.document
    }
}

impl<T> Deref for JsonListBody<T> {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl<T> Deref for RequiredJsonListBody<T> {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl<B: FromRequest<(), Rejection = ApiError>> Later<B> {
    /// Reads it.
    ///
    /// # Errors
    /// What reading it at once would be refused with.
    pub async fn read(self) -> Result<B, ApiError> {
        B::from_request(self.request, &()).await
    }
}

impl<S: Send + Sync, B> FromRequest<S> for Later<B> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            request,
            body: PhantomData,
        })
    }
}

impl<S: Send + Sync, T> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = collect(request.into_body()).await?;
        if is_blank(&bytes) {
            return Err(ApiError::bad_request(
                "The body is missing: a JSON object is expected.",
            ));
        }
        Ok(Self {
            document: parse(&bytes)?,
            shape: PhantomData,
        })
    }
}

impl<S: Send + Sync, T> FromRequest<S> for JsonListBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        Ok(Self {
            items: read_list(request).await?.unwrap_or_default(),
            shape: PhantomData,
        })
    }
}

impl<S: Send + Sync, T> FromRequest<S> for RequiredJsonListBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        Ok(Self {
            items: read_list(request).await?.ok_or_else(no_list)?,
            shape: PhantomData,
        })
    }
}

/// Reads a list; `None` for `null` and for nothing.
async fn read_list(request: Request) -> Result<Option<Vec<Value>>, ApiError> {
    let bytes = collect(request.into_body()).await?;
    if is_blank(&bytes) {
        return Ok(None);
    }
    match parse_value(&bytes)? {
        Value::Array(items) => Ok(Some(items)),
        Value::Null => Ok(None),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => Err(no_list()),
    }
}

fn no_list() -> ApiError {
    ApiError::bad_request("The body is not a JSON list.")
}

/// The text a document has to hold under this name.
///
/// # Errors
/// [`ApiError`] 400 naming the field, when it is missing or no text.
pub fn required_text<'a>(document: &'a Document, field: &str) -> Result<&'a str, ApiError> {
    optional_text(document, field)?
        .ok_or_else(|| ApiError::bad_request(format!("The field {field} is missing.")))
}

/// The text a document may hold under this name; `null` is "not given" (docs/contract.md#json).
///
/// # Errors
/// [`ApiError`] 400 naming the field, when it is no text.
pub fn optional_text<'a>(document: &'a Document, field: &str) -> Result<Option<&'a str>, ApiError> {
    match document.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(
            ApiError::bad_request(format!("The field {field} is not a text.")),
        ),
    }
}

/// Collects a body, refusing it as soon as it is known to be too large.
pub(crate) async fn collect(body: Body) -> Result<Bytes, ApiError> {
    collect_within(body, limits::BODY_BYTES).await
}

/// Collects a body of so many bytes at most.
pub(crate) async fn collect_within(body: Body, most: usize) -> Result<Bytes, ApiError> {
    let body = Limited::new(body, most);
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(most)),
        Err(_) => Err(ApiError::bad_request("The body could not be read.")),
    }
}

/// 413: the body is larger than this.
pub(crate) fn too_large(most: usize) -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The body is larger than {most} bytes."),
    )
}

/// Reads an object. `null` is one without fields, since clients write it for "nothing".
fn parse(bytes: &[u8]) -> Result<Document, ApiError> {
    match parse_value(bytes)? {
        Value::Object(document) => Ok(document),
        Value::Null => Ok(Document::new()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(ApiError::bad_request("The body is not a JSON object."))
        }
    }
}

/// Reads whatever JSON it is, within the limits.
fn parse_value(bytes: &[u8]) -> Result<Value, ApiError> {
    json::read(bytes).map_err(|refused| ApiError::bad_request(format!("The body {refused}.")))
}

/// Names the place, never the content: a body may hold a password.
pub(crate) fn malformed(error: &serde_json::Error) -> ApiError {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Io
        | serde_json::error::Category::Syntax
        | serde_json::error::Category::Data => "it is no JSON",
    };
    ApiError::bad_request(format!(
        "The body cannot be read: {what}, at line {} column {}.",
        error.line(),
        error.column()
    ))
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> String {
        format!(
            "{{\"a\":{}{}}}",
            "[".repeat(levels - 1),
            "]".repeat(levels - 1)
        )
    }

    #[test]
    fn an_object_is_read_whatever_is_in_it() {
        for text in [
            r#"{"a":1}"#,
            " {} ",
            "null",
            r#"{"b":"[[[{{{\"[["}"#,
            r#"{"c":"\\u0000"}"#,
        ] {
            assert!(parse(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_object_is_a_bad_request() {
        let invalid = [
            &b"{"[..],
            b"[]",
            b"1",
            b"\"x\"",
            b"{\"a\":\xff}",
            b"{admin: true}",
            br#"{"a":"\u0000"}"#,
        ];
        for bytes in invalid {
            let status = parse(bytes).unwrap_err().status();
            assert_eq!(status, StatusCode::BAD_REQUEST, "{bytes:?}");
        }
    }

    #[test]
    fn the_deepest_level_is_the_limit_itself() {
        assert!(parse(nested(limits::JSON_DEPTH).as_bytes()).is_ok());
        assert!(parse(nested(limits::JSON_DEPTH + 1).as_bytes()).is_err());
        assert!(parse("[".repeat(1 << 20).as_bytes()).is_err());
    }

    #[test]
    fn an_error_tells_the_place_and_not_the_content() {
        let error = format!(
            "{:?}",
            parse(b"{\"password\": \"hunter2\",\n x}").unwrap_err()
        );
        assert!(
            error.contains("line 2") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
