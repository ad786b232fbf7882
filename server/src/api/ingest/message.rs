//! Datapoints, in JSON and as the SignalFx protobuf message, whose layout is written here by hand
//! (docs/contract.md#ingest). In both they become the same message again, which is what is kept and forwarded.

use domain::{
    ingest::{Datapoint, Datum as Value, Kind, MetricType, Pairs},
    platform::timestamp::Timestamp,
};
use prost::Message;
use serde::Deserialize;

use crate::api::{
    ingest::{
        json::{self, FromJson, Kept},
        protobuf,
        send::Read,
        sent::{Form, Sent},
    },
    platform::error::ApiError,
};

/// The one field of a message of many.
const ITEM: u32 = 1;

#[derive(Clone, PartialEq, Message)]
struct DataPoint {
    #[prost(string, optional, tag = "1")]
    source: Option<String>,
    #[prost(string, optional, tag = "2")]
    metric: Option<String>,
    #[prost(int64, optional, tag = "3")]
    timestamp: Option<i64>,
    #[prost(message, optional, tag = "4")]
    value: Option<Datum>,
    #[prost(int32, optional, tag = "5")]
    metric_type: Option<i32>,
    #[prost(message, repeated, tag = "6")]
    dimensions: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
struct Datum {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
    #[prost(double, optional, tag = "2")]
    real: Option<f64>,
    #[prost(int64, optional, tag = "3")]
    whole: Option<i64>,
}

/// A name with a text.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Dimension {
    #[prost(string, optional, tag = "1")]
    key: Option<String>,
    #[prost(string, optional, tag = "2")]
    value: Option<String>,
}

/// The body in JSON: a list for each type.
#[derive(Deserialize)]
struct Lists {
    #[serde(default)]
    gauge: Kept<Datapoint>,
    #[serde(default)]
    counter: Kept<Datapoint>,
    #[serde(default)]
    cumulative_counter: Kept<Datapoint>,
}

/// Reads a body of datapoints.
pub(crate) fn read_datapoints(sent: &Sent, now: Timestamp) -> Result<Read, ApiError> {
    let kept = match sent.form {
        Form::Json => of_lists(json::parse_object(&sent.bytes)?),
        Form::Protobuf => decode::<DataPoint, Datapoint>(&sent.bytes)?,
    };
    json::check_number(kept.items.len())?;
    Ok(Read {
        kind: Kind::Datapoints,
        items: kept.items.len(),
        dropped: kept.dropped,
        payload: encode(kept.items.into_iter().map(|point| written(point, now))),
    })
}

/// The datapoints of what was kept.
pub(crate) fn datapoints(payload: &[u8]) -> Vec<Datapoint> {
    decode::<DataPoint, Datapoint>(payload).map_or_else(|_| Vec::new(), |kept| kept.items)
}

/// Reads a message of many, item by item. An item that is unfit is dropped; one that is broken breaks the whole.
pub(crate) fn decode<M, T>(bytes: &[u8]) -> Result<Kept<T>, ApiError>
where
    M: Message + Default + Into<Option<T>>,
{
    let broken =
        || ApiError::bad_request("The body cannot be read: it is no such protobuf message.");
    let mut kept = Kept::default();
    for field in protobuf::fields(bytes) {
        let field = field.map_err(|_| broken())?;
        if field.number != u64::from(ITEM) {
            continue;
        }
        let item = M::decode(field.content().map_err(|_| broken())?).map_err(|_| broken())?;
        match item.into() {
            Some(item) => kept.items.push(item),
            None => kept.dropped += 1,
        }
        json::check_number(kept.items.len())?;
    }
    Ok(kept)
}

/// Writes a message of many.
pub(crate) fn encode<M: Message>(items: impl Iterator<Item = M>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        prost::encoding::message::encode(ITEM, &item, &mut bytes);
    }
    bytes
}

/// Names with texts, as they were written.
pub(crate) fn texts(dimensions: Vec<Dimension>) -> Pairs<String> {
    let pair = |dimension: Dimension| {
        (
            dimension.key.unwrap_or_default(),
            dimension.value.unwrap_or_default(),
        )
    };
    dimensions.into_iter().map(pair).collect()
}

/// Names with texts, to be written.
pub(crate) fn dimensions(texts: Pairs<String>) -> Vec<Dimension> {
    let dimension = |(key, value)| Dimension {
        key: Some(key),
        value: Some(value),
    };
    texts.into_iter().map(dimension).collect()
}

fn of_lists(lists: Lists) -> Kept<Datapoint> {
    let mut all = Kept::default();
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
    /// Of the type that is changed to that of its list.
    fn from_json(item: serde_json::Value) -> Option<Self> {
        let serde_json::Value::Object(mut item) = item else {
            return None;
        };
        let value = match item.get("value")? {
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) => Value::Whole(whole),
                None => Value::Real(number.as_f64()?),
            },
            serde_json::Value::String(text) => Value::number(text)?,
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => return None,
        };
        let point = Self {
            metric_type: MetricType::Gauge,
            metric: item.get("metric")?.as_str()?.to_owned(),
            value,
            at_ms: json::moment(item.get("timestamp"))?,
            dimensions: json::texts(item.remove("dimensions"))?,
        };
        point.is_valid().then_some(point)
    }
}

impl From<DataPoint> for Option<Datapoint> {
    fn from(point: DataPoint) -> Self {
        let metric_type = usize::try_from(point.metric_type.unwrap_or_default()).ok()?;
        let metric_type = *MetricType::ALL.get(metric_type)?;
        let given = point.value?;
        let value = match (given.whole, given.real, given.text) {
            (Some(whole), _, _) => Value::Whole(whole),
            (None, Some(real), _) => Value::Real(real),
            (None, None, Some(text)) if metric_type == MetricType::Enum => Value::Text(text),
            (None, None, text) => Value::number(&text?)?,
        };
        let mut dimensions = texts(point.dimensions);
        // An old way to name one dimension.
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

fn written(point: Datapoint, now: Timestamp) -> DataPoint {
    let value = match point.value {
        Value::Whole(whole) => Datum {
            whole: Some(whole),
            ..Datum::default()
        },
        Value::Real(real) => Datum {
            real: Some(real),
            ..Datum::default()
        },
        Value::Text(text) => Datum {
            text: Some(text),
            ..Datum::default()
        },
        Value::Truth(truth) => Datum {
            whole: Some(i64::from(truth)),
            ..Datum::default()
        },
    };
    let number = MetricType::ALL
        .iter()
        .position(|known| *known == point.metric_type);
    DataPoint {
        source: None,
        metric: Some(point.metric),
        timestamp: Some(point.at_ms.unwrap_or_else(|| now.as_millis())),
        value: Some(value),
        metric_type: number.and_then(|number| i32::try_from(number).ok()),
        dimensions: dimensions(point.dimensions),
    }
}
