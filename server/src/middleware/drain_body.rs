//! The rest of a request is read before it is answered.
//!
//! Many answers need no body: no such path, no such token, not allowed. Given before the body has arrived they would
//! leave it unread, and a connection with something unread on it can only be closed. A client that was told nothing of
//! that sends its next request into the closing connection, and is answered by nobody. HTTP/2 has no such trouble.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    http::{
        HeaderValue, Request, Version,
        header::{CONNECTION, EXPECT},
    },
    response::Response,
};
use futures::{Stream, StreamExt as _};
use http_body_util::BodyDataStream;
use tokio::time::timeout;
use tower::Service;

use crate::middleware::entry::Door;

/// How much of an unwanted body is read. Whoever sends more has the connection closed.
const MOST_BYTES: usize = 8 * domain::platform::limits::BODY_BYTES;

/// How long the rest of a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);

/// The door, whose answers wait for the rest of the request.
#[derive(Clone)]
pub(crate) struct Lingering(pub(crate) Door);

impl<B> Service<Request<B>> for Lingering
where
    B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = <Door as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // Who asks first whether to send a body sends none to an answer, and knows what becomes of the connection.
        let is_asking = request.headers().contains_key(EXPECT);
        if request.body().is_end_stream() || request.version() >= Version::HTTP_2 || is_asking {
            return self.0.call(request);
        }
        let rest = Rest::default();
        let answer = self
            .0
            .call(request.map(|body| Body::from_stream(Kept::new(body, rest.clone()))));
        Box::pin(async move {
            let mut response = answer.await?;
            if !rest.read_away().await {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(CONNECTION, close);
            }
            Ok(response)
        })
    }
}

/// What was left of a body by whoever was handed it.
struct Rest<B>(Arc<Mutex<Option<BodyDataStream<B>>>>);

impl<B> Rest<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    /// Reads what is left. Whether the body came to its end.
    async fn read_away(&self) -> bool {
        let rest = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut rest) = rest else {
            return true;
        };
        let to_the_end = async {
            let mut left = MOST_BYTES;
            while let Some(Ok(bytes)) = rest.next().await {
                match left.checked_sub(bytes.len()) {
                    Some(fewer) => left = fewer,
                    None => return false,
                }
            }
            true
        };
        timeout(PATIENCE, to_the_end).await.unwrap_or(false)
    }
}

impl<B> Default for Rest<B> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<B> Clone for Rest<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// A body that leaves its rest behind when it is dropped before its end.
struct Kept<B> {
    body: Option<BodyDataStream<B>>,
    rest: Rest<B>,
}

impl<B> Kept<B> {
    fn new(body: B, rest: Rest<B>) -> Self {
        Self {
            body: Some(BodyDataStream::new(body)),
            rest,
        }
    }
}

impl<B> Stream for Kept<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    type Item = Result<Bytes, B::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let next = body.poll_next_unpin(context);
        // At its end, and after an error, there is nothing left to read.
        if matches!(next, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        next
    }
}

impl<B> Drop for Kept<B> {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            *self.rest.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}
