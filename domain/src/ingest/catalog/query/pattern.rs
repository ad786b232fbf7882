//! What a value must be: a text in which each `*` stands for any characters.

/// A text with `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The texts before, between and after each `*`: at least one.
    pub(super) parts: Vec<String>,
}

/// The texts from one up to, and not including, another, in the order of their UTF-8 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRange {
    /// The first text.
    pub from: String,
    /// The text after the last.
    pub to: String,
}

impl TextRange {
    /// All texts that are shorter than any limit of a name.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            from: String::new(),
            to: last(),
        }
    }

    /// Only this text. No stored text contains U+0000, so none is between it and the end.
    #[must_use]
    pub fn only(text: &str) -> Self {
        Self {
            from: text.to_owned(),
            to: format!("{text}\u{1}"),
        }
    }

    fn with_prefix(prefix: &str) -> Self {
        Self {
            from: prefix.to_owned(),
            to: prefix.to_owned() + &last(),
        }
    }
}

/// A text after all names.
fn last() -> String {
    "\u{10FFFF}".repeat(crate::platform::limits::METRIC_NAME_CHARACTERS + 1)
}

impl Pattern {
    /// The pattern that only this text matches.
    #[must_use]
    pub fn exact(text: impl Into<String>) -> Self {
        Self {
            parts: vec![text.into()],
        }
    }

    /// The text, if no other one matches.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// A range that contains every text that matches.
    #[must_use]
    pub fn range(&self) -> TextRange {
        match self.parts.as_slice() {
            [text] => TextRange::only(text),
            [prefix, ..] => TextRange::with_prefix(prefix),
            [] => TextRange::everything(),
        }
    }

    /// Whether a text matches. Takes time proportional to the length of the text for each part.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (Some((first, rest)), Some(last)) = (self.parts.split_first(), self.parts.last())
        else {
            return false;
        };
        let Some(middle) = rest.split_last().map(|(_, middle)| middle) else {
            return text == first;
        };
        let Some(mut rest) = text
            .strip_prefix(first.as_str())
            .and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for part in middle {
            match rest.find(part.as_str()) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}
