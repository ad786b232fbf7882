//! Events, in JSON and as the SignalFx protobuf message (docs/contract.md#ingest). In both they become the same message
//! again.

use domain::{
    ingest::{Datum, Event, EventCategory, Kind, Pairs},
    platform::timestamp::Timestamp,
};
use prost::Message;
use serde_json::Value;

use crate::api::{
    ingest::{
        json::{self, FromJson, Kept},
        message::{Dimension, decode, dimensions, encode, texts},
        send::Read,
        sent::{Form, Sent},
    },
    platform::error::ApiError,
};

#[derive(Clone, PartialEq, Message)]
struct EventMessage {
    #[prost(string, optional, tag = "1")]
    event_type: Option<String>,
    #[prost(message, repeated, tag = "2")]
    dimensions: Vec<Dimension>,
    #[prost(message, repeated, tag = "3")]
    properties: Vec<Property>,
    #[prost(int32, optional, tag = "4")]
    category: Option<i32>,
    #[prost(int64, optional, tag = "5")]
    timestamp: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Property {
    #[prost(string, optional, tag = "1")]
    key: Option<String>,
    #[prost(message, optional, tag = "2")]
    value: Option<PropertyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct PropertyValue {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
    #[prost(double, optional, tag = "2")]
    real: Option<f64>,
    #[prost(int64, optional, tag = "3")]
    whole: Option<i64>,
    #[prost(bool, optional, tag = "4")]
    truth: Option<bool>,
}

/// Reads a body of events.
pub(crate) fn read_events(sent: &Sent, now: Timestamp) -> Result<Read, ApiError> {
    let kept: Kept<Event> = match sent.form {
        Form::Json => json::parse(&sent.bytes)?,
        Form::Protobuf => decode::<EventMessage, Event>(&sent.bytes)?,
    };
    json::check_number(kept.items.len())?;
    Ok(Read {
        kind: Kind::Events,
        items: kept.items.len(),
        dropped: kept.dropped,
        payload: encode(kept.items.into_iter().map(|event| written(event, now))),
    })
}

/// The events of what was kept.
pub(crate) fn events(payload: &[u8]) -> Vec<Event> {
    decode::<EventMessage, Event>(payload).map_or_else(|_| Vec::new(), |kept| kept.items)
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
            at_ms: json::moment(item.get("timestamp"))?,
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

/// The properties that say something.
fn data(properties: Vec<Property>) -> Pairs<Datum> {
    let datum = |value: PropertyValue| match value {
        PropertyValue {
            text: Some(text), ..
        } => Some(Datum::Text(text)),
        PropertyValue {
            whole: Some(whole), ..
        } => Some(Datum::Whole(whole)),
        PropertyValue {
            real: Some(real), ..
        } => Some(Datum::Real(real)),
        PropertyValue { truth, .. } => truth.map(Datum::Truth),
    };
    let pair = |property: Property| Some((property.key?, datum(property.value?)?));
    properties.into_iter().filter_map(pair).collect()
}

fn written(event: Event, now: Timestamp) -> EventMessage {
    let value = |datum| match datum {
        Datum::Text(text) => PropertyValue {
            text: Some(text),
            ..PropertyValue::default()
        },
        Datum::Whole(whole) => PropertyValue {
            whole: Some(whole),
            ..PropertyValue::default()
        },
        Datum::Real(real) => PropertyValue {
            real: Some(real),
            ..PropertyValue::default()
        },
        Datum::Truth(truth) => PropertyValue {
            truth: Some(truth),
            ..PropertyValue::default()
        },
    };
    let property = |(key, datum)| Property {
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
