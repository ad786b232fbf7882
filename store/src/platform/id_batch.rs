//! Ids as values of a statement with a fixed number of placeholders.

use domain::platform::id::Id;

use super::dialect::value::Value;

/// Ids in one statement. Unused placeholders are the empty text, which is no id.
const BATCH: usize = 16;

/// The ids in batches.
pub(crate) fn id_batches(ids: &[Id]) -> impl Iterator<Item = Vec<Value<'static>>> {
    ids.chunks(BATCH).map(|ids| {
        let mut values = Vec::with_capacity(BATCH);
        values.extend(ids.iter().map(|id| Value::from(*id)));
        values.resize(BATCH, Value::from(""));
        values
    })
}
