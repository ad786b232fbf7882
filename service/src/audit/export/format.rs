//! The format of an export.

use domain::platform::rejection::Rejected;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated values (RFC 4180) with a header line. A value that a spreadsheet would run as a formula is
    /// prefixed with a quote.
    Csv,
}

impl ExportFormat {
    /// The name in query strings and on the command line, and the file name extension.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// Parses the name.
    ///
    /// # Errors
    /// [`Rejected`] for any other name.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        [Self::Ndjson, Self::Csv]
            .into_iter()
            .find(|format| format.label() == text)
            .ok_or_else(|| Rejected::field("format", "A format is ndjson or csv."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_back() {
        for format in [ExportFormat::Ndjson, ExportFormat::Csv] {
            assert_eq!(ExportFormat::parse(format.label()), Ok(format));
        }
        assert!(ExportFormat::parse("xlsx").is_err());
    }
}
