//! Parses and encodes events, as JSON and as SignalFx protobuf. Both become the same message, which is queued and
//! forwarded.

use domain::{
    ingest::{Datum, Event, EventCategory, Kind, Pairs},
    platform::timestamp::Timestamp,
};
use prost::Message;
use serde_json::Value;
use service::Observer;

use super::{
    body::{DataBody, Format, unread_format},
    json::{self, FromJson, ItemList},
    message::{Dimension, decode, dimensions, encode, pairs, texts},
    parsed::ParsedItems,
};
use crate::api::platform::error::ApiError;

#[derive(Clone, PartialEq, Message)]
struct EventMessage {
    #[prost(string, optional, tag = "1")]
    event_type: Option<String>,
    #[prost(message, repeated, tag = "2")]
    dimensions: Vec<Dimension>,
    #[prost(message, repeated, tag = "3")]
    properties: Vec<PropertyMessage>,
    #[prost(int32, optional, tag = "4")]
    category: Option<i32>,
    #[prost(int64, optional, tag = "5")]
    timestamp: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct PropertyMessage {
    #[prost(string, optional, tag = "1")]
    key: Option<String>,
    #[prost(message, optional, tag = "2")]
    value: Option<PropertyValueMessage>,
}

#[derive(Clone, PartialEq, Message)]
struct PropertyValueMessage {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
    #[prost(double, optional, tag = "2")]
    real: Option<f64>,
    #[prost(int64, optional, tag = "3")]
    whole: Option<i64>,
    #[prost(bool, optional, tag = "4")]
    truth: Option<bool>,
}

/// The accepted formats, for the message of a 415.
const ACCEPTED: &str =
    "Events are read as JSON (application/json) or as a SignalFx message (application/x-protobuf).";

/// Parses a body of events.
pub(super) fn parse_events(
    body: &DataBody,
    now: Timestamp,
    observer: &mut Observer,
) -> Result<ParsedItems, ApiError> {
    let list: ItemList<Event> = match body.format {
        Format::Json => json::parse(&body.bytes)?,
        Format::Protobuf => decode::<EventMessage, Event>(&body.bytes)?,
        Format::Thrift => return Err(unread_format(ACCEPTED)),
    };
    json::check_number(list.items.len())?;
    for event in &list.items {
        observer.event(pairs(&event.dimensions));
    }
    Ok(ParsedItems {
        kind: Kind::Events,
        items: list.items.len(),
        dropped: list.dropped,
        payload: encode(list.items.into_iter().map(|event| to_message(event, now))),
    })
}

/// Returns the events of a queued parcel.
pub(super) fn events(payload: &[u8]) -> Vec<Event> {
    decode::<EventMessage, Event>(payload).map_or_else(|_| Vec::new(), |list| list.items)
}

impl FromJson for Event {
    fn from_json(item: Value) -> Option<Self> {
        let Value::Object(mut item) = item else {
            return None;
        };
        let category = match item.get("category") {
            None | Some(Value::Null) => EventCategory::USER_DEFINED,
            Some(word) => EventCategory::from_word(word.as_str()?)?,
        };
        let event = Self {
            event_type: item.get("eventType")?.as_str()?.to_owned(),
            category,
            at_ms: json::timestamp(item.get("timestamp"))?,
            dimensions: json::texts(item.remove("dimensions"))?,
            properties: json::data(item.remove("properties"))?,
        };
        event.is_valid().then_some(event)
    }
}

impl From<EventMessage> for Option<Event> {
    fn from(message: EventMessage) -> Self {
        let category = match message.category {
            None => EventCategory::USER_DEFINED,
            Some(number) => EventCategory::from_number(number)?,
        };
        let event = Event {
            event_type: message.event_type?,
            category,
            at_ms: message.timestamp.filter(|ms| *ms != 0),
            dimensions: texts(message.dimensions),
            properties: data(message.properties),
        };
        event.is_valid().then_some(event)
    }
}

/// Returns the properties that have a name and a value.
fn data(properties: Vec<PropertyMessage>) -> Pairs<Datum> {
    let datum = |value: PropertyValueMessage| match value {
        PropertyValueMessage {
            text: Some(text), ..
        } => Some(Datum::Text(text)),
        PropertyValueMessage {
            whole: Some(whole), ..
        } => Some(Datum::Whole(whole)),
        PropertyValueMessage {
            real: Some(real), ..
        } => Some(Datum::Real(real)),
        PropertyValueMessage { truth, .. } => truth.map(Datum::Truth),
    };
    let pair = |property: PropertyMessage| Some((property.key?, datum(property.value?)?));
    properties.into_iter().filter_map(pair).collect()
}

fn to_message(event: Event, now: Timestamp) -> EventMessage {
    let value = |datum| match datum {
        Datum::Text(text) => PropertyValueMessage {
            text: Some(text),
            ..PropertyValueMessage::default()
        },
        Datum::Whole(whole) => PropertyValueMessage {
            whole: Some(whole),
            ..PropertyValueMessage::default()
        },
        Datum::Real(real) => PropertyValueMessage {
            real: Some(real),
            ..PropertyValueMessage::default()
        },
        Datum::Truth(truth) => PropertyValueMessage {
            truth: Some(truth),
            ..PropertyValueMessage::default()
        },
    };
    let property = |(key, datum)| PropertyMessage {
        key: Some(key),
        value: Some(value(datum)),
    };
    EventMessage {
        event_type: Some(event.event_type),
        dimensions: dimensions(event.dimensions),
        properties: event.properties.into_iter().map(property).collect(),
        category: Some(event.category.number),
        timestamp: Some(event.at_ms.unwrap_or_else(|| now.as_millis())),
    }
}
