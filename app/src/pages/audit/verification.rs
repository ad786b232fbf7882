//! `/audit/verification`: what an auditor needs to verify the log without trust in who runs the server. For
//! administrators.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{audit::verification::VerificationView, platform::paths::AUDIT},
    pages::platform::{administrators_only::ForAdministrators, frame::Frame},
    ui::{
        list::listing::grouped,
        page::{
            head::{PageHead, step},
            load::loaded,
            navigation::Section,
        },
        secret::copy::CopyText,
        time::DateTime,
    },
};

const ADMINISTRATORS_ONLY: &str = "Only administrators can see how the audit log is verified.";

/// The page for auditors.
#[component]
pub fn VerificationPage() -> impl IntoView {
    view! {
        <Frame title="Verification" section=Section::Audit>
            <ForAdministrators words=ADMINISTRATORS_ONLY>
                {loaded(describe_verification(), |view| view! { <Verification view /> })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn Verification(view: VerificationView) -> impl IntoView {
    let breadcrumbs = vec![step(AUDIT, "Audit log")];
    let VerificationView {
        origin,
        public_key,
        note,
        at,
        leaves,
        last_event,
        forged,
        now,
    } = view;
    view! {
        <PageHead title="Verification" breadcrumbs />
        <p class="prose">
            "Each audit event and each block of API calls is a leaf of one Merkle tree. Its signed checkpoints can be verified by
            anyone who has the public key, without access to this server."
        </p>
        <dl class="definitions definitions-wide">
            <div><dt>"Log"</dt><dd><code>{origin}</code></dd></div>
            <div><dt>"Newest checkpoint"</dt><dd><DateTime at now /></dd></div>
            <div><dt>"Leaves"</dt><dd>{grouped(leaves)}</dd></div>
            <div><dt>"Newest event in it"</dt><dd>{grouped(last_event)}</dd></div>
            <div><dt>"Changed rows"</dt><dd><Forged forged now /></dd></div>
        </dl>
        <h2 class="space-above">"Public key"</h2>
        <CopyText text=public_key label="Public key".to_owned() />
        <h2 class="space-above">"Checkpoint"</h2>
        <pre class="verification-note" tabindex="0" aria-label="Checkpoint">{note}</pre>
        <p class="prose">
            <a href="/audit/checkpoint" rel="external" download="checkpoint.txt">"Download the newest checkpoint"</a>
            ". Keep it outside this server: it proves later that no row before it was changed or removed."
        </p>
        <HowTo />
    }
}

/// Rows that were changed by others and not confirmed.
#[component]
fn Forged(forged: Vec<(Timestamp, String)>, now: Timestamp) -> impl IntoView {
    if forged.is_empty() {
        return view! {
            "None that is not confirmed. "
            <a href=format!("{AUDIT}?kind=audit_log")>"Confirmed ones"</a>
        }
        .into_any();
    }
    let rows = forged
        .into_iter()
        .map(|(at, detail)| view! { <li><DateTime at now /> ": " {detail}</li> });
    view! { <ul>{rows.collect_view()}</ul> }.into_any()
}

#[component]
fn HowTo() -> impl IntoView {
    view! {
        <h2 class="space-above">"How to verify"</h2>
        <p class="prose">"A copy of the database, with a checkpoint that was kept. It needs neither the master key nor write access:"</p>
        <pre class="verification-note" tabindex="0" aria-label="Command that verifies a database">
            "countersign audit verify --public-key \"$KEY\" --checkpoint checkpoint.txt"
        </pre>
        <p class="prose">"Some events, without the database:"</p>
        <pre class="verification-note" tabindex="0" aria-label="Commands that export and verify a bundle">
            "countersign audit export --bundle events.ndjson --first-event 1 --last-event 100\ncountersign audit verify --public-key \"$KEY\" --bundle events.ndjson"
        </pre>
        <p class="prose">
            "The format of bundles is documented, and clients/verify_bundle.py verifies them too. Witnesses read "
            <code>"/audit/checkpoint"</code> " and " <code>"/audit/tile/"</code> " without a token."
        </p>
    }
}

/// The state of the log tree.
///
/// # Errors
/// [`UiError::Denied`] unless the caller is an administrator; [`UiError::NotFound`] when there is no tree.
#[server(prefix = "/ui", endpoint = "audit/verification")]
pub async fn describe_verification() -> Result<VerificationView, UiError> {
    use crate::request::{self, report};
    let (service, caller) = request::signed_in()?;
    let state = report(service.audit().describe_log(&caller).await)?;
    let faults = report(service.list_database_faults().await)?;
    let forged = faults
        .into_iter()
        .filter(|fault| fault.kind == service::FaultKind::ForgedRows)
        .map(|fault| (fault.at, fault.detail));
    Ok(VerificationView {
        origin: state.origin,
        public_key: state.public_key,
        note: state.note,
        at: state.at,
        leaves: state.size,
        last_event: state.last_event,
        forged: forged.collect(),
        now: service.now(),
    })
}
