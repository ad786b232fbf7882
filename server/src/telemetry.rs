//! What the program says about itself while it runs: text for a person at a terminal, JSON for everything else.
//!
//! Never a secret, a digest, a cookie, a body, a mail or an IP address. Who did what is the record's work, not the log's.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging to standard error. `filter` is what to log, in the words of `tracing-subscriber`: `info`,
/// `server=debug,info`. A filter that cannot be read was refused with the settings.
pub fn start(filter: EnvFilter) {
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
        tracing::debug!("Logging was started before.");
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let words = panic
            .payload_as_str()
            .unwrap_or("of a kind that has no words");
        tracing::error!(place, panic = words, "A task panicked.");
    }));
}
