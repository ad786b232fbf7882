//! Accepts connections, serves them with the entry service, and stops on a signal.

use std::{
    future::pending,
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use super::{
    connection::HttpServer,
    connection_limits::{Connections, Maxima},
};
use crate::middleware::{
    drain_body::DrainBody, entry::EntryService, trusted_proxies::TrustedProxies,
};

/// How long requests in progress may take after the signal to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause after a failed accept, for example because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The pause between two lines of the log about connections that are not served.
const LOG_PAUSE: Duration = Duration::from_secs(1);

/// Serves connections until `stop` is ready, then finishes requests in progress, for [`SHUTDOWN_TIMEOUT`] at most.
pub(crate) async fn serve(
    listener: TcpListener,
    entry: EntryService,
    proxies: &TrustedProxies,
    stop: impl Future<Output = ()>,
) {
    let mut accepting = Accepting {
        entry,
        server: Arc::new(HttpServer::new()),
        connections: Connections::new(Maxima::of_this_process()),
        stopping: watch::Sender::new(false),
        log: LimitedLog::default(),
    };
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => accepting.open(stream, peer, proxies),
            Err(error) => accepting.accept_failed(&error).await,
        }
    }
    drop(listener);
    finish(accepting.stopping).await;
}

/// The state of the loop that accepts connections.
struct Accepting {
    entry: EntryService,
    server: Arc<HttpServer>,
    connections: Arc<Connections>,
    stopping: watch::Sender<bool>,
    log: LimitedLog,
}

impl Accepting {
    /// Serves a connection in a task of its own.
    fn open(&mut self, stream: TcpStream, peer: SocketAddr, proxies: &TrustedProxies) {
        let Ok(open) = self.connections.add(peer.ip(), proxies.contains(peer.ip())) else {
            self.log.write(|unwritten| {
                tracing::warn!(
                    unwritten,
                    "A new connection was closed, because too many are busy."
                );
            });
            return;
        };
        disable_nagle(&stream);
        let service = DrainBody(self.entry.for_peer(peer.ip()));
        let (server, stopping) = (Arc::clone(&self.server), self.stopping.subscribe());
        tokio::spawn(async move { server.serve(stream, service, open, stopping).await });
    }

    async fn accept_failed(&mut self, error: &io::Error) {
        let is_of_the_connection = matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
        );
        if !is_of_the_connection {
            self.log.write(|unwritten| {
                tracing::error!(%error, unwritten, "A connection could not be accepted.");
            });
            sleep(ACCEPT_PAUSE).await;
        }
    }
}

/// Writes one line to the log per [`LOG_PAUSE`], with the count of the lines before it that were not written.
#[derive(Debug, Default)]
struct LimitedLog {
    written_at: Option<Instant>,
    unwritten: u64,
}

impl LimitedLog {
    fn write(&mut self, line: impl FnOnce(u64)) {
        if self.written_at.is_some_and(|at| at.elapsed() < LOG_PAUSE) {
            self.unwritten += 1;
            return;
        }
        self.written_at = Some(Instant::now());
        line(std::mem::take(&mut self.unwritten));
    }
}

async fn finish(stopping: watch::Sender<bool>) {
    stopping.send_replace(true);
    // Each connection holds a receiver until its end.
    if timeout(SHUTDOWN_TIMEOUT, stopping.closed()).await.is_err() {
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
