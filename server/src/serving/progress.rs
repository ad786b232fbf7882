//! The progress of a connection: counts its requests, and the pieces of bodies that pass in either direction.
//!
//! Progress is counted and not timed, so that a request reads no clock: a connection whose count has not changed for a
//! whole period has stopped.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use axum::{
    body::{Bytes, HttpBody},
    http::{HeaderValue, Request, Response, Version, header::CONNECTION},
};
use http_body::{Frame, SizeHint};
use tower::Service;

use super::open_pages::{OpenPage, OpenPages};
use crate::middleware::entry::{TooManyPages, is_api};

/// Bytes of a piece of a body at most. A long response is passed on piece by piece as the client reads it.
const PIECE_BYTES: usize = 16 * 1024;

/// Counters of one connection.
#[derive(Debug, Default)]
pub(super) struct Progress {
    steps: AtomicU64,
    in_progress: AtomicU32,
    is_http2: AtomicBool,
    is_last: AtomicBool,
}

impl Progress {
    /// How often the connection has made progress. Zero until its first request.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Relaxed)
    }

    /// Whether no request is in progress.
    pub(super) fn is_idle(&self) -> bool {
        self.in_progress.load(Relaxed) == 0
    }

    /// Whether a request came over HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        self.is_http2.load(Relaxed)
    }

    /// Makes the next response over HTTP/1 the last one of the connection. Its client is informed by a header.
    pub(super) fn end_after_response(&self) {
        self.is_last.store(true, Relaxed);
    }

    /// Whether the next response must announce the end of the connection. HTTP/2 does so itself.
    fn announces_end(&self) -> bool {
        self.is_last.load(Relaxed) && !self.is_http2()
    }

    fn step(&self) {
        self.steps.fetch_add(1, Relaxed);
    }
}

/// A request in progress, from its head to the end of its response.
pub(super) struct InProgress {
    progress: Arc<Progress>,
    #[expect(dead_code, reason = "it counts until it is dropped")]
    page: Option<OpenPage>,
}

impl InProgress {
    pub(super) fn begin(progress: &Arc<Progress>, page: Option<OpenPage>) -> Self {
        progress.step();
        progress.in_progress.fetch_add(1, Relaxed);
        Self {
            progress: Arc::clone(progress),
            page,
        }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.progress.step();
        self.progress.in_progress.fetch_sub(1, Relaxed);
    }
}

/// A service that counts the progress of one connection.
#[derive(Clone)]
pub(super) struct CountProgress<S> {
    inner: S,
    progress: Arc<Progress>,
    pages: OpenPages,
}

impl<S> CountProgress<S> {
    pub(super) fn new(inner: S, progress: Arc<Progress>, pages: OpenPages) -> Self {
        Self {
            inner,
            progress,
            pages,
        }
    }

    /// Counts a request for a page, or marks it as one too many.
    fn open_page<B>(&self, request: &mut Request<B>) -> Option<OpenPage> {
        if !is_rendered(request.uri().path()) {
            return None;
        }
        let page = self.pages.open();
        if page.is_none() {
            request.extensions_mut().insert(TooManyPages);
        }
        page
    }
}

/// Whether the response of a path is rendered for each request. The API limits its callers by their credentials.
fn is_rendered(path: &str) -> bool {
    !is_api(path) && !path.starts_with("/pkg/") && !matches!(path, "/healthz" | "/readyz")
}

impl<S, B, R> Service<Request<B>> for CountProgress<S>
where
    S: Service<Request<RequestBody<B>>, Response = Response<R>, Error = Infallible>,
    S::Future: Unpin,
{
    type Response = Response<ResponseBody<R>>;
    type Error = Infallible;
    type Future = CountedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if request.version() == Version::HTTP_2 && !self.progress.is_http2() {
            self.progress.is_http2.store(true, Relaxed);
        }
        let page = self.open_page(&mut request);
        let request = request.map(|body| CountedBody::new(body, Arc::clone(&self.progress)));
        CountedFuture {
            in_progress: Some(InProgress::begin(&self.progress, page)),
            inner: self.inner.call(request),
        }
    }
}

/// The response of a request in progress.
pub(super) struct CountedFuture<F> {
    inner: F,
    /// Moves into the body of the response.
    in_progress: Option<InProgress>,
}

impl<F, R> Future for CountedFuture<F>
where
    F: Future<Output = Result<Response<R>, Infallible>> + Unpin,
{
    type Output = Result<Response<ResponseBody<R>>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = match ready!(Pin::new(&mut self.inner).poll(context)) {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let in_progress = self.in_progress.take();
        if in_progress
            .as_ref()
            .is_some_and(|request| request.progress.announces_end())
        {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        Poll::Ready(Ok(response.map(|body| CountedBody::new(body, in_progress))))
    }
}

/// A body whose pieces are steps of a connection. `C` counts them.
pub(super) struct CountedBody<B, C> {
    body: B,
    /// What is left of a piece longer than [`PIECE_BYTES`].
    rest: Bytes,
    counter: C,
}

/// The body of a request.
pub(super) type RequestBody<B> = CountedBody<B, Arc<Progress>>;

/// The body of a response, whose request is in progress until the body is dropped.
pub(super) type ResponseBody<B> = CountedBody<B, Option<InProgress>>;

/// What counts the steps of a body.
pub(super) trait CountSteps: Unpin {
    /// Counts one step.
    fn step(&self);
}

impl CountSteps for Arc<Progress> {
    fn step(&self) {
        Progress::step(self);
    }
}

impl CountSteps for Option<InProgress> {
    fn step(&self) {
        if let Some(in_progress) = self {
            in_progress.progress.step();
        }
    }
}

impl<B, C> CountedBody<B, C> {
    const fn new(body: B, counter: C) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            counter,
        }
    }

    fn piece(&mut self, mut data: Bytes) -> Frame<Bytes> {
        self.rest = data.split_off(data.len().min(PIECE_BYTES));
        Frame::data(data)
    }
}

impl<B, C> HttpBody for CountedBody<B, C>
where
    B: HttpBody<Data = Bytes> + Unpin,
    C: CountSteps,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if !self.rest.is_empty() {
            self.counter.step();
            let rest = std::mem::take(&mut self.rest);
            return Poll::Ready(Some(Ok(self.piece(rest))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.counter.step();
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(Ok(match frame.into_data() {
                Ok(data) => self.piece(data),
                Err(trailers) => trailers,
            })),
            end => end,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.rest.len() as u64;
        let hint = self.body.size_hint();
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower() + left);
        if let Some(upper) = hint.upper() {
            whole.set_upper(upper + left);
        }
        whole
    }
}
