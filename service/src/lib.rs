//! The operations: sign in, issue, revoke, create, list. Each checks the permission and runs in a transaction. One that
//! changes something commits with an audit event. Three leave none, because the audit log need not show their changes:
//! [`Integrations::validate`] stores its result, [`Identities::issue_claim`] replaces the set-up link, and
//! [`Tokens::decrypt_reveal`] stores that a secret was shown. They use `store::Housekeeping`. An operation that only
//! reads leaves none, except an export of the audit log by a member or an org token.
//!
//! What may go in: a folder for each room, whose handle has one method per operation; the only use of the wall clock
//! ([`Clock`]) and of randomness (`platform::random`); digests of secrets. What never: SQL text, HTTP types,
//! markup.
//!
//! Every operation that commits with an event has the same five steps: open a write, load what the decision needs, ask
//! `domain`, apply, commit with the event. Start with [`Service::open`]; [`Tokens::authenticate`] authenticates a
//! token.

pub mod audit;
mod identity;
mod ingest;
mod integrations;
mod objects;
pub mod platform;
mod tokens;
mod usage;

mod backup;
mod evidence;
mod key_rotation;
mod key_rotation_change;
mod key_rotation_files;
mod key_rotation_step;
mod key_rotation_walk;
mod key_rotator;
mod moving;
mod open;
mod removal;
mod service;
mod settings;
mod subject;

pub use audit::calls::record::CallRecord;
pub use audit::calls::route_meters::{LATENCY_MICROS, RouteMeter, RouteName};
pub use audit::checkpoints::{Finding, Verdict};
pub use audit::denials::DeniedOperation;
pub use audit::export::{Export, format::ExportFormat};
pub use audit::handle::Audit;
pub use audit::info::{Info, InfoDetail, InfoEntry, subject::Subject, token_data::TokenData};
pub use audit::log_stream::{LogStream, cursor::LogCursor};
pub use audit::log_tree::bundle::{Bundle, EventRange};
pub use audit::log_tree::bundle_check::{BundleFault, BundleVerdict, verify_bundle};
pub use audit::log_tree::finding::TreeFinding;
pub use audit::log_tree::notes::InvalidNote;
pub use audit::log_tree::proofs::{EventProof, LogState};
pub use audit::query::AuditRange;
pub use audit::retention::KeepDays;
pub use audit::sinks::{FeedOutcome, Sink, SinkSettings, SinkState};
pub use audit::states::finding::{StateDeviation, StateFinding, StateVerdict};
pub use backup::{BackupError, BackupView, Restored, restore};
pub use evidence::{Evidence, EvidenceError, LogVerdict, open_bundle, verify_log};
pub use identity::handle::{Identities, Invitations, Members, Teams};
pub use identity::invitations::mail_outcome::MailOutcome;
pub use identity::invitations::pending::PendingInvitation;
pub use identity::invitations::{accept::InvitationView, invited::Invited};
pub use identity::members::list::MemberWithRoles;
pub use identity::members::pages::MemberBelongings;
pub use identity::members::view::{MemberView, NewMember};
pub use identity::organization::{OrganizationView, check_may_change_settings};
pub use identity::roles::list::RoleView;
pub use identity::sessions::password_change::{OtherTokens, PasswordChange};
pub use identity::setup::claim_secret::ClaimSecret;
pub use identity::sign_in::{
    BrowserCookies, SessionTokenRequest,
    browser::{SessionSecret, SignedIn},
    failures_since::FailuresSince,
    rejection_counts::RejectionKind,
};
pub use identity::teams::list::{TeamView, TeamWithSize};
pub use ingest::catalog::gathered::{Observation, Observer};
pub use ingest::catalog::series::SeriesView;
pub use ingest::counts::IngestTotals;
pub use ingest::forward_state::UpstreamState;
pub use ingest::handle::Ingest;
pub use ingest::open::{IngestSettings, OpenIngestError};
pub use ingest::parcel::Parcel;
pub use ingest::recent::{QueueState, Recent, RecentFilter, RecentParcel};
pub use ingest::upstream::{UpstreamRequest, UpstreamSettings};
pub use integrations::catalog::IntegrationView;
pub use integrations::handle::Integrations;
pub use key_rotation::KeyStatus;
pub use key_rotation_files::RotationFiles;
pub use key_rotation_step::{KeyRotationError, RotatedKey, RotationStep};
pub use key_rotator::KeyRotator;
pub use moving::{MoveError, Moving};
pub use objects::access::Validation;
pub use objects::changes::item_of;
pub use objects::dashboards::packages::GroupContent;
pub use objects::detector_pages::DetectorFacets;
pub use objects::editing::{ObjectAccess, UpdatePreview};
pub use objects::handle::Objects;
pub use objects::imports::Imported;
pub use objects::list::ListQuery;
pub use objects::rights::Rights;
pub use objects::shared::directory::DirectoryView;
pub use objects::shared::templates::{TemplateSearch, TemplateView};
pub use platform::clock::Clock;
pub use platform::error::{ErrorChain, ServiceError};
pub use platform::file_access::UnusableFile;
pub use platform::file_access::check_appendable;
pub use platform::http_endpoint::InvalidEndpoint;
pub use platform::http_source::{HttpSource, SourceResponse};
pub use platform::limited_log::{LimitedLog, warn_of_outage};
pub use platform::mail::{MailSender, MailServer, MailSettings};
pub use platform::master_key::{MasterKey, MasterKeyError};
pub use platform::readiness::Ready;
pub use platform::removal_run::RemovalRun;
pub use service::Service;
pub use settings::{OpenError, Settings};
pub use store::{
    Access, Backlog, Call, CallerFilter, CatalogEntry, CheckOutcome, DatabaseFault, FaultKind,
    IngestCount, IntegrationCheck, KeyRotation, MemberFilter, MemberOrder, MetricSeries,
    MovedTable, OrgTokenOrder, OrgTokenState, PoolState, RecordedEvent, RotationStage, TokenOrder,
    UsageActor, UsageCount, UsageToken,
};
pub use tokens::authenticate::{RejectedCredential, RejectionReason};
pub use tokens::handle::{OrgTokens, Tokens};
pub use tokens::org_token_api::OrgTokenView;
pub use tokens::org_token_pages::{OrgTokenDetail, OrgTokenSearch, OrgTokenWithState, SecretData};
pub use tokens::org_token_reveals::ReadSecret;
pub use tokens::recent_use::{RecentUse, UseOrigin};
pub use tokens::token_issue::IssuedToken;
pub use tokens::token_list::{TokenSearch, TokenView};
pub use usage::counts::UsageQuery;
pub use usage::handle::UsageCounts;
pub use usage::meters::Measures;
pub use usage::usage_groups::{Usage, UsageGroup, UsageKey, UsageSeries};
