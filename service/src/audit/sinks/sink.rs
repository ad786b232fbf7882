//! One sink: its settings and sending lines to it.

use std::{fmt, io, path::PathBuf};

use domain::platform::timestamp::Timestamp;
use reqwest::header::AUTHORIZATION;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use crate::platform::http_endpoint::{HttpEndpoint, InvalidEndpoint};

/// The target of a sink.
#[derive(Clone)]
pub enum SinkSettings {
    /// An HTTP endpoint that accepts NDJSON.
    Http {
        /// The URL.
        url: String,
        /// The value of the `Authorization` header, if any.
        authorization: Option<Zeroizing<String>>,
    },
    /// An NDJSON file.
    File(PathBuf),
}

impl SinkSettings {
    /// Validates the settings without a connection.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] when the URL or the header value is invalid.
    pub fn check(&self) -> Result<(), InvalidEndpoint> {
        Sink::new(self.clone()).map(drop)
    }
}

impl fmt::Debug for SinkSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http { url, .. } => write!(formatter, "Http({url})"),
            Self::File(path) => write!(formatter, "File({})", path.display()),
        }
    }
}

/// A sink that this node may feed.
pub struct Sink {
    pub(super) name: String,
    way: Target,
    /// The end of this node's lease.
    pub(super) held_until: Timestamp,
}

enum Target {
    Http(Box<HttpEndpoint>),
    File(PathBuf),
}

impl fmt::Debug for Sink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sink({})", self.name)
    }
}

impl Sink {
    /// A sink to which this node has not sent anything yet.
    ///
    /// # Errors
    /// [`InvalidEndpoint`] when the settings are invalid.
    pub fn new(settings: SinkSettings) -> Result<Self, InvalidEndpoint> {
        let held_until = Timestamp::from_micros(0);
        Ok(match settings {
            SinkSettings::Http { url, authorization } => {
                let secret = authorization.map(|authorization| (AUTHORIZATION, authorization));
                Self {
                    way: Target::Http(Box::new(HttpEndpoint::new(&url, secret)?)),
                    name: url,
                    held_until,
                }
            }
            SinkSettings::File(path) => Self {
                name: path.display().to_string(),
                way: Target::File(path),
                held_until,
            },
        })
    }

    /// Sends lines. The error is the reason why the sink did not accept them.
    pub(super) async fn take(&self, lines: Vec<u8>) -> Result<(), String> {
        match &self.way {
            Target::Http(endpoint) => match endpoint.post("", "application/x-ndjson", lines).await?
            {
                status if status.is_success() => Ok(()),
                status => Err(format!("it answered {status}")),
            },
            Target::File(path) => append(path, &lines)
                .await
                .map_err(|error| error.to_string()),
        }
    }
}

/// Appends to a file, which may be rotated at any time, and syncs it to disk. An incomplete line after a crash is
/// terminated first.
async fn append(path: &PathBuf, lines: &[u8]) -> io::Result<()> {
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true).read(true).append(true).mode(0o600);
    let mut file = options.open(path).await?;
    if file.seek(io::SeekFrom::End(0)).await? > 0 {
        file.seek(io::SeekFrom::End(-1)).await?;
        if file.read_u8().await? != b'\n' {
            file.write_all(b"\n").await?;
        }
    }
    file.write_all(lines).await?;
    file.flush().await?;
    file.sync_data().await
}
