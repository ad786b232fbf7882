//! The database: one file per table with its row type, its SQL and its methods. The only crate that knows sqlx.
//!
//! What may go in: questions to the database and changes to it, as static SQL text that SQLite and PostgreSQL both
//! understand. What never: a rule about who may do what, or a status code. The fork between the two databases is in
//! `dialect` and nowhere else.
//!
//! Start with [`Store::open`]. [`Store::read`] gives a connection to ask with; [`Store::write`] begins a transaction
//! that can only be committed by handing over what the record shall say about it ([`Write::commit`]).

mod audit_event;
mod backlog;
mod call;
mod call_block;
mod call_filter;
mod call_walk;
mod claim;
mod custom_category;
mod dialect;
mod error;
mod event_list;
mod event_of_call;
mod event_row;
mod folded_name;
mod group;
mod housekeeping;
mod ingest_count;
mod integration_check;
mod invitation;
mod last_use;
mod member;
mod member_list;
mod new_object;
mod object;
mod object_facet;
mod object_link;
mod object_list;
mod org_token;
mod org_token_list;
mod org_token_secret;
mod organization;
mod retention;
mod row;
mod seal;
mod session;
mod sign_in_failure;
mod sink;
mod tally;
mod team_member;
mod token;
mod token_list;
mod transaction;
mod uncounted_block;
mod usage;
mod usage_name;

pub use audit_event::{FeedEntry, RecordedEvent};
pub use backlog::Backlog;
pub use call::{Call, CallSource};
pub use call_block::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK, NewCall, NewSource};
pub use call_filter::CallFilter;
pub use call_walk::CallWalk;
pub use dialect::{ChangeListener, PoolState, Store};
pub use error::StoreError;
pub use event_list::EventFilter;
pub use event_row::Row as EventRow;
pub use housekeeping::Housekeeping;
pub use ingest_count::IngestCount;
pub use integration_check::IntegrationCheck;
pub use invitation::Invitation;
pub use last_use::LastUsed;
pub use member::Member;
pub use member_list::{MemberFilter, MemberOrder};
pub use object_link::ReadAccess;
pub use object_list::{LIST_TAGS, NameFilter, ObjectFilter, ObjectOrder, Reader};
pub use org_token::{OrgToken, OrgTokenCredential, OrgTokenSecret};
pub use org_token_list::{OrgTokenFilter, OrgTokenOrder, OrgTokenState};
pub use organization::Organization;
pub use retention::{RecordKind, Retention};
pub use seal::{Seal, SealedRow};
pub use session::SessionCredential;
pub use sink::SinkCursor;
pub use tally::Tally;
pub use token::{NewToken, TokenCredential};
pub use token_list::{TokenFilter, TokenOrder, Unused};
pub use transaction::{Conn, Read, Record, Write};
pub use usage::{UsageCount, UsageFilter, UsagePart, Whose};
pub use usage_name::{UsageActor, UsageToken};
