//! Parses single settings. A problem is noted, and the default takes the place of the value.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::http::{Uri, uri::Authority};
use domain::{identity::session::IdleTimeouts, platform::limits};
use service::KeepDays;
use tracing_subscriber::EnvFilter;

use super::given::Given;
use crate::middleware::trusted_proxies::TrustedProxies;

/// The default database.
pub(super) const DEFAULT_DATABASE: &str = "sqlite:data/countersign.db";

/// The default number of days that tokens, sessions and invitations are kept after they ended.
pub(super) const DEFAULT_KEEP_ENDED_DAYS: u32 = 90;

/// The default address to listen on: only this machine can connect.
pub(super) const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// The URL of a database. It may contain a password, so `Debug` does not print it.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL, to open the database.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether the database is a file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.0.starts_with("sqlite:")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DatabaseUrl(…)")
    }
}

/// The value, or the default if none was given or it has a problem, which is noted.
pub(super) fn parsed<G, T>(
    given: Option<G>,
    default: T,
    note: &mut impl FnMut(String),
    parse: impl FnOnce(G) -> Result<T, String>,
) -> T {
    match given.map(parse) {
        Some(Ok(value)) => value,
        Some(Err(problem)) => {
            note(problem);
            default
        }
        None => default,
    }
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("listen: `{text}` is not an address with a port, like {DEFAULT_LISTEN}")
    })
}

/// The URL may contain a password, so the problem does not repeat it.
pub(super) fn database_url(given: Option<&str>, note: &mut impl FnMut(String)) -> DatabaseUrl {
    let url = given.unwrap_or(DEFAULT_DATABASE);
    let mut schemes = ["sqlite:", "postgres://", "postgresql://"].iter();
    if !schemes.any(|scheme| url.starts_with(scheme)) {
        note("database_url: starts with neither sqlite: nor postgres://".to_owned());
    }
    DatabaseUrl(url.to_owned())
}

pub(super) fn trusted_proxies(given: &[String], note: &mut impl FnMut(String)) -> TrustedProxies {
    parsed(Some(given), TrustedProxies::default(), note, |texts| {
        TrustedProxies::parse(texts.iter().map(String::as_str))
            .map_err(|rejected| format!("trusted_proxy: {rejected}"))
    })
}

pub(super) fn log(filter: &str) -> Result<EnvFilter, String> {
    EnvFilter::try_new(filter).map_err(|error| format!("log: `{filter}` cannot be parsed: {error}"))
}

/// A number of days of retention; `None` is unlimited.
pub(super) fn days(name: &str, given: Option<u32>, note: &mut impl FnMut(String)) -> Option<u32> {
    if given.is_some_and(|days| days < KeepDays::FEWEST) {
        note(format!("{name}: the minimum is {} days", KeepDays::FEWEST));
    }
    given
}

/// The hosts that requests may name, in lower case.
pub(super) fn hosts(given: &[String], note: &mut impl FnMut(String)) -> Vec<String> {
    let is_host = |text: &String| {
        text.parse::<Authority>()
            .is_ok_and(|host| !host.as_str().contains('@'))
    };
    for host in given.iter().filter(|host| !is_host(host)) {
        note(format!(
            "allowed_host: `{host}` is not a host, like countersign.internal or countersign.internal:3000"
        ));
    }
    given.iter().map(|host| host.to_ascii_lowercase()).collect()
}

/// The origins of pages that may call the API, in lower case.
pub(super) fn cors_origins(given: &[String], note: &mut impl FnMut(String)) -> Vec<String> {
    let origins = given.iter().map(|text| match origin_of(text) {
        Ok(origin) => origin.to_ascii_lowercase(),
        Err(_) => {
            note(format!(
                "cors_origin: `{text}` is not an origin, like https://tools.example"
            ));
            String::new()
        }
    });
    origins.collect()
}

/// The idle timeouts: at least an hour, and at most the time after which sessions time out in any case.
pub(super) fn idle_timeouts(given: &Given, note: &mut impl FnMut(String)) -> IdleTimeouts {
    let longest = limits::SESSION_LIFETIME_DAYS * 24;
    let mut seconds = |name: &str, hours: Option<u32>, default: i64| {
        let hours = hours.map_or(default, i64::from);
        if !(1..=longest).contains(&hours) {
            note(format!("{name}: from 1 to {longest} hours are possible"));
        }
        hours * 3_600
    };
    IdleTimeouts {
        of_administrators: seconds(
            "administrator_idle_hours",
            given.administrator_idle_hours,
            limits::ADMINISTRATOR_IDLE_HOURS,
        ),
        of_others: seconds("idle_hours", given.idle_hours, limits::IDLE_HOURS),
    }
}

/// The scheme, host and port of a URL, as browsers write an origin. A path would not be served
/// (docs/contract.md#routing).
pub(super) fn origin_of(url: &str) -> Result<String, String> {
    let problem = || {
        format!(
            "public_url: `{url}` is not an origin without a path, like https://countersign.example"
        )
    };
    let uri: Uri = url.parse().map_err(|_| problem())?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| ["http", "https"].contains(scheme))
        .ok_or_else(problem)?;
    let authority = uri
        .authority()
        .filter(|authority| !authority.as_str().contains('@'))
        .ok_or_else(problem)?;
    if uri.path() != "/" || uri.query().is_some() {
        return Err(problem());
    }
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let host = authority.as_str().to_ascii_lowercase();
    Ok(format!(
        "{scheme}://{}",
        host.strip_suffix(default_port).unwrap_or(&host)
    ))
}
