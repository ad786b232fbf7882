//! Reading lists in JSON item by item: each becomes what it stands for, or is dropped, before the next is looked at, so
//! that a large body never stands in memory as a tree.

use std::{fmt, marker::PhantomData};

use domain::{
    ingest::{Datum, Pairs},
    platform::limits,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, SeqAccess, Visitor},
};
use serde_json::Value;

use crate::api::platform::{body::malformed, error::ApiError};

/// What an item of a list may stand for.
pub(crate) trait FromJson: Sized {
    /// What the item stands for; `None`: it is dropped.
    fn from_json(item: Value) -> Option<Self>;
}

/// The items of a list that stand for something.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    pub(crate) items: Vec<T>,
    pub(crate) dropped: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            dropped: 0,
        }
    }
}

impl<'de, T: FromJson> Deserialize<'de> for Kept<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(List(PhantomData))
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: FromJson> Visitor<'de> for List<T> {
    type Value = Kept<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    /// `null` is "not given" (docs/contract.md#json).
    fn visit_unit<E>(self) -> Result<Kept<T>, E> {
        Ok(Kept::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Kept<T>, A::Error> {
        let mut kept = Kept::default();
        while let Some(item) = list.next_element()? {
            // What is too much is counted and no longer kept: the whole is refused in the end.
            match T::from_json(item).filter(|_| kept.items.len() <= limits::INGEST_ITEMS) {
                Some(item) => kept.items.push(item),
                None => kept.dropped += 1,
            }
        }
        Ok(kept)
    }
}

/// Reads a body.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| malformed(&error))
}

/// Reads a body that is an object; for serde a list of its fields would do as well.
pub(crate) fn parse_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let parsed = parse(bytes)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        Ok(parsed)
    } else {
        Err(ApiError::bad_request("The body is not a JSON object."))
    }
}

/// Refuses more items than one request may bring.
pub(crate) fn check_number(items: usize) -> Result<(), ApiError> {
    if items > limits::INGEST_ITEMS {
        return Err(ApiError::bad_request(format!(
            "The body holds more than {} items.",
            limits::INGEST_ITEMS
        )));
    }
    Ok(())
}

/// The moment a timestamp names: absent, `null` and zero are "now".
pub(crate) fn moment(value: Option<&Value>) -> Option<Option<i64>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(Value::Number(number)) => {
            let whole = number.as_i64();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "out of range, it is the nearest"
            )]
            let ms = whole.or_else(|| number.as_f64().map(|real| real as i64))?;
            Some(Some(ms).filter(|ms| *ms != 0))
        }
        Some(Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => None,
    }
}

/// Names with texts. Numbers and truths are taken for the texts that spell them; `null` is not given.
pub(crate) fn texts(value: Option<Value>) -> Option<Pairs<String>> {
    pairs(value, |value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

/// Names with values.
pub(crate) fn data(value: Option<Value>) -> Option<Pairs<Datum>> {
    pairs(value, |value| match value {
        Value::String(text) => Some(Datum::Text(text)),
        Value::Bool(truth) => Some(Datum::Truth(truth)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Datum::Whole(whole)),
            None => number.as_f64().map(Datum::Real),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

fn pairs<T>(value: Option<Value>, read: impl Fn(Value) -> Option<T>) -> Option<Pairs<T>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Object(given)) => {
            let given = given.into_iter().filter(|(_, value)| !value.is_null());
            given
                .map(|(name, value)| read(value).map(|value| (name, value)))
                .collect()
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => None,
    }
}
