//! People of the source, and lists of ids of them.

use serde_json::Value;

use super::known::Known;

/// The id here of a person of the source. If it does not exist, `left_out` gets the reason.
pub(super) fn replace_person(
    source_id: &str,
    what: &str,
    known: &Known,
    left_out: &mut Vec<String>,
) -> Option<String> {
    match known.people.get(source_id) {
        Some(person) => match person.user_id {
            Some(id) => return Some(id.to_string()),
            None => left_out.push(format!("{what}: {} has no account here", person.email)),
        },
        None => left_out.push(format!("{what}: the source has no member {source_id}")),
    }
    None
}

/// The texts of a list.
pub(super) fn strings(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
