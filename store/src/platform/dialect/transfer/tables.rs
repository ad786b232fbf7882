//! The tables that are moved, in an order in which each row follows those that it refers to. A test compares them with
//! the schema.

/// A table that is moved, with its statements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) read: &'static str,
    pub(super) write: &'static str,
    pub(super) count: &'static str,
    pub(super) find: &'static str,
    pub(super) clear: &'static str,
}

/// The rows are passed as one JSON array, so that PostgreSQL reads each value as the type of its column.
macro_rules! tables {
    ($($name:literal),* $(,)?) => {
        [$(Table {
            name: $name,
            read: concat!("SELECT * FROM ", $name),
            write: concat!(
                "INSERT INTO ", $name, " SELECT * FROM json_populate_recordset(CAST(NULL AS ", $name,
                "), CAST($1 AS JSON))"
            ),
            count: concat!("SELECT COUNT(*) FROM ", $name),
            find: concat!("SELECT 1 FROM ", $name, " LIMIT 1"),
            clear: concat!("DELETE FROM ", $name),
        }),*]
    };
}

/// The tables in which the migrations of an empty database store rows.
pub(super) const FILLED_BY_MIGRATIONS: [&str; 1] = ["counter"];

pub(super) const TABLES: [Table; 47] = tables![
    "counter",
    "organization",
    "member",
    "session",
    "token",
    "org_token",
    "org_token_secret",
    "org_token_reader",
    "object",
    "acl_entry",
    "object_ref",
    "team_member",
    "integration_check",
    "imported_object",
    "invitation",
    "custom_category",
    "claim",
    "sign_in_failure",
    "audit_event",
    "call_block",
    "seal",
    "unsealed_block",
    "uncounted_block",
    "retention",
    "row_mac_start",
    "row_state_start",
    "log_key",
    "tree_checkpoint",
    "tree_hash",
    "sink",
    "usage_minute",
    "usage_hour",
    "usage_day",
    "usage_actor",
    "usage_token",
    "ingest_count",
    "ingest_queue",
    "idempotent_result",
    "catalog_entry",
    "catalog_property",
    "metric_series",
    "series_dimension",
    "master_key",
    "key_rotation",
    "key_handover",
    "database_fault",
    "expiry_mark",
];
