//! The hosts that a PostgreSQL URL names.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::platform::error::StoreError;

/// The options for each host of a URL: `postgres://user:password@first:5432,second:5433/database`, as libpq writes it
/// (PostgreSQL's manual, section 34.1.1.3).
pub(super) fn hosts(url: &str) -> Result<Vec<PgConnectOptions>, StoreError> {
    let (before, list, after) = split(url);
    let hosts = list.split(',').map(|host| {
        // The message of the driver may contain the password of the URL.
        PgConnectOptions::from_str(&format!("{before}{host}{after}"))
            .map(|options| options.application_name("countersign"))
            .map_err(|_| StoreError::Address("the PostgreSQL address cannot be read".to_owned()))
    });
    hosts.collect()
}

/// The text before the hosts, the hosts, and the text after them.
fn split(url: &str) -> (&str, &str, &str) {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[scheme..]
        .find(['/', '?'])
        .map_or(url.len(), |at| scheme + at);
    let start = url[scheme..end]
        .rfind('@')
        .map_or(scheme, |at| scheme + at + 1);
    (&url[..start], &url[start..end], &url[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(url: &str) -> Vec<String> {
        let hosts = hosts(url).unwrap();
        let address = |host: &PgConnectOptions| format!("{}:{}", host.get_host(), host.get_port());
        hosts.iter().map(address).collect()
    }

    #[test]
    fn a_url_names_one_host_or_several() {
        assert_eq!(addresses("postgres://a/x"), ["a:5432"]);
        assert_eq!(
            addresses("postgres://u:p,@a:1,b:2,[::1]:3/x?sslmode=disable"),
            ["a:1", "b:2", "[::1]:3"]
        );
        assert_eq!(addresses("postgres://a,b?dbname=x"), ["a:5432", "b:5432"]);
    }

    #[test]
    fn a_wrong_url_is_rejected_without_its_password() {
        let error = hosts("postgres://u:secret@a:port/x").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
