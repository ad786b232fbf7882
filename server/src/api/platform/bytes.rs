//! Collects a request's body and parses it as JSON, with limits on size and depth.

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
};
use domain::platform::{
    document::Document,
    json::{self, InvalidJson},
    limits,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use super::error::ApiError;

/// Collects a body of at most [`limits::BODY_BYTES`].
pub(crate) async fn collect(body: Body) -> Result<Bytes, ApiError> {
    collect_within(body, limits::BODY_BYTES).await
}

/// Collects a body; rejects it as soon as it exceeds this many bytes.
pub(crate) async fn collect_within(body: Body, max_bytes: usize) -> Result<Bytes, ApiError> {
    let body = Limited::new(body, max_bytes);
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(max_bytes)),
        Err(_) => Err(ApiError::bad_request("The body could not be read.")),
    }
}

/// 413: the body is larger than this.
pub(crate) fn too_large(max_bytes: usize) -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The body is larger than {max_bytes} bytes."),
    )
}

/// Parses an object. `null` is one without fields: clients write it for "nothing".
pub(super) fn parse_object(bytes: &[u8]) -> Result<Document, ApiError> {
    match parse_value(bytes)? {
        Value::Object(document) => Ok(document),
        Value::Null => Ok(Document::new()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(ApiError::bad_request("The body is not a JSON object."))
        }
    }
}

/// Parses a list; `None` for `null` and for an empty body.
pub(super) fn parse_list(bytes: &[u8]) -> Result<Option<Vec<Value>>, ApiError> {
    if is_blank(bytes) {
        return Ok(None);
    }
    match parse_value(bytes)? {
        Value::Array(items) => Ok(Some(items)),
        Value::Null => Ok(None),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            Err(not_a_list())
        }
    }
}

/// 400: the body is something else.
pub(super) fn not_a_list() -> ApiError {
    ApiError::bad_request("The body is not a JSON list.")
}

/// Whether a body has no content.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

fn parse_value(bytes: &[u8]) -> Result<Value, ApiError> {
    json::read(bytes).map_err(|error| unreadable(&error))
}

/// 400 with the place of the error but not the content: a body may contain a password.
pub(crate) fn malformed(error: serde_json::Error) -> ApiError {
    unreadable(&InvalidJson::Malformed(error))
}

fn unreadable(error: &InvalidJson) -> ApiError {
    ApiError::bad_request(format!("The body {error}."))
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
    fn any_object_is_accepted() {
        for text in [
            r#"{"a":1}"#,
            " {} ",
            "null",
            r#"{"b":"[[[{{{\"[["}"#,
            r#"{"c":"\\u0000"}"#,
        ] {
            assert!(parse_object(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_a_bad_request() {
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
            let status = parse_object(bytes).unwrap_err().status();
            assert_eq!(status, StatusCode::BAD_REQUEST, "{bytes:?}");
        }
    }

    #[test]
    fn the_limit_is_the_deepest_level() {
        assert!(parse_object(nested(limits::JSON_DEPTH).as_bytes()).is_ok());
        assert!(parse_object(nested(limits::JSON_DEPTH + 1).as_bytes()).is_err());
        assert!(parse_object("[".repeat(1 << 20).as_bytes()).is_err());
    }

    #[test]
    fn an_error_names_the_place_and_not_the_content() {
        let error = format!(
            "{:?}",
            parse_object(b"{\"password\": \"hunter2\",\n x}").unwrap_err()
        );
        assert!(
            error.contains("line 2") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
