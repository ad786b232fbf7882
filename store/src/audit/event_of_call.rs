//! Which act a call asked for: the event of its request, looked for in the time the request took. No index leads there,
//! since every change would pay for it.

use std::collections::HashMap;

use domain::platform::id::{OrganizationId, RequestId};

use crate::{
    audit::{
        audit_event::RecordedEvent,
        call::Call,
        event_row::{Row, columns},
    },
    platform::{
        dialect::rows::{OverRows, over_rows},
        error::StoreError,
        transaction::Conn,
    },
};

/// The numbers of the events; of several events of one request, the last.
const NUMBERS: OverRows = over_rows!(
    "SELECT (SELECT act.number FROM audit_event AS act \
     WHERE act.organization_id = given.value ->> 0 AND act.at >= CAST(given.value ->> 1 AS BIGINT) \
     AND act.at <= CAST(given.value ->> 2 AS BIGINT) AND act.request_id = given.value ->> 3 \
     ORDER BY act.at DESC, act.number DESC LIMIT 1) FROM",
    ""
);

/// In a statement of its own: of both in one, PostgreSQL would read the whole table.
const OF_NUMBERS: OverRows = over_rows!(
    concat!(
        "SELECT number, ",
        columns!(),
        " FROM audit_event WHERE number IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM"
    ),
    ")"
);

impl Conn {
    /// The events that these calls asked for, by their request.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_events_of_calls(
        &mut self,
        calls: &[Call],
    ) -> Result<HashMap<RequestId, RecordedEvent>, StoreError> {
        let asked: Vec<(OrganizationId, i64, i64, RequestId)> = calls
            .iter()
            .filter_map(|call| {
                let from = call.at.as_micros();
                let to = from.saturating_add(call.duration_us);
                let organization = call.source.organization_id?;
                Some((organization, from, to, call.request_id))
            })
            .collect();
        let found: Vec<(Option<i64>,)> = self.ask_over(&NUMBERS, &asked).await?;
        let numbers: Vec<[i64; 1]> = found
            .into_iter()
            .filter_map(|(number,)| Some([number?]))
            .collect();
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<Row> = self.ask_over(&OF_NUMBERS, &numbers).await?;
        rows.into_iter()
            .map(|row| {
                let recorded = RecordedEvent::try_from(row)?;
                Ok((recorded.event.by.request.id, recorded))
            })
            .collect()
    }
}
