//! A mail that the mail server for tests received.

/// A mail as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letter {
    /// The sender in the envelope.
    pub from: String,
    /// The recipient in the envelope.
    pub to: String,
    /// The lines of its header and body.
    pub lines: Vec<String>,
}

impl Letter {
    /// The header field with this name; empty if absent.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        let fields = self.lines.iter().take_while(|line| !line.is_empty());
        let mut values = fields.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.next().unwrap_or_default()
    }

    /// The lines of its body, decoded (quoted-printable, RFC 2045).
    ///
    /// # Panics
    /// When it cannot be decoded.
    #[must_use]
    pub fn text(&self) -> Vec<String> {
        let body: Vec<_> = self
            .lines
            .iter()
            .skip_while(|line| !line.is_empty())
            .skip(1)
            .cloned()
            .collect();
        let joined = body.join("\n").replace("=\n", "");
        let mut pieces = joined.split('=');
        let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
        for piece in pieces {
            let (code, rest) = piece.split_at(2);
            bytes.push(u8::from_str_radix(code, 16).expect("two digits follow"));
            bytes.extend_from_slice(rest.as_bytes());
        }
        let text = String::from_utf8(bytes).expect("the body is UTF-8");
        text.lines().map(str::to_owned).collect()
    }
}
