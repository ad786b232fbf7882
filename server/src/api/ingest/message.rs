//! SignalFx protobuf messages: repeated items, and what datapoints and events have in common
//! (docs/contract.md#ingest). The layout is written here by hand.

use domain::ingest::Pairs;
use prost::Message;

use super::{json, json::ItemList, protobuf};
use crate::api::platform::error::ApiError;

/// The only field of an upload message, which is repeated.
const ITEM: u32 = 1;

/// A name with a text value.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Dimension {
    #[prost(string, optional, tag = "1")]
    key: Option<String>,
    #[prost(string, optional, tag = "2")]
    value: Option<String>,
}

/// Decodes an upload message, item by item. An item that breaks a rule is dropped; a malformed one rejects the message.
pub(super) fn decode<M, T>(bytes: &[u8]) -> Result<ItemList<T>, ApiError>
where
    M: Message + Default + Into<Option<T>>,
{
    let malformed =
        || ApiError::bad_request("The body cannot be read: it is no such protobuf message.");
    let mut list = ItemList::default();
    for field in protobuf::fields(bytes) {
        let field = field.map_err(|_| malformed())?;
        if field.number != u64::from(ITEM) {
            continue;
        }
        let item = M::decode(field.content().map_err(|_| malformed())?).map_err(|_| malformed())?;
        match item.into() {
            Some(item) => list.items.push(item),
            None => list.dropped += 1,
        }
        json::check_number(list.items.len())?;
    }
    Ok(list)
}

/// Encodes an upload message.
pub(super) fn encode<M: Message>(items: impl Iterator<Item = M>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        prost::encoding::message::encode(ITEM, &item, &mut bytes);
    }
    bytes
}

/// Returns the names and values of a message.
pub(super) fn texts(dimensions: Vec<Dimension>) -> Pairs<String> {
    let pair = |dimension: Dimension| {
        (
            dimension.key.unwrap_or_default(),
            dimension.value.unwrap_or_default(),
        )
    };
    dimensions.into_iter().map(pair).collect()
}

/// Returns names and values as slices.
pub(super) fn pairs(texts: &Pairs<String>) -> impl Iterator<Item = (&str, &str)> + Clone {
    texts
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

/// Returns names and values for a message.
pub(super) fn dimensions(texts: Pairs<String>) -> Vec<Dimension> {
    let dimension = |(key, value)| Dimension {
        key: Some(key),
        value: Some(value),
    };
    texts.into_iter().map(dimension).collect()
}
