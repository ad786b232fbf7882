//! The shape of a JSON object: which members it has, and of which type. Where clients fail on a member that they do not
//! know, a response must have none, so that members outside the shape are dropped.

use serde_json::Value;

use crate::platform::{document::Document, fields::Fields, rejection::Rejected};

/// The type of a value.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Any JSON, kept as given.
    Any,
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    Truth,
    /// A whole number of 64 bits.
    Whole,
    /// A whole number of 32 bits.
    ShortWhole,
    Texts,
    TextOrTexts,
    /// An object of texts.
    TextMap,
    Object(&'static [Member]),
    Objects(&'static [Member]),
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Member {
    name: &'static str,
    shape: Shape,
    is_required: bool,
    /// The value when it is absent; `Null` for none.
    default: Value,
}

/// A member that may be absent.
pub(crate) const fn optional(name: &'static str, shape: Shape) -> Member {
    filled(name, shape, Value::Null)
}

/// A member that must be present.
pub(crate) const fn required(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        is_required: true,
        default: Value::Null,
    }
}

/// A member that clients expect: it has this value when it is absent.
pub(crate) const fn filled(name: &'static str, shape: Shape, default: Value) -> Member {
    Member {
        name,
        shape,
        is_required: false,
        default,
    }
}

/// The members of an object that the shape has, in the order of the request.
///
/// # Errors
/// [`Rejected`] names the first member that is missing or has another type.
pub(crate) fn conform(fields: &Fields<'_>, shape: &[Member]) -> Result<Document, Rejected> {
    let mut kept = Document::new();
    for name in fields.names() {
        if let Some(member) = shape.iter().find(|member| member.name == name)
            && let Some(value) = member.shape.conform(fields, name)?
        {
            kept.insert(name.to_owned(), value);
        }
    }
    for member in shape {
        if kept.contains_key(member.name) {
            continue;
        }
        if member.is_required {
            return Err(fields.reject(member.name, "is missing"));
        }
        if !member.default.is_null() {
            kept.insert(member.name.to_owned(), member.default.clone());
        }
    }
    Ok(kept)
}

impl Shape {
    /// The value of a field; `None` when it is absent.
    fn conform(&self, fields: &Fields<'_>, name: &str) -> Result<Option<Value>, Rejected> {
        match self {
            Self::Any => {}
            Self::Text => fields.text(name).map(drop)?,
            Self::Word(words) => {
                return Ok(fields.word(name, words)?.map(Value::from));
            }
            Self::Truth => fields.truth(name).map(drop)?,
            Self::Whole => fields.whole_number(name, i64::MIN, i64::MAX).map(drop)?,
            Self::ShortWhole => {
                let [least, most] = [i32::MIN, i32::MAX].map(i64::from);
                fields.whole_number(name, least, most).map(drop)?;
            }
            Self::Texts => fields.texts(name).map(drop)?,
            Self::TextOrTexts => match fields.find(name) {
                Some(Value::Array(_)) => fields.texts(name).map(drop)?,
                Some(Value::String(_)) | None => {}
                Some(_) => return Err(fields.reject(name, "must be a text or a list of texts")),
            },
            Self::TextMap => fields.within(name, |map| map.every_text())?,
            Self::Object(shape) => {
                let mut kept = None;
                fields.within(name, |object| {
                    kept = Some(Value::Object(conform(&object, shape)?));
                    Ok(())
                })?;
                return Ok(kept);
            }
            Self::Objects(shape) => {
                let mut kept = Vec::new();
                fields.each(name, |object| {
                    kept.push(Value::Object(conform(&object, shape)?));
                    Ok(())
                })?;
                return Ok(fields.find(name).map(|_| Value::Array(kept)));
            }
        }
        Ok(fields.find(name).cloned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const INNER: &[Member] = &[
        required("id", Shape::Text),
        filled("not", Shape::Truth, Value::Bool(false)),
    ];
    const OUTER: &[Member] = &[
        optional("one", Shape::Object(INNER)),
        optional("many", Shape::Objects(INNER)),
        optional("word", Shape::Word(&["a", "b"])),
        optional("count", Shape::ShortWhole),
        optional("texts", Shape::TextOrTexts),
        optional("map", Shape::TextMap),
        optional("any", Shape::Any),
    ];

    fn read(given: &Value) -> Result<Document, Rejected> {
        conform(&Fields::of(given.as_object().unwrap()), OUTER)
    }

    #[test]
    fn members_outside_the_shape_are_dropped_at_every_level() {
        let given = json!({
            "other": 1, "any": {"other": null}, "word": "", "map": null,
            "many": [{"id": "a", "other": 1}, {"id": "b", "not": true}], "one": {"id": "c"}
        });
        let expected = json!({
            "any": {"other": null},
            "many": [{"id": "a", "not": false}, {"id": "b", "not": true}],
            "one": {"id": "c", "not": false}
        });
        assert_eq!(Value::Object(read(&given).unwrap()), expected);
    }

    #[test]
    fn each_rejection_names_its_field() {
        let check = |given: Value, field: &str| {
            assert_eq!(read(&given).unwrap_err().field, field, "{given}");
        };
        check(json!({"one": {"id": null}}), "one.id");
        check(json!({"one": []}), "one");
        check(json!({"many": [{"id": "a"}, {}]}), "many[1].id");
        check(json!({"many": [{"id": "a", "not": 1}]}), "many[0].not");
        check(json!({"word": "c"}), "word");
        check(json!({"count": 2_147_483_648_u32}), "count");
        check(json!({"texts": 1}), "texts");
        check(json!({"texts": ["a", 1]}), "texts[1]");
        check(json!({"map": {"a": 1}}), "map.a");
    }
}
