//! Forms that are posted to their own page. The response is the page again, with the posted values and, in forms with a
//! preview, with what saving changes. This needs no scripts, and values can have any length.
//!
//! A form that leads to another page is posted to a server function instead ([`crate::request::Form`]).

use leptos::prelude::use_context;

/// The fields of a posted form: names and values, in order.
#[derive(Clone, Default)]
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// The fields as a browser sends them, with `\n` instead of `\r\n` as the end of a line.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        let fields = fields.into_iter();
        Self(
            fields
                .map(|(name, value)| (name, value.replace("\r\n", "\n")))
                .collect(),
        )
    }

    /// A form with these fields.
    #[cfg(test)]
    pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter();
        Self::new(
            fields
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    /// All fields.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// The value of a field; `None` when the form does not have it.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.as_str())
    }

    /// The value of a field; empty when the form does not have it.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The fields with a prefix: the rest of the name, and the value.
    pub(crate) fn starting<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.0.iter();
        fields.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

/// The form that was posted to the current page; `None` for a GET request.
pub(crate) fn posted() -> Option<Posted> {
    use_context()
}
