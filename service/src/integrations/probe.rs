//! Connectivity probe of an integration's host: whether it answers HTTP in time. It requests only `/`, sends no
//! credential, follows no redirect, and connects to no private address unless the settings allow it.

use std::{fmt, time::Duration};

use domain::integrations::Target;
use reqwest::Url;

use crate::platform::{
    http_client::{HttpClient, NoResponse},
    http_resolver::Addresses,
};

/// Timeout from resolving the name to the status line of the response.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a host is unreachable, as a text for administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreachable {
    /// It did not answer.
    Failed(String),
    /// The settings do not allow to connect to it.
    NotTried(String),
}

impl fmt::Display for Unreachable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(reason) | Self::NotTried(reason) => formatter.write_str(reason),
        }
    }
}

/// Probes hosts.
#[derive(Debug)]
pub(crate) struct Probe(HttpClient);

impl Probe {
    pub(crate) const fn new(allow_private: bool) -> Self {
        Self(HttpClient::new(if allow_private {
            Addresses::Any
        } else {
            Addresses::Public
        }))
    }

    /// Probes a host. Any status counts as a response, because the right one depends on the message.
    pub(crate) async fn connect(&self, target: &Target) -> Result<(), Unreachable> {
        self.connect_within(target, ANSWER_TIMEOUT).await
    }

    async fn connect_within(&self, target: &Target, limit: Duration) -> Result<(), Unreachable> {
        let Ok(url) = Url::parse(&url_of(target)) else {
            return Err(Unreachable::Failed(unreachable(
                target,
                "the host has no address",
            )));
        };
        let answered = self.0.head(url, limit).await;
        let answered = answered.map(drop);
        answered.map_err(|none| {
            let reason = unreachable(target, &none.to_string());
            match none {
                NoResponse::Failed(_) => Unreachable::Failed(reason),
                NoResponse::NotAllowed(_) => Unreachable::NotTried(reason),
            }
        })
    }
}

fn url_of(target: &Target) -> String {
    let scheme = if target.secure { "https" } else { "http" };
    let host = if target.host.contains(':') {
        format!("[{}]", target.host)
    } else {
        target.host.clone()
    };
    format!("{scheme}://{host}:{}/", target.port)
}

fn unreachable(target: &Target, why: &str) -> String {
    let Target { host, port, .. } = target;
    format!("{host}:{port} cannot be reached: {why}.")
}

#[cfg(test)]
mod tests;
