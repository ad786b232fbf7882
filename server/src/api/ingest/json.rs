//! Parses JSON lists item by item: each is converted or dropped before the next is parsed, so that a large body is
//! never in memory as a tree.

use std::{fmt, marker::PhantomData};

use domain::{
    ingest::{Datum, Pairs},
    platform::{json::without_mark, limits},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, SeqAccess, Visitor},
};
use serde_json::Value;

use crate::api::platform::{bytes::malformed, error::ApiError};

/// A type that an item of a list is converted to.
pub(super) trait FromJson: Sized {
    /// Converts an item; `None` drops it.
    fn from_json(item: Value) -> Option<Self>;
}

/// The items of a list that were converted, and the number of others.
#[derive(Debug)]
pub(super) struct ItemList<T> {
    pub(super) items: Vec<T>,
    pub(super) dropped: usize,
}

impl<T> Default for ItemList<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            dropped: 0,
        }
    }
}

impl<'de, T: FromJson> Deserialize<'de> for ItemList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemListVisitor(PhantomData))
    }
}

struct ItemListVisitor<T>(PhantomData<T>);

impl<'de, T: FromJson> Visitor<'de> for ItemListVisitor<T> {
    type Value = ItemList<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    /// `null` counts as absent (docs/contract.md#json).
    fn visit_unit<E>(self) -> Result<ItemList<T>, E> {
        Ok(ItemList::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ItemList<T>, A::Error> {
        let mut converted = ItemList::default();
        while let Some(item) = list.next_element()? {
            // Beyond the limit, items are only counted: the whole body is rejected afterwards.
            match T::from_json(item).filter(|_| converted.items.len() <= limits::INGEST_ITEMS) {
                Some(item) => converted.items.push(item),
                None => converted.dropped += 1,
            }
        }
        Ok(converted)
    }
}

/// Parses a body. Numbers that JSON cannot express, as some clients send them, drop their item and no other.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let bytes = without_mark(bytes);
    serde_json::from_slice(bytes).or_else(|error| match without_unreal_numbers(bytes) {
        Some(bytes) => serde_json::from_slice(&bytes).map_err(malformed),
        None => Err(malformed(error)),
    })
}

/// The text with `null` in place of numbers that are not finite; `None` without any.
fn without_unreal_numbers(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let (mut rest, mut in_text, mut is_found) = (bytes, false, false);
    while let Some((byte, after)) = rest.split_first() {
        if !in_text && let Some((number, after)) = number_at_start(rest) {
            let is_unreal = number.parse().is_ok_and(|number: f64| !number.is_finite());
            replaced.extend_from_slice(if is_unreal {
                b"null"
            } else {
                number.as_bytes()
            });
            rest = after;
            is_found |= is_unreal;
            continue;
        }
        replaced.push(*byte);
        rest = after;
        match (byte, rest.split_first()) {
            (b'\\', Some((escaped, after))) if in_text => {
                replaced.push(*escaped);
                rest = after;
            }
            (b'"', _) => in_text = !in_text,
            _ => {}
        }
    }
    is_found.then_some(replaced)
}

/// The number that the text starts with, and what follows it.
fn number_at_start(text: &[u8]) -> Option<(&str, &[u8])> {
    const WORDS: [&[u8]; 3] = [b"-Infinity", b"Infinity", b"NaN"];
    let word = WORDS.iter().find(|word| text.starts_with(word));
    let is_digit = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let length = match (word, text.first()?) {
        (Some(word), _) => word.len(),
        (None, b'-' | b'0'..=b'9') => text.iter().take_while(|byte| is_digit(byte)).count(),
        (None, _) => return None,
    };
    let (number, after) = text.split_at(length);
    Some((std::str::from_utf8(number).ok()?, after))
}

/// Parses a body that is an object. Serde alone would also accept a list of its fields.
pub(super) fn parse_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let parsed = parse(bytes)?;
    if without_mark(bytes).trim_ascii_start().starts_with(b"{") {
        Ok(parsed)
    } else {
        Err(ApiError::bad_request("The body is not a JSON object."))
    }
}

/// Rejects more items than a request may have.
pub(super) fn check_number(items: usize) -> Result<(), ApiError> {
    if items > limits::INGEST_ITEMS {
        return Err(ApiError::bad_request(format!(
            "The body holds more than {} items.",
            limits::INGEST_ITEMS
        )));
    }
    Ok(())
}

/// Parses a timestamp in milliseconds. Absent, `null` and zero mean "now", which is `Some(None)`.
pub(super) fn timestamp(value: Option<&Value>) -> Option<Option<i64>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(Value::Number(number)) => {
            let whole = number.as_i64();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a value out of range becomes the nearest one"
            )]
            let ms = whole.or_else(|| number.as_f64().map(|real| real as i64))?;
            Some(Some(ms).filter(|ms| *ms != 0))
        }
        Some(Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => None,
    }
}

/// Parses names with text values. Numbers and booleans are converted to text; `null` counts as absent.
pub(super) fn texts(value: Option<Value>) -> Option<Pairs<String>> {
    pairs(value, |value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

/// Parses names with values of any simple type.
pub(super) fn data(value: Option<Value>) -> Option<Pairs<Datum>> {
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
