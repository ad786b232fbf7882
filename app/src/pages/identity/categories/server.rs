//! Stores custom metric categories. One category is changed by storing the whole list.

use domain::identity::{actor::Caller, custom_category::CustomCategory};
use leptos::serde_json::{Value, json};
use service::Service;

use crate::{error::UiError, model::document::from_texts, request::report};

/// Replaces the category with this name, or appends a new one.
pub(crate) async fn save(
    service: &Service,
    caller: &Caller,
    before: &str,
    given: &[(&str, &str)],
) -> Result<(), UiError> {
    let present = report(service.identity().list_custom_categories(caller).await)?;
    let saved = Value::Object(from_texts(given));
    let place = present.iter().position(|category| category.name == before);
    let mut list = as_given(&present);
    match place.and_then(|place| list.get_mut(place)) {
        Some(category) => *category = saved,
        None => list.push(saved),
    }
    store(service, caller, &list).await
}

/// Removes the category with this name.
pub(crate) async fn delete(service: &Service, caller: &Caller, name: &str) -> Result<(), UiError> {
    let mut present = report(service.identity().list_custom_categories(caller).await)?;
    present.retain(|category| category.name != name);
    store(service, caller, &as_given(&present)).await
}

fn as_given(categories: &[CustomCategory]) -> Vec<Value> {
    categories.iter().map(|category| json!(category)).collect()
}

async fn store(service: &Service, caller: &Caller, list: &[Value]) -> Result<(), UiError> {
    report(
        service
            .identity()
            .replace_custom_categories(caller, list)
            .await,
    )
    .map(drop)
}
