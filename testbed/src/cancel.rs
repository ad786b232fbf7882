//! Cancelling work in the middle, as a client that disconnects does.

use std::{future::poll_fn, pin::pin, task::Poll};

/// Polls a future at most this many times and then drops it. `None` when it had not ended.
pub async fn cancelled_after<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match work.as_mut().poll(context) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
