//! Parsing the fields of a request's JSON object: types, limits, ids, names.
//!
//! The fields of each kind of object are in its own file ([`crate::objects::dashboard`] and its neighbours). `null` is
//! absent (docs/contract.md#json), and a rejection names the field (docs/contract.md#errors).

use serde_json::Value;

use crate::platform::{
    document::{Document, reject},
    id::Id,
    limits,
    name::unfit_in_words,
    rejection::Rejected,
    visible::unfit_character,
};

/// A JSON object of a request, and its path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    document: &'a Document,
    /// `rules[2].` for the third rule of a detector; empty for the root.
    path: &'a str,
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(document: &'a Document) -> Self {
        Self { document, path: "" }
    }

    pub(crate) fn reject(&self, field: &str, what: impl AsRef<str>) -> Rejected {
        reject(format!("{}{field}", self.path), what)
    }

    /// A rejection that names this nested object itself.
    pub(crate) fn reject_all(&self, what: impl AsRef<str>) -> Rejected {
        reject(self.path.trim_end_matches('.'), what)
    }

    /// The names of the members.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.document.keys().map(String::as_str)
    }

    /// The field's value, unless it is absent or `null`.
    pub(crate) fn find(&self, field: &str) -> Option<&'a Value> {
        self.document.get(field).filter(|value| !value.is_null())
    }

    pub(crate) fn required<T>(&self, field: &str, value: Option<T>) -> Result<T, Rejected> {
        value.ok_or_else(|| self.reject(field, "is missing"))
    }

    pub(crate) fn text(&self, field: &str) -> Result<Option<&'a str>, Rejected> {
        let text = |value: &'a Value| {
            value
                .as_str()
                .ok_or_else(|| self.reject(field, "must be a text"))
        };
        self.find(field).map(text).transpose()
    }

    pub(crate) fn text_within(
        &self,
        field: &str,
        characters: usize,
    ) -> Result<Option<&'a str>, Rejected> {
        let text = self.text(field)?;
        if text.is_some_and(|text| text.chars().count() > characters) {
            return Err(self.reject(field, format!("is longer than {characters} characters")));
        }
        Ok(text)
    }

    /// One of these words. Go clients send an absent word as an empty text.
    pub(crate) fn word(&self, field: &str, words: &[&str]) -> Result<Option<&'a str>, Rejected> {
        let word = self.text(field)?.filter(|word| !word.is_empty());
        if word.is_some_and(|word| !words.contains(&word)) {
            return Err(self.reject(field, format!("must be one of {}", words.join(", "))));
        }
        Ok(word)
    }

    pub(crate) fn whole_number(
        &self,
        field: &str,
        least: i64,
        most: i64,
    ) -> Result<Option<i64>, Rejected> {
        let number = |value: &Value| {
            let number = value
                .as_i64()
                .filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| {
                self.reject(
                    field,
                    format!("must be a whole number from {least} to {most}"),
                )
            })
        };
        self.find(field).map(number).transpose()
    }

    pub(crate) fn truth(&self, field: &str) -> Result<Option<bool>, Rejected> {
        let truth = |value: &Value| {
            value
                .as_bool()
                .ok_or_else(|| self.reject(field, "must be true or false"))
        };
        self.find(field).map(truth).transpose()
    }

    pub(crate) fn object(&self, field: &str) -> Result<Option<&'a Document>, Rejected> {
        let object = |value: &'a Value| {
            value
                .as_object()
                .ok_or_else(|| self.reject(field, "must be an object"))
        };
        self.find(field).map(object).transpose()
    }

    pub(crate) fn list(&self, field: &str) -> Result<Option<&'a [Value]>, Rejected> {
        let list = |value: &'a Value| {
            let list = value
                .as_array()
                .ok_or_else(|| self.reject(field, "must be a list"))?;
            if list.len() > limits::LIST_ITEMS {
                return Err(
                    self.reject(field, format!("has more than {} items", limits::LIST_ITEMS))
                );
            }
            Ok(list.as_slice())
        };
        self.find(field).map(list).transpose()
    }

    pub(crate) fn texts(&self, field: &str) -> Result<Vec<&'a str>, Rejected> {
        let texts = self.list(field)?.unwrap_or_default().iter().enumerate();
        texts
            .map(|(index, value)| {
                let text = value.as_str();
                text.ok_or_else(|| self.reject(&format!("{field}[{index}]"), "must be a text"))
            })
            .collect()
    }

    /// Checks that every member of the object is a text.
    pub(crate) fn every_text(&self) -> Result<(), Rejected> {
        self.document
            .keys()
            .try_for_each(|field| self.text(field).map(drop))
    }

    /// The ids in a list, without duplicates.
    pub(crate) fn ids(&self, field: &str) -> Result<Vec<Id>, Rejected> {
        let mut ids = Vec::new();
        for (index, text) in self.texts(field)?.into_iter().enumerate() {
            let id = self.parsed_id(&format!("{field}[{index}]"), text)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// An id. Go clients send an absent id as an empty text.
    pub(crate) fn id(&self, field: &str) -> Result<Option<Id>, Rejected> {
        let text = self.text(field)?.filter(|text| !text.is_empty());
        text.map(|text| self.parsed_id(field, text)).transpose()
    }

    fn parsed_id(&self, field: &str, text: &str) -> Result<Id, Rejected> {
        Id::parse(text)
            .map_err(|rejected| self.reject(field, format!("Improper ID: {}", rejected.0)))
    }

    /// Runs `check` on each object of a list.
    pub(crate) fn each(
        &self,
        field: &str,
        mut check: impl FnMut(Fields<'_>) -> Result<(), Rejected>,
    ) -> Result<(), Rejected> {
        for (index, item) in self.list(field)?.unwrap_or_default().iter().enumerate() {
            let document = item
                .as_object()
                .ok_or_else(|| self.reject(&format!("{field}[{index}]"), "must be an object"))?;
            let path = format!("{}{field}[{index}].", self.path);
            check(Fields {
                document,
                path: &path,
            })?;
        }
        Ok(())
    }

    /// Runs `check` on a nested object, if present.
    pub(crate) fn within(
        &self,
        field: &str,
        check: impl FnOnce(Fields<'_>) -> Result<(), Rejected>,
    ) -> Result<(), Rejected> {
        let Some(document) = self.object(field)? else {
            return Ok(());
        };
        let path = format!("{}{field}.", self.path);
        check(Fields {
            document,
            path: &path,
        })
    }

    /// The name of the object: the given one, else `present` (docs/contract.md#updates), which is `None` for a new
    /// object. A name that stays as it is stored is not checked: the rule may be newer than it.
    pub(crate) fn name(&self, present: Option<&str>) -> Result<String, Rejected> {
        self.name_in("name", present)
    }

    /// The name of an object whose name is in this field.
    pub(crate) fn name_in(&self, field: &str, present: Option<&str>) -> Result<String, Rejected> {
        let given = self.text(field)?;
        let name = match given.or(present) {
            None => return Err(self.reject(field, "is missing")),
            Some(name) if name.trim().is_empty() => return Err(self.reject(field, "is empty")),
            Some(name) => name,
        };
        if Some(name) != present {
            self.text_within(field, limits::OBJECT_NAME_CHARACTERS)?;
            if let Some(unfit) = unfit_character(name) {
                return Err(self.reject(field, unfit_in_words(unfit)));
            }
        }
        Ok(name.to_owned())
    }

    /// Checks `tags`, a list of short strings.
    pub(crate) fn check_tags(&self) -> Result<(), Rejected> {
        let tags = self.texts("tags")?;
        if tags.len() > limits::TAGS {
            return Err(self.reject("tags", format!("has more than {} tags", limits::TAGS)));
        }
        if tags
            .iter()
            .any(|tag| tag.chars().count() > limits::TAG_CHARACTERS)
        {
            let what = format!("a tag is longer than {} characters", limits::TAG_CHARACTERS);
            return Err(self.reject("tags", what));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(value: Value) -> Document {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_rejection_names_the_path() {
        let given = document(json!({"charts": [{"chartId": "EvKdzVxAYAA"}, {"chartId": "no"}]}));
        let rejected = Fields::of(&given)
            .each("charts", |chart| chart.id("chartId").map(drop))
            .unwrap_err();
        assert_eq!(rejected.field, "charts[1].chartId");
        assert_eq!(rejected.message, "charts[1].chartId: Improper ID: no");
    }

    #[test]
    fn a_whole_number_is_neither_a_text_nor_a_fraction() {
        let given = document(json!({"a": 3, "b": 3.0, "c": "3", "d": 9, "e": null}));
        let number = |field| Fields::of(&given).whole_number(field, 0, 8);
        assert_eq!(number("a"), Ok(Some(3)));
        assert_eq!(number("e"), Ok(None));
        for field in ["b", "c", "d"] {
            assert!(number(field).is_err(), "{field}");
        }
    }

    #[test]
    fn a_name_may_be_omitted_but_not_empty() {
        let check = |given: Value, present, expected: Option<&str>| {
            let given = document(given);
            let name = Fields::of(&given).name(present).ok();
            assert_eq!(name.as_deref(), expected);
        };
        check(json!({"name": "new"}), Some("old"), Some("new"));
        check(json!({}), Some("old"), Some("old"));
        check(json!({"name": null}), None, None);
        check(json!({"name": " "}), Some("old"), None);
        check(json!({"name": "x".repeat(1_001)}), None, None);
        check(json!({"name": "a\u{202e}b"}), Some("old"), None);
        let stored = "a\u{202e}b";
        check(json!({"name": stored}), Some(stored), Some(stored));
    }
}
