//! Reads the rest of a request's body before the response is sent.
//!
//! Many responses do not depend on the body: unknown path, invalid token, permission denied. Without this layer they
//! are sent before the body has arrived, and the server must close the connection, because unread data precedes the
//! next request. A client that sends its next request on that connection gets no response. HTTP/2 is not affected: each
//! request has its own stream.

use std::{
    convert::Infallible,
    pin::Pin,
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
use tokio::{sync::oneshot, time::timeout};
use tower::Service;

use super::entry::EntryService;

/// Bytes of an unwanted body that are read. With a longer one, the connection is closed.
const DRAIN_BYTES: usize = 8 * domain::platform::limits::BODY_BYTES;

/// How long the rest of a body may take to arrive.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// The entry service, with responses that wait for the rest of the request.
#[derive(Clone)]
pub(crate) struct DrainBody(pub(crate) EntryService);

impl<B> Service<Request<B>> for DrainBody
where
    B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = <EntryService as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // A client that sends `Expect` waits before it sends the body, and sends none after a final response.
        let expects_continue = request.headers().contains_key(EXPECT);
        if request.body().is_end_stream()
            || request.version() >= Version::HTTP_2
            || expects_continue
        {
            return self.0.call(request);
        }
        let (returned, rest) = oneshot::channel();
        let response = self
            .0
            .call(request.map(|body| Body::from_stream(ReturnedBody::new(body, returned))));
        Box::pin(async move {
            let mut response = response.await?;
            if !drain(rest).await {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(CONNECTION, close);
            }
            Ok(response)
        })
    }
}

/// Reads what is left of a body. Returns whether the body came to its end.
async fn drain<B>(mut rest: oneshot::Receiver<BodyDataStream<B>>) -> bool
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    // Nothing is left of a body that was read to its end.
    let Ok(mut rest) = rest.try_recv() else {
        return true;
    };
    let to_the_end = async {
        let mut left = DRAIN_BYTES;
        while let Some(Ok(bytes)) = rest.next().await {
            match left.checked_sub(bytes.len()) {
                Some(fewer) => left = fewer,
                None => return false,
            }
        }
        true
    };
    timeout(DRAIN_TIMEOUT, to_the_end).await.unwrap_or(false)
}

/// A body that is sent back when it is dropped before its end.
struct ReturnedBody<B> {
    body: Option<BodyDataStream<B>>,
    returned: Option<oneshot::Sender<BodyDataStream<B>>>,
}

impl<B> ReturnedBody<B> {
    fn new(body: B, returned: oneshot::Sender<BodyDataStream<B>>) -> Self {
        Self {
            body: Some(BodyDataStream::new(body)),
            returned: Some(returned),
        }
    }
}

impl<B> Stream for ReturnedBody<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    type Item = Result<Bytes, B::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let next = body.poll_next_unpin(context);
        // At its end, and after an error, nothing is left to read.
        if matches!(next, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        next
    }
}

impl<B> Drop for ReturnedBody<B> {
    fn drop(&mut self) {
        if let (Some(body), Some(returned)) = (self.body.take(), self.returned.take()) {
            // Without a receiver, the response was sent already.
            drop(returned.send(body));
        }
    }
}
