//! Where an integration sends to: its host, and the org token it sends with.

use serde_json::Value;

use crate::{
    integrations::{
        document::StoredIntegration, kind::Destination, kinds::kind_of, target::Target,
    },
    platform::{
        document::{Document, reject},
        rejection::Rejected,
    },
};

/// The name of the org token that an integration sends with.
#[must_use]
pub fn named_token(document: &Document) -> Option<&str> {
    kind_of(document)?
        .fields()
        .iter()
        .find(|field| field.name == "namedToken")?;
    let name = document.get("namedToken")?.as_str()?;
    Some(name).filter(|name| !name.is_empty())
}

/// The host that an integration sends to; `None` when its configuration has none.
///
/// # Errors
/// [`Rejected`] when a required one is missing or invalid.
pub fn target(stored: StoredIntegration<'_>) -> Result<Option<Target>, Rejected> {
    let Some(kind) = kind_of(stored.document) else {
        return Ok(None);
    };
    let text = |field: &str| {
        let value = stored.document.get(field).or(stored.secrets.find(field));
        let text = value.and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let field = match kind.destination {
        Destination::Nowhere => return Ok(None),
        Destination::Address(field)
        | Destination::AddressIfGiven(field)
        | Destination::Host(field) => field,
    };
    let target = match (text(field), kind.destination) {
        (None, Destination::AddressIfGiven(_)) => return Ok(None),
        (None, _) => return Err(reject(field, "is missing")),
        (Some(host), Destination::Host(_)) => Target::parse_host(&host),
        (Some(url), _) => Target::parse(&url),
    };
    target.map(Some).map_err(|what| reject(field, what))
}
