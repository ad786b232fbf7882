//! Parses and encodes datapoints, as JSON and as SignalFx protobuf. Both become the same message, which is queued and
//! forwarded.

use domain::{
    ingest::{Datapoint, Datum, Kind, MetricType},
    platform::timestamp::Timestamp,
};
use prost::Message;
use serde::Deserialize;
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
struct DatapointMessage {
    #[prost(string, optional, tag = "1")]
    source: Option<String>,
    #[prost(string, optional, tag = "2")]
    metric: Option<String>,
    #[prost(int64, optional, tag = "3")]
    timestamp: Option<i64>,
    #[prost(message, optional, tag = "4")]
    value: Option<DatumMessage>,
    #[prost(int32, optional, tag = "5")]
    metric_type: Option<i32>,
    #[prost(message, repeated, tag = "6")]
    dimensions: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
struct DatumMessage {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
    #[prost(double, optional, tag = "2")]
    real: Option<f64>,
    #[prost(int64, optional, tag = "3")]
    whole: Option<i64>,
}

/// The accepted formats, for the message of a 415.
const ACCEPTED: &str = "Datapoints are read as JSON (application/json) or as a SignalFx message (application/x-protobuf).";

/// A body as JSON: one list for each metric type.
#[derive(Deserialize)]
struct DatapointsByType {
    #[serde(default)]
    gauge: ItemList<Datapoint>,
    #[serde(default)]
    counter: ItemList<Datapoint>,
    #[serde(default)]
    cumulative_counter: ItemList<Datapoint>,
}

/// Parses a body of datapoints.
pub(super) fn parse_datapoints(
    body: &DataBody,
    now: Timestamp,
    observer: &mut Observer,
) -> Result<ParsedItems, ApiError> {
    let list = match body.format {
        Format::Json => with_types(json::parse_object(&body.bytes)?),
        Format::Protobuf => decode::<DatapointMessage, Datapoint>(&body.bytes)?,
        Format::Thrift => return Err(unread_format(ACCEPTED)),
    };
    json::check_number(list.items.len())?;
    for point in &list.items {
        observer.datapoint(&point.metric, point.metric_type, pairs(&point.dimensions));
    }
    Ok(ParsedItems {
        kind: Kind::Datapoints,
        items: list.items.len(),
        dropped: list.dropped,
        payload: encode(list.items.into_iter().map(|point| to_message(point, now))),
    })
}

/// Returns the datapoints of a queued parcel.
pub(super) fn datapoints(payload: &[u8]) -> Vec<Datapoint> {
    decode::<DatapointMessage, Datapoint>(payload).map_or_else(|_| Vec::new(), |list| list.items)
}

fn with_types(lists: DatapointsByType) -> ItemList<Datapoint> {
    let mut all = ItemList::default();
    for (metric_type, list) in [
        (MetricType::Gauge, lists.gauge),
        (MetricType::Counter, lists.counter),
        (MetricType::CumulativeCounter, lists.cumulative_counter),
    ] {
        all.dropped += list.dropped;
        let typed = list.items.into_iter().map(|point| Datapoint {
            metric_type,
            ..point
        });
        all.items.extend(typed);
    }
    all
}

impl FromJson for Datapoint {
    /// The metric type is set afterwards, by the list that the item is in.
    fn from_json(item: Value) -> Option<Self> {
        let Value::Object(mut item) = item else {
            return None;
        };
        let value = match item.get("value")? {
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Datum::Whole(whole),
                None => Datum::Real(number.as_f64()?),
            },
            Value::String(text) => Datum::number(text)?,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        let point = Self {
            metric_type: MetricType::Gauge,
            metric: item.get("metric")?.as_str()?.to_owned(),
            value,
            at_ms: json::timestamp(item.get("timestamp"))?,
            dimensions: json::texts(item.remove("dimensions"))?,
        };
        point.is_valid().then_some(point)
    }
}

impl From<DatapointMessage> for Option<Datapoint> {
    fn from(point: DatapointMessage) -> Self {
        let metric_type = usize::try_from(point.metric_type.unwrap_or_default()).ok()?;
        let metric_type = *MetricType::ALL.get(metric_type)?;
        let given = point.value?;
        let value = match (given.whole, given.real, given.text) {
            (Some(whole), _, _) => Datum::Whole(whole),
            (None, Some(real), _) => Datum::Real(real),
            (None, None, Some(text)) if metric_type == MetricType::Enum => Datum::Text(text),
            (None, None, text) => Datum::number(&text?)?,
        };
        let mut dimensions = texts(point.dimensions);
        // An old form of one dimension.
        if let Some(source) = point.source.filter(|source| !source.is_empty()) {
            dimensions.push(("sf_source".to_owned(), source));
        }
        let point = Datapoint {
            metric_type,
            metric: point.metric?,
            value,
            at_ms: point.timestamp.filter(|ms| *ms != 0),
            dimensions,
        };
        point.is_valid().then_some(point)
    }
}

fn to_message(point: Datapoint, now: Timestamp) -> DatapointMessage {
    let value = match point.value {
        Datum::Whole(whole) => DatumMessage {
            whole: Some(whole),
            ..DatumMessage::default()
        },
        Datum::Real(real) => DatumMessage {
            real: Some(real),
            ..DatumMessage::default()
        },
        Datum::Text(text) => DatumMessage {
            text: Some(text),
            ..DatumMessage::default()
        },
        Datum::Truth(truth) => DatumMessage {
            whole: Some(i64::from(truth)),
            ..DatumMessage::default()
        },
    };
    let number = MetricType::ALL
        .iter()
        .position(|known| *known == point.metric_type);
    DatapointMessage {
        source: None,
        metric: Some(point.metric),
        timestamp: Some(point.at_ms.unwrap_or_else(|| now.as_millis())),
        value: Some(value),
        metric_type: number.and_then(|number| i32::try_from(number).ok()),
        dimensions: dimensions(point.dimensions),
    }
}
