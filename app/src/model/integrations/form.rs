//! The form of an integration, field by field.

use domain::integrations::FormInput;
use serde::{Deserialize, Serialize};

use crate::model::platform::notice::Notice;

/// The form as notices call it.
pub(crate) const FORM: &str = "integration";

/// The form of an integration, with what was typed or is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationForm {
    /// The id of the integration; empty for a new one.
    pub id: String,
    /// The name it is stored under; empty for a new one.
    pub stored_name: String,
    /// Its type.
    pub kind: String,
    /// Its name, as typed.
    pub name: String,
    /// Whether to enable it.
    pub enabled: bool,
    /// Its fields.
    pub fields: Vec<FormValue>,
    /// The items of its lists: what each is called, and its fields.
    pub items: Vec<(String, Vec<FormValue>)>,
    /// Why it was refused, if it was.
    pub notice: Notice,
}

/// What the names of the ticks begin with that remove a stored secret: the name of its field follows.
pub(crate) const REMOVE: &str = "remove.";

/// A field with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormValue {
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// How it is filled in.
    pub input: Input,
    /// What stands in it; nothing for a secret.
    pub value: String,
    /// Whether it has to be filled in.
    pub required: bool,
    /// What it is for a secret.
    pub secret: Secret,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// One line.
    Line,
    /// A web address.
    Address,
    /// Several lines.
    Text,
    /// One of these.
    Word(Vec<String>),
    /// Yes or no.
    Truth,
    /// A whole number, between these.
    Number(i64, i64),
    /// Texts, one a line.
    Lines,
    /// Names and values.
    Pairs,
    /// Something deeper.
    Json,
}

impl From<FormInput> for Input {
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

/// What a field is for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Secret {
    /// None.
    No,
    /// One that is not set.
    NotSet,
    /// One that is stored, and has to be.
    Stored,
    /// A stored secret that may be removed, and whether to remove it.
    Removable(bool),
}
