//! Catches panics and limits time, so that every request gets a response: 500 after a panic, 503 when it takes too
//! long. Neither resets the connection.

use std::{panic::AssertUnwindSafe, pin::pin, task::Poll, time::Duration};

use axum::response::Response;
use domain::platform::limits;
use futures::{FutureExt, poll};
use service::LimitedLog;
use thiserror::Error;
use tokio::time::timeout;

/// The log of requests that took too long, which a client can cause at will.
static SLOW_REQUESTS: LimitedLog = LimitedLog::new();

/// Why there is no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum HandlerFailure {
    /// The code that makes it panicked. The panic hook has logged where.
    #[error("The request caused a panic.")]
    Panicked,
    /// It took longer than [`limits::REQUEST_SECONDS`].
    #[error("The request took longer than {} seconds.", limits::REQUEST_SECONDS)]
    TimedOut,
}

/// Returns the response, or the reason for its absence.
///
/// A panic leaves nothing half-done: what an operation has changed is in a transaction that is rolled back.
pub(crate) async fn catch(
    response: impl Future<Output = Response>,
) -> Result<Response, HandlerFailure> {
    catch_within(Duration::from_secs(limits::REQUEST_SECONDS), response).await
}

async fn catch_within(
    limit: Duration,
    response: impl Future<Output = Response>,
) -> Result<Response, HandlerFailure> {
    // Pinned here, so that wrapping it moves a pointer and not the whole future.
    let mut response = pin!(AssertUnwindSafe(response).catch_unwind());
    let outcome = match poll!(response.as_mut()) {
        Poll::Ready(outcome) => Some(outcome),
        // Most responses are ready at the first poll. The others get a timer, boxed because it is large.
        Poll::Pending => Box::pin(timeout(limit, response)).await.ok(),
    };
    match outcome {
        Some(Ok(response)) => Ok(response),
        Some(Err(_)) => Err(HandlerFailure::Panicked),
        None => {
            SLOW_REQUESTS.write(|unwritten| {
                tracing::warn!(
                    limit_s = limit.as_secs(),
                    unwritten,
                    "A request took too long."
                );
            });
            Err(HandlerFailure::TimedOut)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_caught() {
        let response = catch(async { panic!("on purpose") }).await;
        assert_eq!(response.unwrap_err(), HandlerFailure::Panicked);
    }

    #[tokio::test]
    async fn a_response_that_takes_too_long_is_abandoned() {
        let response = catch_within(Duration::ZERO, std::future::pending()).await;
        assert_eq!(response.unwrap_err(), HandlerFailure::TimedOut);
    }
}
