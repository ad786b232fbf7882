//! The limits of the product, each with its reason. A rejection names the limit.

/// Characters in a name: a sentence fits, and so does a table cell.
pub const NAME_CHARACTERS: usize = 100;

/// Characters in the name of a `/v2` object. Real dashboards have longer names than [`NAME_CHARACTERS`], and a client
/// must be able to store its own data.
pub const OBJECT_NAME_CHARACTERS: usize = 1_000;

/// Characters in a dashboard group's description (docs/contract.md#dashboard-groups).
pub const GROUP_DESCRIPTION_CHARACTERS: usize = 1_024;

/// Bytes of a request body on the control plane: the largest known dashboards have a few hundred kilobytes
/// (docs/contract.md#json).
pub const BODY_BYTES: usize = 1 << 20;

/// Bytes of a request body without authentication, such as a sign-in: many times what a person types.
pub const ANONYMOUS_BODY_BYTES: usize = 64 << 10;

/// Characters of an idempotency key: several times a UUID.
pub const IDEMPOTENCY_KEY_CHARACTERS: usize = 255;

/// Seconds for which the result of a request with an idempotency key is kept: clients stop retrying long before.
pub const IDEMPOTENT_RESULT_SECONDS: i64 = 24 * 60 * 60;

/// Levels of nesting in a JSON body: documents of real clients stay below 20; parsing deeper ones uses stack.
pub const JSON_DEPTH: usize = 64;

/// Objects in one response of a list, and the maximum of `count` (docs/contract.md#lists).
pub const PAGE_OBJECTS: i64 = 10_000;

/// Entries in one access control list (docs/contract.md#permission-fields).
pub const ACL_ENTRIES: usize = 25;

/// The maximum lifetime of an org token, in seconds: 180 years (docs/contract.md#org-tokens).
pub const ORG_TOKEN_LIFETIME_SECONDS: i64 = 5_676_000_000;

/// Failed sign-ins of one account from one network in [`SIGN_IN_WINDOW_SECONDS`] (docs/contract.md#throttling).
pub const SIGN_IN_FAILURES_PER_ACCOUNT: i64 = 10;

/// Failed sign-ins of one account from all networks in [`SIGN_IN_WINDOW_SECONDS`]. It does not apply to
/// networks that the account has signed in from.
pub const SIGN_IN_FAILURES_PER_ACCOUNT_IN_TOTAL: i64 = 100;

/// Failed sign-ins from one network in [`SIGN_IN_WINDOW_SECONDS`]: an office behind one address has many people.
pub const SIGN_IN_FAILURES_PER_SUBNET: i64 = 30;

/// Failed sign-ins from one IPv6 /48 network in [`SIGN_IN_WINDOW_SECONDS`]: it may be several customers.
pub const SIGN_IN_FAILURES_PER_SITE: i64 = 120;

/// The window over which failed sign-ins are counted, in seconds.
pub const SIGN_IN_WINDOW_SECONDS: i64 = 15 * 60;

/// Seconds before a member and the administrators get another notice of failed sign-ins of the same account.
pub const SIGN_IN_NOTICE_SECONDS: i64 = 24 * 3_600;

/// Lifetime of a user token, in days (docs/contract.md#token-kinds).
pub const TOKEN_LIFETIME_DAYS: i64 = 30;

/// Days before its expiry from which responses to a token state when it expires (docs/contract.md#authentication).
pub const TOKEN_WARNING_DAYS: i64 = 7;

/// Days after a sign-in at which a session times out, however much it is used.
pub const SESSION_LIFETIME_DAYS: i64 = 90;

/// Seconds after which a session must enter the password again before it grants roles, reads a stored secret, or ends
/// tokens of others.
pub const PASSWORD_VALID_SECONDS: i64 = 10 * 60;

/// Hours without a request after which the session of an administrator times out: a working day.
pub const ADMINISTRATOR_IDLE_HOURS: i64 = 12;

/// Hours without a request after which the session of another user times out: a week.
pub const IDLE_HOURS: i64 = 7 * 24;

/// Days that an ended token stays in its owner's list, so that the owner can see why a script stopped working.
pub const ENDED_TOKEN_LISTED_DAYS: i64 = 90;

/// Seconds that an unused set-up link is valid.
pub const CLAIM_LIFETIME_SECONDS: i64 = 15 * 60;

/// Seconds in which the page after the form can show a token, once, when scripts are off.
pub const REVEAL_LIFETIME_SECONDS: i64 = 120;

/// Minimum characters of a password (ASVS 6.2.1 asks for 8 and recommends 15).
pub const PASSWORD_MIN_CHARACTERS: usize = 15;

/// Maximum characters of a password: bounds the cost of hashing (ASVS 6.2.9 asks for 64 or more).
pub const PASSWORD_MAX_CHARACTERS: usize = 128;

/// Characters of a client's `User-Agent` that are stored.
pub const CLIENT_CHARACTERS: usize = 200;

/// Characters of a request path that are stored in the call log.
pub const PATH_CHARACTERS: usize = 500;

/// Seconds one request may take.
pub const REQUEST_SECONDS: u64 = 30;

/// Seconds without contact to the database after which a node rejects every credential.
pub const LEASE_SECONDS: i64 = 5;

/// Teams one user can be in.
pub const TEAMS_PER_USER: usize = 500;

/// Users in one team: the maximum of one call.
pub const TEAM_MEMBERS: usize = 1_000;

/// Items in one list of a document. A dashboard has 1,200 positions for charts; no real list is longer.
pub const LIST_ITEMS: usize = 2_000;

/// Tags of one object (docs/contract.md#detectors, applied to all objects).
pub const TAGS: usize = 50;

/// Tags in the filter of a list: the statement has a place for each.
pub const FILTER_TAGS: usize = 10;

/// Prefixes of tags in the filter of a list, and as many to leave out.
pub const FILTER_TAG_PREFIXES: usize = 5;

/// Characters in one tag (docs/contract.md#detectors).
pub const TAG_CHARACTERS: usize = 256;

/// Days that an invitation is valid: longer than most holidays.
pub const INVITATION_LIFETIME_DAYS: i64 = 7;

/// Seconds before the same address can be invited again (docs/contract.md#invitations).
pub const INVITATION_REPEAT_SECONDS: i64 = 60;

/// Invitations of an organization in 24 hours (docs/contract.md#invitations).
pub const INVITATIONS_PER_DAY: i64 = 5_000;

/// Members of an organization that a search scans: twenty times the maximum of a list.
pub const SEARCHED_MEMBERS: i64 = 200_000;

/// Custom metric categories of an organization (docs/contract.md#custom-categories).
pub const CUSTOM_CATEGORIES: usize = 10;

/// Bytes of data in one request after decompression: many minutes of a busy sender.
pub const INGEST_BYTES: usize = 8 << 20;

/// Datapoints, events or spans in one request: as many real ones as fit its bytes.
pub const INGEST_ITEMS: usize = 100_000;

/// Characters in the name of a metric, the limit of the hosted service.
pub const METRIC_NAME_CHARACTERS: usize = 256;

/// Dimensions of one datapoint or event, the limit of the hosted service.
pub const DIMENSIONS: usize = 36;

/// Characters in the name of a dimension or property, the limit of the hosted service.
pub const DIMENSION_NAME_CHARACTERS: usize = 128;

/// Characters in the value of a dimension or property, the limit of the hosted service.
pub const DIMENSION_VALUE_CHARACTERS: usize = 256;

/// Dashboards in a package: each changes the group that it is created in.
pub const PACKAGE_DASHBOARDS: usize = 500;

/// Charts that a package becomes: each is created with an audit event, and other writers wait for all of them.
pub const PACKAGE_CHARTS: usize = 2_000;

/// Bytes of the charts that a package becomes. A chart on several dashboards counts for each.
pub const PACKAGE_CHART_BYTES: usize = 4_194_304;

/// Series of an organization in the metric catalog: a search reads all of them in one to two seconds.
pub const CATALOG_SERIES: i64 = 100_000;

/// Dimensions, metrics or tags of an organization in the metric catalog, of each kind; for the same reason.
pub const CATALOG_ENTRIES: i64 = 100_000;

/// Properties of a dimension, metric or tag, the limit of the hosted service.
pub const CATALOG_PROPERTIES: usize = 75;

/// Characters in the description of a dimension, metric or tag, the limit of the hosted service.
pub const CATALOG_DESCRIPTION_CHARACTERS: usize = 1_024;

/// Days after its newest datapoint for which a series stays in the metric catalog: as long as counts per hour.
pub const CATALOG_SERIES_DAYS: i64 = 400;

/// Properties of one event: several times what real ones have.
pub const EVENT_PROPERTIES: usize = 100;

/// Characters in the type of an event (docs/contract.md#ingest).
pub const EVENT_TYPE_CHARACTERS: usize = 256;

/// Steps in one usage response: a day by the minute, or four years by the day.
pub const USAGE_STEPS: usize = 1_500;

/// Days that counts per minute are kept.
pub const USAGE_MINUTE_DAYS: i64 = 14;

/// Days that counts per hour are kept.
pub const USAGE_HOUR_DAYS: i64 = 400;

/// Groups in one usage response, each with all its steps; the others are combined into one.
pub const USAGE_GROUPS: i64 = 100;

#[cfg(test)]
mod tests {
    /// The value of a constant: a product of numbers, or a number shifted to the left.
    fn value(expression: &str) -> i64 {
        let number = |text: &str| text.trim().replace('_', "").parse::<i64>().unwrap();
        match expression.split_once("<<") {
            Some((number_of, places)) => number(number_of) << number(places),
            None => expression.split('*').map(number).product(),
        }
    }

    fn with_commas(value: i64) -> String {
        let digits = value.to_string();
        let grouped = digits.as_bytes().rchunks(3).rev();
        let grouped: Vec<_> = grouped
            .map(|group| String::from_utf8_lossy(group))
            .collect();
        grouped.join(",")
    }

    #[test]
    fn each_limit_is_in_the_table_of_limits() {
        let table = include_str!("../../../docs/limits.md");
        let constants = include_str!("limits.rs").lines();
        let constants = constants.filter_map(|line| line.strip_prefix("pub const "));
        let mut names = Vec::new();
        for line in constants {
            let (name, rest) = line.split_once(':').unwrap();
            let (_, expression) = rest.trim_end_matches(';').split_once('=').unwrap();
            let shown = with_commas(value(expression));
            let row = table
                .lines()
                .find(|row| row.ends_with(&format!("| `{name}` |")));
            let row = row.unwrap_or_else(|| panic!("docs/limits.md has no row for {name}"));
            assert!(
                row.contains(&format!("| {shown} |")),
                "{name} is {shown}: {row}"
            );
            names.push(name);
        }
        let documented = table.lines().filter(|row| row.ends_with("` |")).count();
        assert_eq!(
            documented,
            names.len(),
            "docs/limits.md has a row without a limit"
        );
    }
}
