//! Custom metric categories of an organization, and the rules of their list (docs/contract.md#custom-categories). The
//! error messages are part of the contract.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::platform::{
    limits,
    rejection::Rejected,
    visible::{composed, unfit_character},
};

/// A category of metrics that the organization named itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomCategory {
    /// Its name, unique in the list.
    pub name: String,
    /// An alternative name, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Its description, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CustomCategory {
    /// Parses the whole list. Texts of the `present` list are accepted as they are stored.
    ///
    /// # Errors
    /// [`Rejected`] when there are too many, when one has no name or an invalid text, or when two have the same name.
    pub fn read_all(given: &[Value], present: &[Self]) -> Result<Vec<Self>, Rejected> {
        if given.len() > limits::CUSTOM_CATEGORIES {
            let most = limits::CUSTOM_CATEGORIES;
            return Err(Rejected::whole(format!(
                "Only up to {most} custom categories allowed"
            )));
        }
        let mut categories: Vec<Self> = Vec::new();
        for item in given {
            let category = Self::read(item, present)?;
            let name = composed(&category.name);
            if categories.iter().any(|other| composed(&other.name) == name) {
                let message = format!("Repeated custom category item {}", category.name);
                return Err(Rejected::field("name", message));
            }
            categories.push(category);
        }
        Ok(categories)
    }

    fn read(item: &Value, present: &[Self]) -> Result<Self, Rejected> {
        let text = |property| text(item, property, present);
        Ok(Self {
            name: text("name")?
                .ok_or_else(|| Rejected::field("name", "Invalid custom category item"))?,
            alias: text("alias")?,
            description: text("description")?,
        })
    }
}

/// A property of an item; an empty text counts as absent.
fn text(
    item: &Value,
    property: &str,
    present: &[CustomCategory],
) -> Result<Option<String>, Rejected> {
    let unfit = || Rejected::field(property, "Invalid custom category property");
    match item.get(property) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if is_valid(text) || is_stored(text, present) => {
            Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        }
        Some(
            Value::String(_)
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_),
        ) => Err(unfit()),
    }
}

/// Whether a text fits on an invoice and in a table: short, one line, no quotes or markup.
fn is_valid(text: &str) -> bool {
    text.chars().count() <= limits::NAME_CHARACTERS
        && unfit_character(text).is_none()
        && !text.chars().any(|sign| "<>\"\\".contains(sign))
}

fn is_stored(text: &str, present: &[CustomCategory]) -> bool {
    present.iter().any(|category| {
        let texts = [&category.alias, &category.description];
        category.name == text || texts.into_iter().flatten().any(|stored| stored == text)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_properties_stay_absent() {
        let given = json!([{"name": " web ", "alias": null, "description": "", "odd": 1}, {"name": "db", "alias": "store"}]);
        let read = CustomCategory::read_all(given.as_array().unwrap(), &[]).unwrap();
        assert_eq!(
            serde_json::to_value(read).unwrap(),
            json!([{"name": "web"}, {"name": "db", "alias": "store"}])
        );
    }

    #[test]
    fn each_rule_has_its_message() {
        let check = |given: Value, message: &str| {
            let rejected = CustomCategory::read_all(given.as_array().unwrap(), &[]).unwrap_err();
            assert_eq!(rejected.message, message);
        };
        let many: Vec<_> = (0..11)
            .map(|number| json!({"name": number.to_string()}))
            .collect();
        check(json!(many), "Only up to 10 custom categories allowed");
        check(
            json!([{"name": "a\nb"}]),
            "Invalid custom category property",
        );
        check(
            json!([{"name": "a", "alias": "<b>"}]),
            "Invalid custom category property",
        );
        check(
            json!([{"name": "a", "description": 5}]),
            "Invalid custom category property",
        );
        check(json!([{"alias": "a"}]), "Invalid custom category item");
        check(json!([{"name": " "}]), "Invalid custom category item");
        check(json!(["a"]), "Invalid custom category item");
        check(
            json!([{"name": "a"}, {"name": "a"}]),
            "Repeated custom category item a",
        );
    }
}
