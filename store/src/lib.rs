//! The database: one file per table with its row type, its SQL and its methods. The only crate that knows sqlx.
//!
//! What may go in: questions to the database and changes to it, as static SQL text that SQLite and PostgreSQL both
//! understand. What never: a rule about who may do what, or a status code. The fork between the two databases is in
//! `dialect` and nowhere else.
//!
//! Start with [`Store::open`]. [`Store::read`] gives a connection to ask with; [`Store::write`] begins a transaction
//! that can only be committed by handing over what the record shall say about it ([`Write::commit`]).

mod audit;
mod identity;
mod ingest;
mod integrations;
mod objects;
mod platform;
mod tokens;
mod usage;

pub use audit::audit_event::{FeedEntry, RecordedEvent};
pub use audit::backlog::Backlog;
pub use audit::call::{Call, CallSource};
pub use audit::call_block::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK, NewCall, NewSource};
pub use audit::call_filter::CallFilter;
pub use audit::call_walk::CallWalk;
pub use audit::checkpoint::{Seal, SealedRow};
pub use audit::event_list::EventFilter;
pub use audit::event_row::Row as EventRow;
pub use audit::housekeeping::Housekeeping;
pub use audit::retention::{RecordKind, Retention};
pub use audit::sink::SinkCursor;
pub use identity::invitation::Invitation;
pub use identity::member::Member;
pub use identity::member_list::{MemberFilter, MemberOrder};
pub use identity::organization::Organization;
pub use identity::session::SessionCredential;
pub use ingest::ingest_count::IngestCount;
pub use integrations::integration_check::IntegrationCheck;
pub use objects::object_link::ReadAccess;
pub use objects::object_list::{LIST_TAGS, NameFilter, ObjectFilter, ObjectOrder, Reader};
pub use platform::dialect::{ChangeListener, PoolState, Store};
pub use platform::error::StoreError;
pub use platform::transaction::{Conn, Read, Record, Write};
pub use tokens::last_use::LastUsed;
pub use tokens::org_token::{OrgToken, OrgTokenCredential, OrgTokenSecret};
pub use tokens::org_token_list::{OrgTokenFilter, OrgTokenOrder, OrgTokenState};
pub use tokens::token::{NewToken, TokenCredential};
pub use tokens::token_list::{TokenFilter, TokenOrder, Unused};
pub use usage::tally::Tally;
pub use usage::usage_count::{UsageCount, UsageFilter, UsagePart, Whose};
pub use usage::usage_name::{UsageActor, UsageToken};
