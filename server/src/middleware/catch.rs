//! Whatever happens while a request is answered, there is an answer: a panic is a 500, a request that takes too long a
//! 503. Neither resets the connection.

use std::{panic::AssertUnwindSafe, pin::pin, task::Poll, time::Duration};

use axum::response::Response;
use domain::platform::limits;
use futures::{FutureExt, poll};
use tokio::time::timeout;

use crate::api::platform::error::ApiError;

/// The answer, or the error that stands in for one.
///
/// Nothing is left half-done by a panic: what an act changed is in a transaction that ends with it.
pub(crate) async fn survive(answer: impl Future<Output = Response>) -> Result<Response, ApiError> {
    survive_within(Duration::from_secs(limits::REQUEST_SECONDS), answer).await
}

async fn survive_within(
    limit: Duration,
    answer: impl Future<Output = Response>,
) -> Result<Response, ApiError> {
    // Pinned here, so that what wraps it moves a pointer and not the whole state of an answer.
    let mut answer = pin!(AssertUnwindSafe(answer).catch_unwind());
    let answered = match poll!(answer.as_mut()) {
        Poll::Ready(answered) => Some(answered),
        // Most answers need not wait for anything. The others get a timer, apart, since it is large.
        Poll::Pending => Box::pin(timeout(limit, answer)).await.ok(),
    };
    match answered {
        Some(Ok(response)) => Ok(response),
        // The panic hook has logged it, with its place.
        Some(Err(_)) => Err(ApiError::internal()),
        None => {
            tracing::warn!(limit_s = limit.as_secs(), "A request took too long.");
            Err(ApiError::timed_out())
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{http::StatusCode, response::IntoResponse};

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_500() {
        let response = survive(async { panic!("on purpose") }).await;
        assert_eq!(
            response.unwrap_err().status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }

    #[tokio::test]
    async fn what_takes_too_long_is_a_503() {
        let response = survive_within(Duration::ZERO, std::future::pending()).await;
        let response = response.unwrap_err().into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key("retry-after"));
    }
}
