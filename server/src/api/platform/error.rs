//! Error responses of the API (docs/contract.md#errors): one body, exact statuses, known texts.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE},
    response::{IntoResponse, Response},
};
use domain::{
    identity::denial::PermissionDenied,
    platform::{id::InvalidId, rejection::Rejected},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{ErrorChain, ServiceError, warn_of_outage};

use crate::middleware::{
    catch::HandlerFailure,
    plain_error::{PlainError, set_retry_after},
};

/// Seconds to wait when the database is unreachable. It is back soon, or it takes a person.
pub(crate) const OUTAGE_RETRY_SECONDS: u64 = 1;

/// Seconds to wait when a queue is full. Senders of data keep it for longer.
const FULL_RETRY_SECONDS: u64 = 5;

/// An error response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: Cow<'static, str>,
    retry_after_seconds: Option<u64>,
    hint: Option<&'static str>,
    /// `WWW-Authenticate`, which a 401 for a token has (RFC 9110, section 15.5.2).
    challenge: Option<Cow<'static, str>>,
    shape: Shape,
}

/// The members of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `code` and `message`.
    Plain,
    /// `type` and `status` as well, as on the session API (docs/contract.md#errors).
    SignIn,
}

impl ApiError {
    /// An error with this status and text.
    pub(crate) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            retry_after_seconds: None,
            hint: None,
            challenge: None,
            shape: Shape::Plain,
        }
    }

    /// 400: malformed, or against a rule.
    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 401 for a request without a token.
    pub(crate) fn missing_token() -> Self {
        Self {
            challenge: Some(Cow::Borrowed("Bearer")),
            ..Self::invalid_token()
        }
    }

    /// 401 for a token that does not authenticate.
    pub(crate) fn invalid_token() -> Self {
        Self {
            challenge: Some(Cow::Borrowed("Bearer error=\"invalid_token\"")),
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                ServiceError::Unauthenticated.to_string(),
            )
        }
    }

    /// The error with the reason for the holder of the token, in the characters that RFC 6750 allows. The body stays,
    /// since it is the same for every token that is not accepted.
    pub(crate) fn with_reason(self, reason: &str) -> Self {
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{reason}\"");
        Self {
            challenge: Some(Cow::Owned(challenge)),
            ..self
        }
    }

    /// 401 for an address and a password that do not sign in.
    fn wrong_sign_in() -> Self {
        Self {
            shape: Shape::SignIn,
            ..Self::new(
                StatusCode::UNAUTHORIZED,
                ServiceError::SignInFailed.to_string(),
            )
        }
    }

    /// 404: it does not exist, or the caller may not know that it does.
    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 500: an error of the server. The details are in the log only.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side. The request id in X-Request-Id finds it in the log.",
        )
    }

    /// 503 with `Retry-After`.
    fn unavailable(retry_after_seconds: u64, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            retry_after_seconds: Some(retry_after_seconds),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
        }
    }

    /// 424: the change may be stored or not. Not a 5xx, after which clients such as the Terraform provider repeat a
    /// call by themselves, and so would create an object twice.
    fn outcome_unknown() -> Self {
        Self::new(
            StatusCode::FAILED_DEPENDENCY,
            "The database did not confirm the change, so it may be stored or not. Search the audit log for \
             the request id in X-Request-Id before you repeat it.",
        )
    }

    /// 503: this server stops, and requests are to go to another one.
    pub(crate) fn stopping() -> Self {
        Self::unavailable(OUTAGE_RETRY_SECONDS, "This server is stopping.")
    }

    /// The error with what the caller lacks. The message stays, since scripts search for it.
    pub(crate) fn with_hint(self, hint: Option<&'static str>) -> Self {
        Self { hint, ..self }
    }

    /// Returns the error as text for a person instead of JSON for a program.
    pub(crate) fn into_plain(self) -> Response {
        PlainError {
            status: self.status,
            message: self.message,
            retry_after_seconds: self.retry_after_seconds,
        }
        .into_response()
    }

    /// Adds `Retry-After`, if this error has one, to a response.
    pub(crate) fn with_retry_after(&self, mut response: Response) -> Response {
        set_retry_after(&mut response, self.retry_after_seconds);
        response
    }

    /// Returns what the caller can do about it.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Returns the status of the response.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }
}

/// An error.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error", deny_unknown_fields)]
pub(crate) struct ErrorBody<'a> {
    /// The HTTP status.
    code: u16,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16")]
    status: Option<u16>,
    /// What the caller can do about it.
    message: &'a str,
    /// What a caller lacks, in a denial by the access rule of the route.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    hint: Option<&'static str>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let code = self.status.as_u16();
        let (kind, status) = match self.shape {
            Shape::Plain => (None, None),
            Shape::SignIn => (Some("error"), Some(code)),
        };
        let body = ErrorBody {
            code,
            kind,
            status,
            message: &self.message,
            hint: self.hint,
        };
        let mut response = self.with_retry_after((self.status, Json(body)).into_response());
        let challenge = self.challenge.as_deref().map(HeaderValue::from_str);
        if let Some(Ok(challenge)) = challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<PermissionDenied> for ApiError {
    fn from(denied: PermissionDenied) -> Self {
        Self::new(StatusCode::FORBIDDEN, denied.to_string())
    }
}

impl From<InvalidId> for ApiError {
    fn from(invalid: InvalidId) -> Self {
        Self::bad_request(invalid.to_string())
    }
}

impl From<Rejected> for ApiError {
    fn from(rejected: Rejected) -> Self {
        Self::bad_request(rejected.message)
    }
}

impl From<HandlerFailure> for ApiError {
    fn from(failure: HandlerFailure) -> Self {
        match failure {
            HandlerFailure::Panicked => Self::internal(),
            HandlerFailure::TimedOut => {
                Self::unavailable(OUTAGE_RETRY_SECONDS, failure.to_string())
            }
        }
    }
}

/// Logs what the caller does not get to see.
impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Unauthenticated => Self::invalid_token(),
            ServiceError::SignInFailed => Self::wrong_sign_in(),
            ServiceError::Denied(message) => Self::new(StatusCode::FORBIDDEN, message),
            ServiceError::PasswordNeeded(needed) => {
                Self::new(StatusCode::FORBIDDEN, needed.to_string())
            }
            // Without ingest a retry does not help, so there is no Retry-After (docs/contract.md#ingest).
            ServiceError::NotFound(message) | ServiceError::NotConfigured(message) => {
                Self::not_found(message)
            }
            ServiceError::Rejected(rejected) => rejected.into(),
            // 409 is not used for duplicate names (docs/contract.md#errors).
            ServiceError::Conflict(message) => Self::bad_request(message),
            ServiceError::ConcurrentChange(_) => {
                tracing::warn!(error = %ErrorChain(&error), "A change conflicts with another one.");
                Self::new(StatusCode::CONFLICT, error.to_string())
            }
            ServiceError::OutcomeUnknown(_) => {
                tracing::error!(error = %ErrorChain(&error), "The database did not confirm a change.");
                Self::outcome_unknown()
            }
            ServiceError::KeyReused | ServiceError::Superseded(_) => {
                Self::new(StatusCode::CONFLICT, error.to_string())
            }
            ServiceError::InProgress => Self {
                retry_after_seconds: Some(OUTAGE_RETRY_SECONDS),
                ..Self::new(StatusCode::CONFLICT, error.to_string())
            },
            ServiceError::Limited {
                retry_after_seconds,
                message,
            } => Self {
                retry_after_seconds: Some(retry_after_seconds),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, message)
            },
            ServiceError::Unavailable(_) => {
                warn_of_outage("answer a request", &error);
                Self::unavailable(
                    OUTAGE_RETRY_SECONDS,
                    "The server cannot use its database at the moment. Please try again.",
                )
            }
            ServiceError::Full(message) => Self::unavailable(FULL_RETRY_SECONDS, message),
            ServiceError::Internal(_) => {
                tracing::error!(error = %ErrorChain(&error), "A request failed with an internal error.");
                Self::internal()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_500() {
        let status = ApiError::from(HandlerFailure::Panicked).status();
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn a_time_out_is_a_503_with_retry_after() {
        let response = ApiError::from(HandlerFailure::TimedOut).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key("retry-after"));
    }
}
