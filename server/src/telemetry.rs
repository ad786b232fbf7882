//! Logging to standard error: text on a terminal, JSON otherwise.
//!
//! A log line never contains a secret, digest, cookie, body, email address or IP address. Who did what is in the audit
//! log.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{
    EnvFilter, Registry, fmt, layer::SubscriberExt, reload, util::SubscriberInitExt,
};

/// The filter of the log, which can be replaced while the program runs.
#[derive(Debug, Clone)]
pub struct LogFilter(reload::Handle<EnvFilter, Registry>);

impl LogFilter {
    /// Replaces the filter.
    pub fn replace(&self, filter: EnvFilter) {
        if let Err(error) = self.0.reload(filter) {
            tracing::error!(%error, "The log filter could not be replaced.");
        }
    }
}

/// Starts logging. `filter` says what to log, in the syntax of `tracing-subscriber`: `info`, `server=debug,info`.
pub fn start(filter: EnvFilter) -> LogFilter {
    let (filter, handle) = reload::Layer::new(filter);
    let registry = tracing_subscriber::registry().with(filter);
    let started = if stderr().is_terminal() {
        registry
            .with(fmt::layer().with_writer(stderr).with_target(false))
            .try_init()
    } else {
        registry
            .with(fmt::layer().json().flatten_event(true).with_writer(stderr))
            .try_init()
    };
    if started.is_err() {
        tracing::debug!("Logging has already been started.");
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let message = panic.payload_as_str().unwrap_or("not a text");
        tracing::error!(place, panic = message, "A task panicked.");
    }));
    LogFilter(handle)
}
