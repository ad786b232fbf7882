//! The series in an OTLP message of metrics: walked, not built. Attributes of the resource and of the datapoint are
//! dimensions; those that no dimension can be are left out (docs/contract.md#metric-catalog).

use std::borrow::Cow;

use domain::{
    ingest::{MetricType, is_dimension, is_metric},
    platform::limits,
};
use service::Observer;

use super::protobuf::{Field, Malformed, fields};

/// `aggregation_temporality` of values since the previous one.
const DELTA: u64 = 1;

/// The kinds of data of a metric: the field of `Metric`, and the field of its datapoints with their attributes.
const KINDS: [(u64, u64); 5] = [(GAUGE, 7), (SUM, 7), (9, 9), (10, 1), (SUMMARY, 7)];

const GAUGE: u64 = 5;
const SUM: u64 = 7;
const SUMMARY: u64 = 11;

/// Dimensions, some of whose values are numbers in the message.
type Dimensions<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// Notes the series in a message.
pub(super) fn note_series(message: &[u8], observer: &mut Observer) -> Result<(), Malformed> {
    for resource in messages(message, 1) {
        let resource = resource?;
        let mut dimensions = Dimensions::new();
        for described in messages(resource, 1) {
            add_attributes(described?, 1, &mut dimensions)?;
        }
        let shared = observer.sum(pairs(&dimensions));
        for scope in messages(resource, 2) {
            for metric in messages(scope?, 2) {
                note_metric(metric?, &dimensions, shared, observer)?;
            }
        }
    }
    Ok(())
}

fn note_metric(
    metric: &[u8],
    of_resource: &Dimensions<'_>,
    shared: u64,
    observer: &mut Observer,
) -> Result<(), Malformed> {
    let mut name = "";
    for text in messages(metric, 1) {
        name = str::from_utf8(text?).map_err(|_| Malformed)?;
    }
    if !is_metric(name) {
        return Ok(());
    }
    let mut own = Dimensions::new();
    for field in fields(metric) {
        let field = field?;
        let Some((kind, attributes)) = KINDS.into_iter().find(|(kind, _)| *kind == field.number)
        else {
            continue;
        };
        let data = field.content()?;
        let metric_type = metric_type(kind, data)?;
        for point in messages(data, 1) {
            own.clear();
            add_attributes(point?, attributes, &mut own)?;
            // Those of the datapoint replace those of the resource, and take their place.
            let is_replaced = |key: &str| own.iter().any(|(own, _)| *own == key);
            let others = pairs(of_resource).filter(|(key, _)| !is_replaced(key));
            let all = pairs(&own).chain(others).take(limits::DIMENSIONS);
            observer.shared_datapoint(name, metric_type, shared, pairs(&own), all);
        }
    }
    Ok(())
}

/// A sum that only grows is a counter, and so are the counts of histograms and summaries.
fn metric_type(kind: u64, data: &[u8]) -> Result<MetricType, Malformed> {
    let (mut temporality, mut is_monotonic) = (0, kind != SUM);
    for field in fields(data) {
        match field? {
            Field {
                number: 2, value, ..
            } => temporality = value,
            Field {
                number: 3, value, ..
            } if kind == SUM => is_monotonic = value != 0,
            Field { .. } => {}
        }
    }
    Ok(if kind == GAUGE || !is_monotonic {
        MetricType::Gauge
    } else if temporality == DELTA && kind != SUMMARY {
        MetricType::Counter
    } else {
        MetricType::CumulativeCounter
    })
}

fn add_attributes<'a>(
    message: &'a [u8],
    number: u64,
    dimensions: &mut Dimensions<'a>,
) -> Result<(), Malformed> {
    for attribute in messages(message, number) {
        let (mut key, mut value) = ("", None);
        for field in fields(attribute?) {
            let field = field?;
            match field.number {
                1 => key = field.text()?,
                2 => value = simple_value(field.content()?)?,
                _ => {}
            }
        }
        if let Some(value) = value
            && is_dimension(key, &value)
        {
            // The last value of a key counts.
            if let Some(known) = dimensions.iter_mut().find(|(known, _)| *known == key) {
                known.1 = value;
            } else if dimensions.len() < limits::DIMENSIONS {
                dimensions.push((key, value));
            }
        }
    }
    Ok(())
}

fn pairs<'a>(dimensions: &'a Dimensions<'_>) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
    dimensions.iter().map(|(key, value)| (*key, value.as_ref()))
}

/// The text of a value that is no list, object or bytes.
fn simple_value(message: &[u8]) -> Result<Option<Cow<'_, str>>, Malformed> {
    let mut found = None;
    for field in fields(message) {
        let field = field?;
        found = match field.number {
            1 => Some(Cow::Borrowed(field.text()?)),
            2 => Some(Cow::Borrowed(if field.value == 0 {
                "false"
            } else {
                "true"
            })),
            3 => Some(Cow::Owned(field.value.cast_signed().to_string())),
            4 => Some(Cow::Owned(f64::from_bits(field.value).to_string())),
            _ => None,
        };
    }
    Ok(found)
}

/// The contents of one field of a message.
fn messages(message: &[u8], number: u64) -> impl Iterator<Item = Result<&[u8], Malformed>> {
    fields(message).filter_map(move |field| match field {
        Ok(field) if field.number == number => Some(field.content()),
        Ok(_) => None,
        Err(malformed) => Some(Err(malformed)),
    })
}
