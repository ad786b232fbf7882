//! The product's limits, each with its reason. A refusal names the limit it enforces.

/// Characters in a name of anything: long enough for a sentence, short enough for a table cell.
pub const NAME_CHARACTERS: usize = 100;

/// Characters in the name of a `/v2` object. Real dashboards carry longer names than [`NAME_CHARACTERS`], which
/// would refuse a client its own data; this bounds them all the same.
pub const OBJECT_NAME_CHARACTERS: usize = 1_000;

/// Characters in a dashboard group's description (docs/contract.md#dashboard-groups).
pub const GROUP_DESCRIPTION_CHARACTERS: usize = 1_024;

/// Bytes of a request body on the control plane: the largest dashboards seen are a few hundred kilobytes
/// (docs/contract.md#json).
pub const BODY_BYTES: usize = 1 << 20;

/// Levels of nesting in a JSON body: documents of real clients stay below 20; parsing deeper ones costs stack.
pub const JSON_DEPTH: usize = 64;

/// Objects in one answer of a list, and the most that `count` says (docs/contract.md#lists).
pub const PAGE_OBJECTS: i64 = 10_000;

/// Entries in one access control list (docs/contract.md#permission-fields).
pub const ACL_ENTRIES: usize = 25;

/// Live tokens of one user: far more than a person names, few enough that a runaway script is noticed.
pub const LIVE_TOKENS_PER_USER: i64 = 500;

/// Failed sign-ins of one account in [`SIGN_IN_WINDOW_SECONDS`] (docs/contract.md#throttling).
pub const SIGN_IN_FAILURES_PER_ACCOUNT: i64 = 10;

/// Failed sign-ins from one address in [`SIGN_IN_WINDOW_SECONDS`]: an office behind one address has many people.
pub const SIGN_IN_FAILURES_PER_ADDRESS: i64 = 30;

/// The window over which failed sign-ins are counted, in seconds.
pub const SIGN_IN_WINDOW_SECONDS: i64 = 15 * 60;

/// Days a user API access token lives (docs/contract.md#token-kinds).
pub const TOKEN_LIFETIME_DAYS: i64 = 30;

/// Days an ended token stays in its owner's list, so that a script that stopped working can be explained.
pub const ENDED_TOKEN_LISTED_DAYS: i64 = 90;

/// Seconds an unused setup link is good for.
pub const CLAIM_LIFETIME_SECONDS: i64 = 15 * 60;

/// Seconds in which a token made without scripts can be shown, once, by the page after the form.
pub const REVEAL_LIFETIME_SECONDS: i64 = 120;

/// Characters in a password, at least (ASVS 6.2.1 asks for 8 and recommends 15).
pub const PASSWORD_MIN_CHARACTERS: usize = 15;

/// Characters in a password, at most: hashing cost is bounded (ASVS 6.2.9 asks for 64 or more).
pub const PASSWORD_MAX_CHARACTERS: usize = 128;

/// Characters of a client's `User-Agent` that are kept.
pub const CLIENT_CHARACTERS: usize = 200;

/// Characters of a request path that are kept in the record.
pub const PATH_CHARACTERS: usize = 500;

/// Seconds one request may take.
pub const REQUEST_SECONDS: u64 = 30;

/// Seconds a node may go without hearing from its database before it refuses every credential.
pub const LEASE_SECONDS: i64 = 5;

/// Teams one user can be in.
pub const TEAMS_PER_USER: usize = 500;

/// Users in one team: as many as one call may name.
pub const TEAM_MEMBERS: usize = 1_000;

/// Items in one list of a document. A dashboard has 1,200 places for charts, and nothing real has more of anything.
pub const LIST_ITEMS: usize = 2_000;

/// Tags on one object (docs/contract.md#detectors, for detectors; it fits the others too).
pub const TAGS: usize = 50;

/// Characters in one tag (docs/contract.md#detectors).
pub const TAG_CHARACTERS: usize = 256;

/// Days an invitation is good for: somebody on holiday for less than that still finds it.
pub const INVITATION_LIFETIME_DAYS: i64 = 7;

/// Seconds before the same address can be invited again (docs/contract.md#invitations).
pub const INVITATION_REPEAT_SECONDS: i64 = 60;

/// Invitations of an organization in 24 hours (docs/contract.md#invitations).
pub const INVITATIONS_PER_DAY: i64 = 5_000;

/// Members of an organization that a search looks through: twenty times what one list shows.
pub const SEARCHED_MEMBERS: i64 = 200_000;

/// Custom metric categories of an organization (docs/contract.md#custom-categories).
pub const CUSTOM_CATEGORIES: usize = 10;

/// Bytes of data in one request, after inflation: many minutes of a busy sender.
pub const INGEST_BYTES: usize = 8 << 20;

/// Datapoints, events or spans in one request: what its bytes can hold of real ones, and no more of tiny ones.
pub const INGEST_ITEMS: usize = 100_000;

/// Characters in the name of a metric, as upstream bounds it.
pub const METRIC_NAME_CHARACTERS: usize = 256;

/// Dimensions of one datapoint or event, as upstream bounds them.
pub const DIMENSIONS: usize = 36;

/// Characters in the name of a dimension or property, as upstream bounds it.
pub const DIMENSION_NAME_CHARACTERS: usize = 128;

/// Characters in the value of a dimension or property, as upstream bounds it.
pub const DIMENSION_VALUE_CHARACTERS: usize = 256;

/// Properties of one event: several times what real ones carry.
pub const EVENT_PROPERTIES: usize = 100;

/// Characters in the type of an event (docs/contract.md#ingest).
pub const EVENT_TYPE_CHARACTERS: usize = 256;

/// Steps in one answer about usage: a day by the minute, or four years by the day.
pub const USAGE_STEPS: usize = 1_500;

/// Groups in one answer about usage, each with all its steps; the rest is told as one.
pub const USAGE_GROUPS: i64 = 100;
