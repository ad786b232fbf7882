//! The acts: sign in, generate, revoke, create, list. Permission, transaction and record, in that order.
//!
//! What may go in: one file per noun with one method per act on [`Service`]; the only use of a clock ([`clock`]) and of
//! chance ([`random`]); turning secrets into digests. What never: SQL text, HTTP types, markup.
//!
//! Every act that changes something has the same five steps: open a write, load what the decision needs, ask `domain`,
//! apply, commit with the event. Start with [`Service::open`]; where a token is verified: [`Service::authenticate`].

mod authenticate;
mod cache;
mod call_buffer;
pub mod calls;
mod cells;
mod charts;
pub mod clock;
mod dashboard_copies;
mod dashboard_group_update;
mod dashboard_groups;
mod dashboard_update;
mod dashboards;
mod detector_pages;
mod detectors;
mod editing;
mod error;
mod export;
mod feed;
mod info;
mod ingest;
mod integration_checks;
mod integrations;
mod invitation_limits;
mod invitations;
mod last_seen;
mod last_used;
mod lines;
mod mail;
mod member_list;
mod member_pages;
mod member_standing;
mod members;
mod meters;
mod object_record;
mod object_rights;
mod objects;
mod open;
mod org_token_acts;
mod org_token_pages;
mod org_tokens;
mod organization;
mod passwords;
mod placing;
mod post;
mod random;
mod reach;
mod record;
mod refusals;
mod retention;
mod reveal;
mod roles;
mod seals;
mod sessions;
mod setup;
mod sightings;
mod sign_in;
mod sinks;
mod team_links;
mod team_members;
mod teams;
mod token_list;
mod tokens;
mod trail;
mod trail_pages;
mod usage;
mod vault;

pub use authenticate::RefusedCredential;
pub use calls::CallRecord;
pub use clock::Clock;
pub use detector_pages::DetectorFacets;
pub use editing::{Edit, Standing};
pub use error::ServiceError;
pub use export::{Export, ExportFormat};
pub use info::{ActDetail, Info, InfoAct, TokenFacts};
pub use ingest::{
    IngestSettings, IngestTotals, OpenIngestError, Outgoing, Parcel, QueueState, Recent,
    RecentFilter, RecentParcel, UpstreamSettings, UpstreamState,
};
pub use integrations::IntegrationView;
pub use invitations::{InvitationView, Invited};
pub use mail::{MailSender, MailServer, MailSettings, Mailed};
pub use member_list::MemberDetail;
pub use member_pages::{MemberBelongings, PendingInvitation};
pub use members::{MemberView, NewMember};
pub use meters::{LATENCY_MICROS, Measures, RouteMeter, RouteName};
pub use object_record::item_of;
pub use object_rights::Rights;
pub use objects::{ListQuery, Validation};
pub use open::{OpenError, Service, Settings};
pub use org_token_acts::OrgTokenView;
pub use org_token_pages::{OrgTokenDetail, OrgTokenFacts, OrgTokenSearch, SecretFacts};
pub use org_tokens::IssuedOrgToken;
pub use organization::{OrganizationView, check_may_change_settings};
pub use post::PostRefused;
pub use refusals::RefusedAct;
pub use retention::KeepDays;
pub use roles::RoleView;
pub use seals::{Finding, Verdict};
pub use setup::ClaimSecret;
pub use sightings::{Sighting, Sightings};
pub use sign_in::{SessionSecret, SignedIn};
pub use sinks::{Fed, Sink, SinkSettings, SinkState};
pub use store::{
    Backlog, Call, IngestCount, IntegrationCheck, MemberFilter, MemberOrder, OrgTokenOrder,
    OrgTokenState, PoolState, RecordedEvent, TokenOrder, UsageActor, UsageCount, UsageToken, Whose,
};
pub use teams::TeamView;
pub use token_list::{TokenSearch, TokenView};
pub use tokens::IssuedToken;
pub use trail::TrailRange;
pub use usage::{Usage, UsageGroup, UsageKey, UsageQuery, UsageSeries};
