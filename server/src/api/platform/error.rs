//! What the API answers when it does not do what was asked (docs/contract.md#errors): one shape, exact statuses, known
//! texts.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use domain::{
    identity::access::PermissionDenied,
    platform::{id::InvalidId, rejection::Rejected},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::ServiceError;

/// The text for every credential that does not work, whatever the reason (docs/contract.md#errors). Scripts look for
/// it.
const INVALID_TOKEN: &str = "Invalid token specified.";

/// The text for every sign-in that does not work, whatever the reason (docs/contract.md#errors).
pub(crate) const WRONG_SIGN_IN: &str =
    "The email/password combination was entered incorrectly. Please try again.";

/// Seconds after which trying again makes sense when the database is away: it is back, or it takes a person.
pub(crate) const OUTAGE_RETRY_SECONDS: u64 = 1;

/// Seconds after which trying again makes sense when there is no room: senders keep what they have for longer.
const FULL_RETRY_SECONDS: u64 = 5;

/// An answer that is not the one hoped for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    message: Cow<'static, str>,
    retry_after_seconds: Option<u64>,
    shape: Shape,
}

/// The members of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `code` and `message`.
    Plain,
    /// `type` and `status` as well, as the session API has them (docs/contract.md#issue-a-token).
    SignIn,
}

impl ApiError {
    /// An error with this status and text.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            retry_after_seconds: None,
            shape: Shape::Plain,
        }
    }

    /// 400: unreadable, or a rule refuses.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 401 for a credential that is missing or does not work.
    pub fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, INVALID_TOKEN)
    }

    /// 401 for an address and a password that do not sign in.
    pub fn wrong_sign_in() -> Self {
        Self {
            shape: Shape::SignIn,
            ..Self::new(StatusCode::UNAUTHORIZED, WRONG_SIGN_IN)
        }
    }

    /// 404: not there, or the caller may not know that it is.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 503: it took longer than [`domain::platform::limits::REQUEST_SECONDS`].
    pub(crate) fn timed_out() -> Self {
        Self {
            retry_after_seconds: Some(OUTAGE_RETRY_SECONDS),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                format!(
                    "The request took longer than {} seconds.",
                    domain::platform::limits::REQUEST_SECONDS
                ),
            )
        }
    }

    /// 500: our mistake. The text says nothing of it; the log does.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side. The request id in X-Request-Id finds it in the log.",
        )
    }

    /// The same as words for a person. The door makes a page of them for a browser that waits for one.
    pub(crate) fn in_words(self) -> Response {
        let status = self.status;
        let words = format!("Countersign: {}\n", self.message);
        let mut response = self.with_retry_after((status, words).into_response());
        response.extensions_mut().insert(self);
        response
    }

    pub(crate) fn with_retry_after(&self, mut response: Response) -> Response {
        if let Some(seconds) = self.retry_after_seconds {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// What to do about it.
    #[must_use]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The status it answers with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }
}

/// What went wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error", deny_unknown_fields)]
pub(crate) struct ErrorBody<'a> {
    /// The status once more.
    code: u16,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16")]
    status: Option<u16>,
    /// What to do about it.
    message: &'a str,
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
        };
        self.with_retry_after((self.status, Json(body)).into_response())
    }
}

impl From<PermissionDenied> for ApiError {
    fn from(denied: PermissionDenied) -> Self {
        Self::new(StatusCode::FORBIDDEN, denied.to_string())
    }
}

impl From<InvalidId> for ApiError {
    fn from(refused: InvalidId) -> Self {
        Self::bad_request(refused.to_string())
    }
}

impl From<Rejected> for ApiError {
    fn from(refused: Rejected) -> Self {
        Self::bad_request(refused.message)
    }
}

/// Logs what the caller is not told, here, where it is answered.
impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Unauthenticated => Self::invalid_token(),
            ServiceError::SignInRefused => Self::wrong_sign_in(),
            ServiceError::Denied(message) => Self::new(StatusCode::FORBIDDEN, message),
            ServiceError::NotFound(message) => Self::not_found(message),
            ServiceError::Rejected(refused) => refused.into(),
            // The clients know no 409 (docs/contract.md#errors).
            ServiceError::Conflict(message) => Self::bad_request(message),
            ServiceError::Limited {
                retry_after_seconds,
                message,
            } => Self {
                retry_after_seconds: Some(retry_after_seconds),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, message)
            },
            ServiceError::Unavailable(_) => {
                tracing::warn!(error = %chain(&error), "The database cannot be asked.");
                Self {
                    retry_after_seconds: Some(OUTAGE_RETRY_SECONDS),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "The server cannot reach its database. Please try again.",
                    )
                }
            }
            ServiceError::Full(message) => Self {
                retry_after_seconds: Some(FULL_RETRY_SECONDS),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
            },
            ServiceError::Internal(_) => {
                tracing::error!(error = %chain(&error), "A request failed by our mistake.");
                Self::internal()
            }
        }
    }
}

/// An error and what caused it, on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
