//! The audit log and the call log in pages, newest first, for the web pages. The work per page is bounded, whatever the
//! size of the log and the selectivity of the filter.

pub(crate) mod access;

use domain::{
    audit::query::{AuditFilter, AuditPosition, AuditResults, PageDirection},
    identity::actor::Caller,
    platform::{rejection::Rejected, timestamp::Timestamp},
};
use store::{Call, CallFilter, CallWalk, Conn, EventFilter, RecordedEvent};

use crate::{
    audit::{
        handle::Audit,
        pages::access::{authorize_query, call_filter, event_filter},
        query::{place_of_call, place_of_event},
    },
    platform::error::ServiceError,
};

/// Maximum number of events scanned for one page when no index covers the filter: 5 ms from memory, 40 ms from disk.
const EVENTS_PER_PAGE: i64 = 4_000;

/// Budget of one page of calls: 4,096 skipped blocks or 240 decoded ones, about a tenth of a second.
pub(crate) const COST_PER_PAGE: i64 = 4_096;

impl Audit {
    /// Replaces the email address of a person in the filter by their id.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when no member has that address.
    pub async fn resolve_person(&self, given: &mut [(String, String)]) -> Result<(), ServiceError> {
        for (name, value) in given {
            if name != "person" || !value.contains('@') {
                continue;
            }
            let mut read = self.platform.store().read().await?;
            let found = read
                .find_member_by_email(&value.trim().to_lowercase())
                .await?;
            let unknown = || {
                Rejected::field(
                    "person",
                    format!("No member has the email address “{value}”."),
                )
            };
            *value = found.ok_or_else(unknown)?.id.to_string();
        }
        Ok(())
    }

    /// A page of events. Administrators see all events, the owner of a token those of the token.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for other callers.
    pub async fn list_events(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        direction: PageDirection,
        limit: usize,
    ) -> Result<AuditResults<RecordedEvent>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        authorize_query(&mut read, caller, filter).await?;
        let Some(filter) = event_filter(caller, filter) else {
            return Ok(page_of(direction, Vec::new(), None, |_| AuditPosition::END));
        };
        let page = page_of_events(&mut read, &filter, direction, limit).await?;
        if is_newest(&page, direction) {
            return page_of_events(&mut read, &filter, PageDirection::NEWEST, limit).await;
        }
        Ok(page)
    }

    /// A page of calls, with the same permissions. The object filter is ignored, because calls have paths instead of
    /// objects.
    ///
    /// # Errors
    /// As [`Self::list_events`].
    pub async fn list_calls(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
        direction: PageDirection,
        limit: usize,
    ) -> Result<AuditResults<Call>, ServiceError> {
        self.flush_calls().await?;
        let mut read = self.platform.store().read().await?;
        authorize_query(&mut read, caller, filter).await?;
        let filter = call_filter(caller, filter);
        let page = page_of_calls(&mut read, &filter, direction, limit).await?;
        if is_newest(&page, direction) {
            return page_of_calls(&mut read, &filter, PageDirection::NEWEST, limit).await;
        }
        Ok(page)
    }
}

/// Whether a page read forwards reached the newest row. It may be short then, so it is read again from the newest row.
const fn is_newest<T>(page: &AuditResults<T>, direction: PageDirection) -> bool {
    matches!(direction, PageDirection::Newer(_)) && page.newer.is_none()
}

async fn page_of_events(
    read: &mut Conn,
    filter: &EventFilter,
    direction: PageDirection,
    limit: usize,
) -> Result<AuditResults<RecordedEvent>, ServiceError> {
    let mut filter = filter.clone();
    let range_end = if filter.is_indexed() {
        None
    } else {
        read.find_range_end_of_events(&filter, direction, EVENTS_PER_PAGE)
            .await?
    };
    match (direction, range_end) {
        (_, None) => {}
        (PageDirection::Older(_), Some(range_end)) => filter.from = filter.from.max(range_end),
        (PageDirection::Newer(_), Some(range_end)) => {
            let next = Timestamp::from_micros(range_end.as_micros().saturating_add(1));
            filter.to = filter.to.min(next);
        }
    }
    let far = range_end.map(|range_end| match direction {
        PageDirection::Older(_) => AuditPosition::before(range_end),
        PageDirection::Newer(_) => AuditPosition::after(range_end),
    });
    let asked = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = read.list_events(&filter, direction, asked).await?;
    let gave_up = far.filter(|_| rows.len() <= limit);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = gave_up.or_else(|| rows.last().filter(|_| more).map(place_of_event));
    Ok(AuditResults {
        gave_up: gave_up.is_some(),
        ..page_of(direction, rows, next, place_of_event)
    })
}

async fn page_of_calls(
    read: &mut Conn,
    filter: &CallFilter,
    direction: PageDirection,
    limit: usize,
) -> Result<AuditResults<Call>, ServiceError> {
    let mut walk = CallWalk::new(filter.clone(), direction);
    let mut rows = Vec::new();
    while rows.len() <= limit {
        let calls = read.next_calls_within(&mut walk, COST_PER_PAGE).await?;
        if calls.is_empty() {
            break;
        }
        rows.extend(calls);
    }
    let more = rows.len() > limit;
    let gave_up = Some(walk.position()).filter(|_| !more && !walk.is_at_end());
    rows.truncate(limit);
    let next = gave_up.or_else(|| rows.last().filter(|_| more).map(place_of_call));
    Ok(AuditResults {
        gave_up: gave_up.is_some(),
        ..page_of(direction, rows, next, place_of_call)
    })
}

/// A page of rows, ordered by distance from the position, with the positions of the adjacent pages.
fn page_of<T>(
    direction: PageDirection,
    mut rows: Vec<T>,
    next: Option<AuditPosition>,
    place: impl Fn(&T) -> AuditPosition,
) -> AuditResults<T> {
    let back = |here: AuditPosition| rows.first().map_or(here, &place);
    let (newer, older) = match direction {
        PageDirection::Older(AuditPosition::END) => (None, next),
        // From an empty page, the way back leads to the row it began after.
        PageDirection::Older(here) => (
            Some(back(AuditPosition {
                number: here.number.saturating_sub(1),
                ..here
            })),
            next,
        ),
        PageDirection::Newer(here) => (
            next,
            Some(back(AuditPosition {
                number: here.number.saturating_add(1),
                ..here
            })),
        ),
    };
    if matches!(direction, PageDirection::Newer(_)) {
        rows.reverse();
    }
    AuditResults {
        rows,
        newer,
        older,
        gave_up: false,
    }
}
