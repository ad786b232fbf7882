//! One condition of a query.

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The field; `None` for a bare word.
    pub field: Option<String>,
    /// The text, in lower case.
    pub(super) text: String,
    /// Whether the text is a prefix: it ended with `*`.
    pub(super) is_prefix: bool,
}

impl Term {
    /// The text in lower case, if it is not a prefix.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        (!self.is_prefix).then_some(self.text.as_str())
    }

    /// Whether a value equals the text, ignoring case.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        value == self.text || self.is_prefix && value.starts_with(&self.text)
    }

    /// Whether a value contains the text; for a prefix, whether the value or a word in it starts with it. Case is
    /// ignored.
    #[must_use]
    pub fn is_within(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        if self.is_prefix {
            let mut words = value.split_whitespace();
            value.starts_with(&self.text) || words.any(|word| word.starts_with(&self.text))
        } else {
            value.contains(&self.text)
        }
    }
}
