//! Accepts connections, serves them with the entry service, and stops on a signal.

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use service::LimitedLog;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use super::{
    connection::{HttpServer, Stage},
    connection_limits::{Connections, Maxima},
    signals::{Asked, Signals},
};
use crate::middleware::{
    drain_body::DrainBody, entry::EntryService, trusted_proxies::TrustedProxies,
};

/// How long requests in progress may take after the signal to stop. Storing buffered data needs the rest of the 10 s
/// after which containers are killed.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// How long new connections are accepted after the signal to stop, for clients that were asked to close theirs, and for
/// load balancers that read `/readyz`. It ends earlier when no connection is open.
const ACCEPT_GRACE: Duration = Duration::from_secs(1);

/// How long connections may take to end when they are cut.
const CUT_TIMEOUT: Duration = Duration::from_millis(200);

/// The maximum number of connections that are accepted from the backlog when the listener closes.
const WAITING: usize = 1_024;

/// The pause after a failed accept, for example because too many files are open.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until a signal to stop, then finishes requests in progress, for [`SHUTDOWN_TIMEOUT`] at most or
/// until the next signal. SIGHUP calls `reload`, or stops without one. Returns the time of the signal to stop.
pub(crate) async fn serve(
    listener: TcpListener,
    entry: EntryService,
    proxies: &TrustedProxies,
    mut signals: Signals,
    reload: Option<&dyn Fn()>,
) -> Instant {
    let mut accepting = Accepting {
        entry,
        server: Arc::new(HttpServer::new()),
        connections: Connections::new(Maxima::of_this_process()),
        stage: watch::Sender::new(Stage::Serve),
        log: LimitedLog::default(),
    };
    loop {
        tokio::select! {
            accepted = listener.accept() => accepting.take(accepted, proxies).await,
            asked = signals.next() => match asked {
                Asked::Stop => break,
                Asked::Reload => match reload {
                    Some(reload) => reload(),
                    None => break,
                },
            },
        }
    }
    tracing::info!("Stopping. A second signal drops the requests in progress.");
    let stopped_at = Instant::now();
    accepting.stop(listener, proxies, signals).await;
    stopped_at
}

/// The state of the loop that accepts connections.
struct Accepting {
    entry: EntryService,
    server: Arc<HttpServer>,
    connections: Arc<Connections>,
    stage: watch::Sender<Stage>,
    log: LimitedLog,
}

impl Accepting {
    /// Serves the requests in progress and those that clients have already sent, then ends the remaining connections.
    async fn stop(mut self, listener: TcpListener, proxies: &TrustedProxies, mut signals: Signals) {
        self.entry.stopping().begin();
        self.stage.send_replace(Stage::Drain);
        let finishing = async {
            self.drain(listener, proxies).await;
            // Each connection holds a receiver until its end.
            self.stage.closed().await;
        };
        tokio::select! {
            finished = timeout(SHUTDOWN_TIMEOUT, finishing) => if finished.is_ok() {
                return;
            },
            () = signals.stop() => {}
        }
        tracing::warn!("Requests in progress are dropped.");
        self.stage.send_replace(Stage::Cut);
        let _ = timeout(CUT_TIMEOUT, self.stage.closed()).await;
    }

    /// Accepts connections for [`ACCEPT_GRACE`], or until none is open.
    async fn drain(&mut self, listener: TcpListener, proxies: &TrustedProxies) {
        let mut grace = pin!(sleep(ACCEPT_GRACE));
        loop {
            tokio::select! {
                biased;
                () = &mut grace => break,
                accepted = listener.accept() => self.take(accepted, proxies).await,
                () = self.stage.closed() => break,
            }
        }
        self.open_waiting(listener, proxies);
    }

    /// Accepts the connections in the backlog, and closes the listener. Otherwise the operating system resets them.
    fn open_waiting(&mut self, listener: TcpListener, proxies: &TrustedProxies) {
        let Ok(listener) = listener.into_std() else {
            return;
        };
        for _ in 0..WAITING {
            let Ok((stream, peer)) = listener.accept() else {
                return;
            };
            let stream = stream
                .set_nonblocking(true)
                .and_then(|()| TcpStream::from_std(stream));
            if let Ok(stream) = stream {
                self.open(stream, peer, proxies);
            }
        }
    }

    async fn take(
        &mut self,
        accepted: io::Result<(TcpStream, SocketAddr)>,
        proxies: &TrustedProxies,
    ) {
        match accepted {
            Ok((stream, peer)) => self.open(stream, peer, proxies),
            Err(error) => self.accept_failed(&error).await,
        }
    }

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
        let (server, stage) = (Arc::clone(&self.server), self.stage.subscribe());
        tokio::spawn(async move { server.serve(stream, service, open, stage).await });
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

/// Small responses must not wait for more data (Nagle's algorithm).
fn disable_nagle(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set.");
    }
}
