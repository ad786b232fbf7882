//! The signals that stop the server or make it read its settings again.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The request of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To stop: SIGTERM, or SIGINT from Ctrl+C.
    Stop,
    /// To read the settings again: SIGHUP.
    Reload,
}

/// The signals of this process. They have no other effect from the creation of this value on.
#[derive(Debug)]
pub(crate) struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Starts listening for the signals.
    ///
    /// # Errors
    /// When the operating system does not allow it.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next signal.
    pub(super) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.hangup.recv() => Asked::Reload,
        }
    }

    /// Waits for the next signal to stop.
    pub(crate) async fn stop(&mut self) {
        while self.next().await != Asked::Stop {}
    }
}

/// Makes SIGHUP harmless until a server listens for it. A SIGHUP before that has no effect.
///
/// # Errors
/// When the operating system does not allow it.
pub(crate) fn ignore_hangups() -> io::Result<()> {
    signal(SignalKind::hangup()).map(drop)
}
