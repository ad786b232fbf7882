//! Versions: an update names the version that it replaces, so that it does not undo a change that its client has not
//! seen (docs/contract.md#metric-rulesets).

use serde_json::{Value, json};

use crate::{
    objects::object::Object,
    platform::{document::Document, fields::Fields, rejection::Rejected},
};

/// The field of requests, responses and documents.
pub const VERSION: &str = "version";

/// The version of a new object.
const FIRST: i64 = 1;

/// A request names another version than the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherVersion {
    /// The version that the request names.
    pub given: i64,
    /// The version of the object.
    pub present: i64,
}

/// The version of an object.
#[must_use]
pub fn version_of(document: &Document) -> i64 {
    document
        .get(VERSION)
        .and_then(Value::as_i64)
        .unwrap_or(FIRST)
}

/// Compares the version of a request to update or delete an object with that of the object.
///
/// # Errors
/// [`Rejected`] when the request has no version.
pub fn compare(given: &Document, present: &Object) -> Result<Result<(), OtherVersion>, Rejected> {
    let fields = Fields::of(given);
    let given = fields.whole_number(VERSION, i64::MIN, i64::MAX)?;
    let given = fields.required(VERSION, given)?;
    let present = version_of(&present.document);
    Ok(if given == present {
        Ok(())
    } else {
        Err(OtherVersion { given, present })
    })
}

/// Sets the version of a draft: that of the present object, until it is known whether the draft changes it.
pub(super) fn keep(document: &mut Document, present: Option<&Object>) {
    let version = present.map_or(FIRST, |present| version_of(&present.document));
    document.insert(VERSION.to_owned(), json!(version));
}

/// Counts the version of a changed document up.
pub fn count_up(document: &mut Document) {
    let next = version_of(document).saturating_add(1);
    document.insert(VERSION.to_owned(), json!(next));
}
