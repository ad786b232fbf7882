//! One sink: its settings and sending lines to it.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::platform::timestamp::Timestamp;
use reqwest::header::AUTHORIZATION;
use store::SinkCursor;
use zeroize::Zeroizing;

use crate::{
    audit::line_file,
    platform::http_endpoint::{HttpEndpoint, InvalidEndpoint},
};

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
    pub(super) target: Arc<Target>,
    /// The end of this node's lease.
    pub(super) held_until: Timestamp,
    /// How much the sink has confirmed, when that is not stored yet.
    pub(super) confirmed: Option<SinkCursor>,
    /// Whether the last piece was not accepted.
    pub(super) is_away: bool,
}

/// Where lines are sent.
pub(super) enum Target {
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
        let (name, target) = match settings {
            SinkSettings::Http { url, authorization } => {
                let secret = authorization.map(|authorization| (AUTHORIZATION, authorization));
                let endpoint = HttpEndpoint::new(&url, secret)?;
                (url, Target::Http(Box::new(endpoint)))
            }
            SinkSettings::File(path) => (path.display().to_string(), Target::File(path)),
        };
        Ok(Self {
            name,
            target: Arc::new(target),
            held_until: Timestamp::from_micros(0),
            confirmed: None,
            is_away: false,
        })
    }
}

impl Target {
    /// The maximum number of pieces that are sent at the same time. A receiver that answers after a tenth of a second
    /// then accepts eighty pieces a second. A file is written in order.
    pub(super) const fn at_once(&self) -> usize {
        match self {
            Self::Http(_) => 8,
            Self::File(_) => 1,
        }
    }

    /// Sends lines. The error is the reason why the sink did not accept them.
    pub(super) async fn take(&self, lines: Vec<u8>) -> Result<(), String> {
        match self {
            Self::Http(endpoint) => match endpoint.post("", "application/x-ndjson", lines).await? {
                status if status.is_success() => Ok(()),
                status => Err(format!("it answered {status}")),
            },
            Self::File(path) => append(path, &lines)
                .await
                .map_err(|error| error.to_string()),
        }
    }
}

/// Appends to a file, which may be rotated at any time.
async fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    let mut file = line_file::open(path, 0o600).await?;
    line_file::append(&mut file, lines).await
}
