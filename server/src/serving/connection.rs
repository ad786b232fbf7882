//! Serves one connection, and closes it when it makes no progress.
//!
//! A client that sends nothing, half of a request or half of an HTTP/2 preface, that never reads a response, or that
//! keeps an idle connection open costs a file and memory until it is closed.

use std::{convert::Infallible, pin::pin, time::Duration};

use axum::{
    BoxError,
    body::{Bytes, HttpBody},
    http::{Request, Response},
};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    time::{sleep, timeout},
};
use tower::Service;

use super::{
    connection_limits::OpenConnection,
    progress::{CountProgress, RequestBody},
};

/// How long a client may take to send its first request.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection may make no progress: without a request, or with a client that does not read its response.
/// Proxies keep idle connections for 60 s by default, and send requests on them as long.
const PROGRESS_TIMEOUT: Duration = Duration::from_secs(75);

/// How long a connection without a request in progress stays open when the server stops, for a request that is on its
/// way. A client that sends none in this time may send one just when the connection is closed.
const STOP_GRACE: Duration = Duration::from_millis(500);

/// How long a connection without a request in progress may take to close by itself.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The same for a connection that is closed for another one. The other one needs its file.
const EVICTION_TIMEOUT: Duration = Duration::from_millis(100);

/// How often a client on HTTP/2 is asked whether it is there, and how long it may take to answer.
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of the head of a request, and of a response that a client has not read.
const BUFFER_BYTES: usize = 64 * 1024;

/// Bytes of one response on HTTP/2 that a client has not read.
const SEND_BYTES: usize = 16 * 1024;

/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 32;

/// Bytes of bodies that a client on HTTP/2 may send ahead, for one request and for all of one connection.
const STREAM_BYTES: u32 = 256 * 1024;
const CONNECTION_BYTES: u32 = 1024 * 1024;

/// How connections treat requests: serve all, serve only those already sent while the server stops, or drop them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Serve,
    Drain,
    Cut,
}

/// Serves HTTP/1.1 and HTTP/2.
#[derive(Clone)]
pub(super) struct HttpServer(auto::Builder<TokioExecutor>);

impl HttpServer {
    pub(super) fn new() -> Self {
        let mut server = auto::Builder::new(TokioExecutor::new());
        server
            .http1()
            .timer(TokioTimer::new())
            // Also limits how long a connection is idle.
            .header_read_timeout(PROGRESS_TIMEOUT)
            .max_buf_size(BUFFER_BYTES);
        server
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .max_concurrent_streams(STREAMS)
            .max_send_buf_size(SEND_BYTES)
            .initial_stream_window_size(STREAM_BYTES)
            .initial_connection_window_size(CONNECTION_BYTES);
        Self(server)
    }

    /// Serves a connection until its end, or until it makes no progress.
    pub(super) async fn serve<I, S, R>(
        &self,
        io: I,
        service: S,
        open: OpenConnection,
        mut stage: watch::Receiver<Stage>,
    ) where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<RequestBody<Incoming>>, Response = Response<R>, Error = Infallible>
            + Clone
            + Send
            + 'static,
        S::Future: Unpin + Send,
        R: HttpBody<Data = Bytes> + Unpin + Send + 'static,
        R::Error: Into<BoxError>,
    {
        let service = CountProgress::new(service, open.progress.clone(), open.pages.clone());
        let connection = self
            .0
            .serve_connection(TokioIo::new(io), TowerToHyperService::new(service));
        let mut connection = pin!(connection);
        let mut cut = stage.clone();
        let until_end = async {
            tokio::select! {
                ended = connection.as_mut() => Some(ended),
                limit = close_asked(&open, &mut stage) => {
                    connection.as_mut().graceful_shutdown();
                    let ended = timeout(limit, connection.as_mut()).await.ok();
                    let stops = *stage.borrow() != Stage::Serve;
                    let finishes = ended.is_none() && stops && !open.progress.is_idle();
                    // The server limits how long it waits for requests in progress.
                    if finishes { Some(connection.await) } else { ended }
                }
            }
        };
        let ended = tokio::select! {
            ended = until_end => ended,
            _ = cut.wait_for(|stage| *stage == Stage::Cut) => None,
        };
        // Clients often close connections early, so this is no warning.
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::debug!(%error, "A connection ended early."),
            None => tracing::debug!("A connection was closed."),
        }
    }
}

/// Ready when the connection is to end, with the time in which it may write what is buffered.
async fn close_asked(open: &OpenConnection, stage: &mut watch::Receiver<Stage>) -> Duration {
    tokio::select! {
        () = open.close.notified() => {
            if open.progress.steps() == 0 { Duration::ZERO } else { EVICTION_TIMEOUT }
        }
        () = stalled(open) => CLOSE_TIMEOUT,
        () = drained(open, stage) => CLOSE_TIMEOUT,
    }
}

/// Ready when the server stops and the connection need not wait for another request.
async fn drained(open: &OpenConnection, stage: &mut watch::Receiver<Stage>) {
    let _ = stage.wait_for(|stage| *stage != Stage::Serve).await;
    open.progress.end_after_response();
    // HTTP/2 says which requests it still serves, so it loses none.
    if !open.progress.is_http2() {
        sleep(STOP_GRACE).await;
    }
}

/// Ready when the connection has sent no request in time, or has made no progress for [`PROGRESS_TIMEOUT`].
async fn stalled(open: &OpenConnection) {
    sleep(FIRST_REQUEST_TIMEOUT).await;
    let mut steps = 0;
    loop {
        let now = open.progress.steps();
        if now == steps {
            return;
        }
        steps = now;
        sleep(PROGRESS_TIMEOUT).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, sync::Arc};

    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
        time::Instant,
    };

    use super::{
        super::connection_limits::{Connections, Maxima},
        *,
    };

    /// The start of every HTTP/2 connection: the preface of RFC 9113, section 3.4, and empty settings.
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: countersign.example\r\n\r\n";

    /// A server with one page of this many bytes.
    struct Page {
        connections: Arc<Connections>,
        bytes: usize,
        stage: watch::Sender<Stage>,
    }

    impl Page {
        fn of(bytes: usize) -> Self {
            Self {
                connections: Connections::new(Maxima::of_this_process()),
                bytes,
                stage: watch::Sender::new(Stage::Serve),
            }
        }

        fn connect(&self) -> DuplexStream {
            let (client, server) = tokio::io::duplex(1024);
            let peer = IpAddr::from([192, 0, 2, 1]);
            let open = self.connections.add(peer, false).unwrap();
            let (bytes, stage) = (self.bytes, self.stage.subscribe());
            tokio::spawn(async move {
                let page = Router::new().route("/", get(move || async move { vec![b'x'; bytes] }));
                HttpServer::new().serve(server, page, open, stage).await;
            });
            client
        }
    }

    /// Reads until the server closes the connection. Returns how long that took.
    async fn closed_after(client: &mut DuplexStream) -> Duration {
        let start = Instant::now();
        // An error is an end, too.
        drop(client.read_to_end(&mut Vec::new()).await);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_is_closed() {
        let half_a_preface = &PREFACE[..12];
        let half_a_request = &REQUEST[..20];
        for sent in [b"", half_a_preface, half_a_request, PREFACE] {
            let page = Page::of(1);
            let mut client = page.connect();
            client.write_all(sent).await.unwrap();
            let after = closed_after(&mut client).await;
            assert!(
                after >= FIRST_REQUEST_TIMEOUT
                    && after <= FIRST_REQUEST_TIMEOUT + 2 * CLOSE_TIMEOUT,
                "{sent:?}: {after:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_closed_later_than_proxies_reuse_it() {
        let page = Page::of(1);
        let mut client = page.connect();
        for _ in 0..2 {
            client.write_all(REQUEST).await.unwrap();
            let mut response = [0; 1024];
            let length = client.read(&mut response).await.unwrap();
            assert!(response[..length].starts_with(b"HTTP/1.1 200"));
            sleep(Duration::from_secs(61)).await;
        }
        let after = closed_after(&mut client).await;
        assert!(after <= 2 * PROGRESS_TIMEOUT, "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_reads_is_disconnected() {
        let page = Page::of(1 << 20);
        let mut client = page.connect();
        client.write_all(REQUEST).await.unwrap();
        sleep(FIRST_REQUEST_TIMEOUT + 2 * PROGRESS_TIMEOUT + 2 * CLOSE_TIMEOUT).await;
        let mut read = Vec::new();
        drop(client.read_to_end(&mut read).await);
        assert!(read.len() <= 1024, "{}", read.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_gets_the_whole_response() {
        const BYTES: usize = 1 << 20;
        let page = Page::of(BYTES);
        let mut client = page.connect();
        client.write_all(REQUEST).await.unwrap();
        let (mut response, mut read) = (0, [0; 1024]);
        while response < BYTES {
            sleep(Duration::from_millis(500)).await;
            let length = client.read(&mut read).await.unwrap();
            assert!(length > 0, "closed after {response} bytes");
            response += length;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_is_closed_for_another_one() {
        let page = Page {
            connections: Connections::new(Maxima::of_files(0)),
            ..Page::of(1)
        };
        let mut silent = page.connect();
        silent.write_all(b"GET").await.unwrap();
        let others: Vec<_> = (0..8).map(|_| page.connect()).collect();
        assert_eq!(closed_after(&mut silent).await, Duration::ZERO);
        drop(others);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_connections_end_when_the_server_stops() {
        let page = Page::of(1);
        let mut client = page.connect();
        client.write_all(REQUEST).await.unwrap();
        assert!(client.read(&mut [0; 1024]).await.unwrap() > 0);
        page.stage.send_replace(Stage::Drain);
        assert!(closed_after(&mut client).await <= STOP_GRACE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_the_moment_of_the_stop_is_answered_and_the_connection_ends() {
        let page = Page::of(1);
        let mut client = page.connect();
        client.write_all(REQUEST).await.unwrap();
        assert!(client.read(&mut [0; 1024]).await.unwrap() > 0);
        page.stage.send_replace(Stage::Drain);
        sleep(STOP_GRACE / 2).await;
        client.write_all(REQUEST).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
    }
}
