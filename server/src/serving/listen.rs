//! Accepts connections, serves them with the entry service, and stops on a signal.

use std::{future::pending, io, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use crate::middleware::{drain_body::DrainBody, entry::EntryService};

/// How long requests in progress may take after the signal to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The pause after a failed accept, for example because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until `stop` is ready, then finishes requests in progress, for [`SHUTDOWN_TIMEOUT`] at most.
pub(crate) async fn serve(
    listener: TcpListener,
    entry: EntryService,
    stop: impl Future<Output = ()>,
) {
    let server = http_server();
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                accept_failed(&error).await;
                continue;
            }
        };
        disable_nagle(&stream);
        let service = TowerToHyperService::new(DrainBody(entry.for_peer(peer.ip())));
        let connection = server
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // Clients often close connections early, so this is no warning.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "A connection ended early.");
            }
        });
    }
    drop(listener);
    finish(connections).await;
}

fn http_server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    server.http2().timer(TokioTimer::new());
    server
}

async fn finish(connections: GracefulShutdown) {
    let finished = timeout(SHUTDOWN_TIMEOUT, connections.shutdown()).await;
    if finished.is_err() {
        tracing::warn!(
            limit_s = SHUTDOWN_TIMEOUT.as_secs(),
            "Some requests were not finished in time."
        );
    }
}

/// Small responses must not wait for more data (Nagle's algorithm).
fn disable_nagle(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set.");
    }
}

async fn accept_failed(error: &io::Error) {
    let is_of_the_connection = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    );
    if !is_of_the_connection {
        tracing::error!(%error, "A connection could not be accepted.");
        sleep(ACCEPT_PAUSE).await;
    }
}

/// Ready when the process is asked to stop: Ctrl+C or SIGTERM.
pub(crate) async fn stop_signal() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("Stopping.");
}
