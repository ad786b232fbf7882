//! A response that is sent back as a request changes nothing.

use super::*;

/// Reverses the lists of a response.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().rev().map(reversed).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), reversed(member)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn any_item() -> impl Strategy<Value = Item> {
    prop::sample::select(vec![Item::Group, DASHBOARD, Item::Detector])
}

proptest! {
    #[test]
    fn a_response_sent_back_changes_nothing(
        item in any_item(), stored in any_protection(),
        with_writers in any::<bool>(), with_permissions in any::<bool>(),
    ) {
        let present = present(item, &stored);
        let mut shown = Document::new();
        if with_writers {
            shown.insert("authorizedWriters".to_owned(), present.authorized_writers());
        }
        if let Some(permissions) = present.permissions().filter(|_| with_permissions) {
            shown.insert("permissions".to_owned(), permissions);
        }
        let turned = document(reversed(&Value::Object(shown.clone())));
        for request in [shown, turned] {
            prop_assert_eq!(PermissionRequest::read(&request, &present), Ok(PermissionRequest::Unchanged));
            prop_assert_eq!(
                PermissionRequest::read_moving(&request, &present, NEW_GROUP),
                Ok(PermissionRequest::Unchanged)
            );
        }
    }

    #[test]
    fn an_applied_change_sent_back_changes_nothing(
        item in any_item(), before in any_protection(), wanted in any_protection(),
    ) {
        let wanted = present(item, &wanted);
        let mut request = Document::new();
        request.insert("authorizedWriters".to_owned(), wanted.authorized_writers());
        if let Some(permissions) = wanted.permissions() {
            request.insert("permissions".to_owned(), permissions);
        }
        // The random entries may name one principal twice, which a request may not.
        if let Ok(PermissionRequest::Change(change)) = PermissionRequest::read(&request, &present(item, &before)) {
            let stored = present(item, &change.protection);
            let mut shown = Document::new();
            shown.insert("authorizedWriters".to_owned(), stored.authorized_writers());
            if let Some(permissions) = stored.permissions() {
                shown.insert("permissions".to_owned(), permissions);
            }
            prop_assert_eq!(PermissionRequest::read(&shown, &stored), Ok(PermissionRequest::Unchanged));
        }
    }
}
