//! The filters of a request that reads the logs, for the call log: who looked for what.

use domain::platform::limits;
use percent_encoding::percent_decode_str;

/// Parameters that are kept, besides those that begin with `sf_`. Any other could be a secret.
const NAMES: [&str; 18] = [
    "action",
    "cursor",
    "endTime",
    "end_time",
    "kind",
    "limit",
    "offset",
    "orderBy",
    "order_by",
    "outcome",
    "query",
    "requestId",
    "sortBy",
    "startTime",
    "start_time",
    "tokenId",
    "userId",
    "email",
];

/// What secrets of this product begin with.
const PREFIXES: [&str; 2] = ["csu_", "cso_"];

/// Appends the filters of a query to a path, as they were written, as far as there is room.
pub(super) fn add_filters(path: &mut String, query: &str) {
    let mut separator = '?';
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.is_empty() || !is_filter(name) || is_secret(value) {
            continue;
        }
        if path.len() + 1 + pair.len() > limits::PATH_CHARACTERS {
            return;
        }
        path.push(separator);
        path.push_str(pair);
        separator = '&';
    }
}

fn is_filter(name: &str) -> bool {
    name.starts_with("sf_") || NAMES.contains(&name)
}

fn is_secret(value: &str) -> bool {
    let decoded = percent_decode_str(value).decode_utf8_lossy();
    PREFIXES.iter().any(|prefix| decoded.contains(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_kept_and_secrets_are_not() {
        let check = |query: &str, expected: &str| {
            let mut path = "/v2/audit/events".to_owned();
            add_filters(&mut path, query);
            assert_eq!(path, format!("/v2/audit/events{expected}"), "{query}");
        };
        check("", "");
        check(
            "limit=3&sf_actorId=AAAAAAAAAAc",
            "?limit=3&sf_actorId=AAAAAAAAAAc",
        );
        check("access_token=x&limit=&&kind=calls", "?kind=calls");
        check(
            "sf_tokenName=csu_abc&query=a%20c%73o_b&cursor=7",
            "?cursor=7",
        );
        let long = format!("sf_x={}", "y".repeat(limits::PATH_CHARACTERS));
        check(&long, "");
    }
}
