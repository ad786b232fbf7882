//! The form of an integration, field by field.

use domain::integrations::FormInput;
use serde::{Deserialize, Serialize};

use crate::model::platform::notice::Notice;

/// The name of the form in notices.
pub(crate) const FORM: &str = "integration";

/// The prefix of the checkboxes that remove a stored secret; the name of its field follows.
pub(crate) const REMOVE: &str = "remove.";

/// The form of an integration, with the posted or else the stored values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationForm {
    /// The id; empty for a new integration.
    pub id: String,
    /// The stored name; empty for a new integration.
    pub stored_name: String,
    /// The type, as in the API.
    pub kind: String,
    /// The name in the form.
    pub name: String,
    /// Whether the form enables it.
    pub enabled: bool,
    /// The fields.
    pub fields: Vec<FieldValue>,
    /// The items of lists: heading and fields of each.
    pub items: Vec<(String, Vec<FieldValue>)>,
    /// Why the form was rejected, if it was.
    pub notice: Notice,
}

/// A field with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValue {
    /// The name in the form.
    pub name: String,
    /// The label.
    pub label: String,
    /// How it is entered.
    pub input: FieldInput,
    /// The value; empty for a secret.
    pub value: String,
    /// Whether a value is required.
    pub required: bool,
    /// Whether it is a secret, and what is stored of it.
    pub secret: FieldSecret,
}

/// How a field is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldInput {
    /// One line.
    Line,
    /// A URL.
    Address,
    /// Several lines.
    Text,
    /// One of these values.
    Word(Vec<String>),
    /// Yes or no.
    Truth,
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// Texts, one per line.
    Lines,
    /// Names and values, one pair per line.
    Pairs,
    /// JSON.
    Json,
}

impl From<FormInput> for FieldInput {
    fn from(input: FormInput) -> Self {
        match input {
            FormInput::Line => Self::Line,
            FormInput::Address => Self::Address,
            FormInput::Text => Self::Text,
            FormInput::Word(words) => {
                Self::Word(words.iter().map(|word| (*word).to_owned()).collect())
            }
            FormInput::Truth => Self::Truth,
            FormInput::Number(least, most) => Self::Number(least, most),
            FormInput::Lines => Self::Lines,
            FormInput::Pairs => Self::Pairs,
            FormInput::Json => Self::Json,
        }
    }
}

/// Whether a field is a secret, and what is stored of it. The page never has the secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldSecret {
    /// Not a secret.
    Public,
    /// A secret that is not stored.
    NotSet,
    /// A stored secret that the type requires.
    Stored,
    /// A stored secret that can be removed; whether its checkbox is checked.
    Removable(bool),
}
