//! The database: the tables of each room, with their row types, SQL and methods. The only crate of the product that
//! uses sqlx.
//!
//! It holds queries and changes, as static SQL text that both SQLite and PostgreSQL understand; never a rule about who
//! may do what, nor an HTTP status. Code that differs by database is in `platform/dialect`.
//!
//! Start with [`Store::open`]. [`Store::read`] returns a connection to read with; [`Store::write`] begins a transaction
//! that is committed together with its audit events ([`Write::commit`]); [`Store::housekeep`] begins one for the few
//! changes that leave no event.

mod audit;
mod identity;
mod ingest;
mod integrations;
mod objects;
mod platform;
mod store;
mod tokens;
mod usage;

pub use audit::{
    audit_event::{EventMark, FeedEntry},
    backlog::Backlog,
    calls::{
        block::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK},
        call::{Call, CallSource},
        filter::CallFilter,
        merge::BlockMerge,
        new_call::{NewCall, NewSource},
        walk::CallWalk,
    },
    checkpoint::Checkpoint,
    database_fault::{DatabaseFault, FaultKind},
    event_filter::EventFilter,
    event_row::EventRow,
    hashed_row::HashedRow,
    idempotent_result::IdempotentResult,
    key_handover::KeyHandover,
    key_rotation::{KeyRotation, RotationStage, RotationWalk},
    log_key::StoredLogKey,
    numbered_events::NumberRange,
    recorded_event::RecordedEvent,
    retention::{LogKind, Retention},
    row_mac_start::RowMacStart,
    sink::SinkCursor,
    states::{
        start::RowStateStart,
        state::{LoggedState, RowState},
        tables::{CheckedRow, UNCOMPARED},
    },
    tree_checkpoint::{TreeCheckpoint, TreeHash},
    write::Write,
};
pub use identity::{
    ended_rows::EndedRows,
    invitation::Invitation,
    member::Member,
    member_list::{MemberFilter, MemberOrder},
    organization::Organization,
    reader::Reader,
    session::SessionCredential,
    sign_in_failure::{FailureCount, FailureCounts},
    team_member::TeamSize,
};
pub use ingest::{
    catalog_change::GatheredEntry,
    catalog_entry::{CatalogEntry, SearchedEntry},
    ingest_count::IngestCount,
    ingest_queue::CountedTo,
    metric_series::MetricSeries,
};
pub use integrations::integration_check::{CheckOutcome, IntegrationCheck};
pub use objects::{
    imported_object::ImportedObject,
    object_filter::{ObjectFilter, ObjectOrder},
    object_link::ReadAccess,
};
pub use platform::{
    access::Access,
    cipher::{Cipher, MAC_LENGTH, ReencryptedValues, Reencryption},
    conn::{Conn, Read},
    dialect::{
        copy_database,
        listener::ChangeListener,
        pool_state::PoolState,
        remove_database, rename_database,
        transfer::{MovedTable, Transfer, TransferError},
    },
    error::StoreError,
    housekeeping::Housekeeping,
    known_key::{KnownKey, KnownKeys},
    name_filter::NameFilter,
    reencrypted::ReencryptedRows,
    touched::CheckedTable,
};
pub use store::Store;
pub use tokens::{
    expired_token::ExpiryMark,
    last_use::LastUsed,
    org_token::{OrgToken, OrgTokenCredential},
    org_token_list::{OrgTokenFilter, OrgTokenOrder, OrgTokenState},
    org_token_secret::OrgTokenSecret,
    token::{NewToken, TokenCredential},
    token_list::{TokenFilter, TokenOrder, Unused},
};
pub use usage::{
    call_counts::UnstoredCallCounts,
    usage_count::{UsageCount, UsagePart},
    usage_filter::{CallerFilter, UsageFilter},
    usage_name::{UsageActor, UsageToken},
    usage_removal::OldCounts,
};
