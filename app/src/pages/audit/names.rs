//! The filters of the audit log with the names of people, tokens and objects instead of ids.

use domain::{
    audit::query::AuditFilter,
    identity::actor::Caller,
    platform::id::{Id, TokenId, UserId},
};
use service::Service;

use crate::{
    error::UiError,
    model::{audit::log::LogRows, tokens::user_token::TokenRow},
    request::if_visible,
};

/// A text for each filter that is set. An id without a visible object stays an id.
pub(super) async fn filter_texts(
    service: &Service,
    caller: &Caller,
    filter: &AuditFilter,
    rows: &LogRows,
) -> Result<Vec<String>, UiError> {
    let mut texts = Vec::new();
    if let Some(id) = filter.person {
        texts.push(format!("By {}", person_name(service, caller, id).await?));
    }
    if let Some(id) = filter.token {
        texts.push(format!("With {}", token_name(service, caller, id).await?));
    }
    if let Some(id) = filter.object {
        texts.extend(object_name(id, rows).map(|name| format!("About {name}")));
    }
    if let Some(address) = &filter.address {
        texts.push(format!("From {address}"));
    }
    if let Some(request) = filter.request {
        texts.push(format!("In request {request}"));
    }
    Ok(texts)
}

async fn person_name(service: &Service, caller: &Caller, id: Id) -> Result<String, UiError> {
    let found = service.identity().members().find(caller, UserId(id)).await;
    match if_visible(found)? {
        Some(found) => Ok(format!(
            "{} ({})",
            found.member.full_name, found.member.email
        )),
        None => org_token_name(service, caller, id).await,
    }
}

async fn token_name(service: &Service, caller: &Caller, id: Id) -> Result<String, UiError> {
    let found = service.tokens().find(caller, TokenId(id)).await;
    match if_visible(found)?.map(TokenRow::from) {
        Some(row) => Ok(format!(
            "{} {} of {}",
            row.token.kind.words(),
            row.title(),
            row.owner_name
        )),
        None => org_token_name(service, caller, id).await,
    }
}

async fn org_token_name(service: &Service, caller: &Caller, id: Id) -> Result<String, UiError> {
    let found = if_visible(service.tokens().org().find_by_id(caller, id).await)?;
    Ok(found.map_or_else(
        || id.to_string(),
        |token| format!("org token {}", token.name),
    ))
}

/// The name of an object, from its newest event; calls do not have one.
fn object_name(id: Id, rows: &LogRows) -> Option<String> {
    let LogRows::Events(page) = rows else {
        return None;
    };
    let newest = page.rows.first().map(|event| &event.object);
    let name = newest.map(|object| format!("{} {}", object.kind.words(), object.name));
    Some(name.unwrap_or_else(|| id.to_string()))
}
