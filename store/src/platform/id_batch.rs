//! Ids as values of a statement with a fixed number of places.

use domain::platform::id::Id;

use super::dialect::value::Value;

/// Ids in one statement. An unused place is the empty text, which is no id.
const BATCH: usize = 16;

/// The ids in batches.
pub(crate) fn id_batches(ids: &[Id]) -> impl Iterator<Item = Vec<Value<'static>>> {
    ids.chunks(BATCH).map(|ids| {
        let mut places = Vec::with_capacity(BATCH);
        places.extend(ids.iter().map(|id| Value::from(*id)));
        places.resize(BATCH, Value::from(""));
        places
    })
}
