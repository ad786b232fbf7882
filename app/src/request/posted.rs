//! Forms that are posted to their own page, which answers with itself: what was typed stays in it however long it is, a
//! step before the last can show what the last will do, and neither scripts nor anything stored is needed for that.
//!
//! A form whose answer is another page is posted to a server function instead, and told by a notice.

use leptos::prelude::use_context;

/// What a form posted to the page that is rendered holds: names and values in their order.
#[derive(Clone, Default)]
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// The fields of a form, as a browser sent them: it writes each end of a line as two characters.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        let fields = fields.into_iter();
        Self(
            fields
                .map(|(name, value)| (name, value.replace("\r\n", "\n")))
                .collect(),
        )
    }

    /// A form with these in its fields.
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

    /// What was typed into a field; `None` when the form has no such field.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.as_str())
    }

    /// What was typed into a field, empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The fields whose names begin like this, without that beginning, each with what was chosen.
    pub(crate) fn starting<'a>(
        &'a self,
        beginning: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.0.iter();
        fields
            .filter_map(move |(name, value)| Some((name.strip_prefix(beginning)?, value.as_str())))
    }
}

/// The form that was posted to the page that is rendered; `None` when it was only asked for.
pub(crate) fn posted() -> Option<Posted> {
    use_context()
}
