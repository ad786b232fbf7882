//! The audit event of a call, found by request id within the duration of the request. An index on request ids would
//! make every change slower.

use std::collections::HashMap;

use domain::platform::id::{OrganizationId, RequestId};

use super::call::Call;
use crate::{
    audit::{
        event_row::{EventRow, columns},
        recorded_event::RecordedEvent,
    },
    platform::{Conn, Sql, StoreError, Value, over_rows, statements, values},
};

statements! {
    /// The number of the last event of each request.
    const NUMBERS: Sql = over_rows!(
        "SELECT (SELECT found.number FROM audit_event AS found \
         WHERE found.organization_id = given.value ->> 0 AND found.at >= CAST(given.value ->> 1 AS BIGINT) \
         AND found.at <= CAST(given.value ->> 2 AS BIGINT) AND found.request_id = given.value ->> 3 \
         ORDER BY found.at DESC, found.number DESC LIMIT 1) FROM",
        ""
    );
    /// Separate from [`NUMBERS`], because PostgreSQL would read the whole table for a join of both.
    const EVENTS: Sql = over_rows!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM audit_event WHERE number IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM"
        ),
        ")"
    );
}

impl Conn {
    /// The events of these calls, by request.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_events_of_calls(
        &mut self,
        calls: &[Call],
    ) -> Result<HashMap<RequestId, RecordedEvent>, StoreError> {
        let requests: Vec<_> = calls.iter().filter_map(request).collect();
        let found = self
            .fetch_all::<(Option<i64>,)>(NUMBERS, values![Value::rows(&requests)?])
            .await?;
        let numbers: Vec<[i64; 1]> = found
            .into_iter()
            .filter_map(|(number,)| Some([number?]))
            .collect();
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self
            .fetch_all::<EventRow>(EVENTS, values![Value::rows(&numbers)?])
            .await?;
        rows.into_iter()
            .map(|row| {
                let recorded = RecordedEvent::try_from(row)?;
                Ok((recorded.event.by.request.id, recorded))
            })
            .collect()
    }
}

/// A row of [`NUMBERS`]: the organization, the time span of the request, and its id.
fn request(call: &Call) -> Option<(OrganizationId, i64, i64, RequestId)> {
    let from = call.at.as_micros();
    let to = from.saturating_add(call.duration_us);
    Some((call.source.organization_id?, from, to, call.request_id))
}
