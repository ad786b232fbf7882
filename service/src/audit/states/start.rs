//! The states of rows of earlier versions: they get theirs at the first start of a version with states, once.

use domain::{
    audit::event::{Action, ObjectType},
    platform::id::Id,
};
use store::{DatabaseFault, FaultKind};

use crate::{
    audit::commit::{done, object},
    platform::{error::ServiceError, handle::Platform},
};

/// Adds the states of rows without one, unless that was done before.
pub(crate) async fn start(platform: &Platform) -> Result<(), ServiceError> {
    let mut read = platform.store().read().await?;
    if read.find_row_state_start().await?.is_some() {
        return Ok(());
    }
    let had_states = read.has_row_states().await?;
    let has_organization = read.find_organization().await?.is_some();
    drop(read);
    if had_states {
        return report_removal(platform).await;
    }
    let at = platform.now();
    let event = match has_organization {
        true => {
            let caller = platform.system_caller().await?;
            let about = object(ObjectType::AuditLog, Id::from_bits(0), "states of all rows");
            Some(done(&caller, at, Action::Update, about, Vec::new()))
        }
        false => None,
    };
    let mut housekeeping = platform.store().housekeep().await?;
    if let Some(rows) = housekeeping.start_row_states(at, event.as_ref()).await? {
        housekeeping.finish().await?;
        if rows > 0 {
            tracing::info!(rows, "The audit log has the states of all rows now.");
        }
    }
    Ok(())
}

async fn report_removal(platform: &Platform) -> Result<(), ServiceError> {
    let detail = "The table row_state_start was emptied. See `countersign audit verify --state`.";
    tracing::error!("{detail}");
    let mut housekeeping = platform.store().housekeep().await?;
    housekeeping
        .note_database_fault(&DatabaseFault {
            at: platform.now(),
            kind: FaultKind::StateDiffers,
            detail: detail.to_owned(),
        })
        .await?;
    Ok(housekeeping.finish().await?)
}
