//! Parsing of JSON input within limits, and finding the line of a path in it for error messages.

use serde_json::Value;
use thiserror::Error;

use crate::platform::limits::JSON_DEPTH;

/// The text cannot be parsed as JSON. The message never quotes the text, which may hold a password.
#[derive(Debug, Error)]
pub enum InvalidJson {
    /// It is nested too deep.
    #[error("is nested deeper than {JSON_DEPTH} levels")]
    TooDeep,
    /// It is not JSON.
    #[error(
        "cannot be read: {}, at line {} column {}",
        reason(.0),
        .0.line(),
        .0.column()
    )]
    Malformed(serde_json::Error),
    /// It has `\u0000`, which PostgreSQL cannot store in text.
    #[error("holds the character U+0000, which cannot be stored")]
    Nul,
}

/// The start of the parser's message about a name without double quotes.
const KEY_EXPECTED: &str = "key must be a string";

fn reason(error: &serde_json::Error) -> &'static str {
    if error.is_eof() {
        "it ends too early"
    } else if error.to_string().starts_with(KEY_EXPECTED) {
        "names must be in double quotes, as in {\"name\": \"value\"}"
    } else {
        "it is not valid JSON"
    }
}

/// What some editors and programs write before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The largest whole number up to which each has a real number of its own.
const LARGEST_WHOLE_REAL: f64 = 9_007_199_254_740_992.0;

/// The text without a byte order mark.
#[must_use]
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Parses JSON. A number such as `60000.0` or `6e4` becomes a whole number, as clients that read whole numbers need it
/// (docs/contract.md#json).
///
/// # Errors
/// [`InvalidJson`] when the text is not JSON or breaks a limit.
pub fn read(text: &[u8]) -> Result<Value, InvalidJson> {
    let text = without_mark(text);
    if depth(text) > JSON_DEPTH {
        return Err(InvalidJson::TooDeep);
    }
    let mut value = serde_json::from_slice(text).map_err(InvalidJson::Malformed)?;
    make_whole(&mut value);
    if holds_nul(text) {
        return Err(InvalidJson::Nul);
    }
    Ok(value)
}

/// Replaces each real number that is whole. The depth is limited, so the recursion is too.
fn make_whole(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let real = number.as_f64().filter(|_| number.is_f64());
            let whole = real.filter(|real| real.fract() == 0.0 && real.abs() <= LARGEST_WHOLE_REAL);
            if let Some(whole) = whole {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
                let whole = whole as i64;
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(fields) => fields.values_mut().for_each(make_whole),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The deepest nesting of arrays and objects. It runs before the parser and does not recurse.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut open, mut in_text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' if !in_text => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Whether the text has `\u0000`. After an escaped backslash it is harmless.
fn holds_nul(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[at + 1..].starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

/// The line, counted from 1, of a path such as `rules[1].severity` in valid JSON. If the path does not exist, the line
/// of its deepest existing parent; `None` when its first part does not exist.
#[must_use]
pub fn line_of(text: &str, path: &str) -> Option<usize> {
    let mut scanner = Scanner { text, at: 0 };
    let mut found = None;
    let mut rest = path;
    while !rest.is_empty() {
        scanner.skip_blank();
        let next = match scanner.peek() {
            b'{' => scanner.enter_member(rest),
            b'[' => scanner.enter_item(rest),
            _ => None,
        };
        let Some((at, left)) = next else { break };
        found = Some(at);
        rest = left;
    }
    let at = found?;
    Some(text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1)
}

/// A position in valid JSON.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(b' ')
    }

    fn skip_blank(&mut self) {
        while self.at < self.text.len()
            && (self.peek().is_ascii_whitespace() || b",:".contains(&self.peek()))
        {
            self.at += 1;
        }
    }

    /// Moves to the value of the path's first member; returns the position of its name, and the rest of the path. Names
    /// of members may have dots and brackets.
    fn enter_member<'p>(&mut self, path: &'p str) -> Option<(usize, &'p str)> {
        self.at += 1;
        loop {
            self.skip_blank();
            if self.peek() != b'"' {
                return None;
            }
            let begins = self.at;
            self.skip_value();
            let name: String = serde_json::from_str(&self.text[begins..self.at]).ok()?;
            self.skip_blank();
            let rest = path.strip_prefix(name.as_str());
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            {
                return Some((begins, rest.strip_prefix('.').unwrap_or(rest)));
            }
            self.skip_value();
        }
    }

    /// Moves to the path's first item; returns its position, and the rest of the path.
    fn enter_item<'p>(&mut self, path: &'p str) -> Option<(usize, &'p str)> {
        let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
        let index: usize = index.parse().ok()?;
        self.at += 1;
        for _ in 0..index {
            self.skip_blank();
            self.skip_value();
        }
        self.skip_blank();
        let is_there = self.at < self.text.len() && self.peek() != b']';
        is_there.then(|| (self.at, rest.strip_prefix('.').unwrap_or(rest)))
    }

    /// Skips the value at the position, without recursion.
    fn skip_value(&mut self) {
        let (mut open, mut in_text, mut escaped) = (0_usize, false, false);
        for byte in self.text.as_bytes()[self.at..].iter().copied() {
            if !in_text && open == 0 && b",]}".contains(&byte) {
                return;
            }
            self.at += 1;
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_text => escaped = true,
                b'"' => in_text = !in_text,
                b'[' | b'{' if !in_text => open += 1,
                b']' | b'}' if !in_text => open = open.saturating_sub(1),
                _ => continue,
            }
            if !in_text && !escaped && open == 0 && b"\"]}".contains(&byte) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const TEXT: &str = r#"{
  "name": "a, {b}",
  "rules": [
    {"detectLabel": "x", "severity": "Critical"},
    {
      "detectLabel": "[1]",
      "severity": "Bad"
    }
  ],
  "headers": {
    "X.Env": 1
  },
  "maxDelay": 12
}"#;

    #[test]
    fn whole_numbers_may_be_written_as_real_ones() {
        let text = br#"{"a": 60000.0, "b": [6e4, -0.0, 0.5], "c": {"d": 1e300, "e": "1.0", "f": 9007199254740993}}"#;
        let expected = json!({"a": 60_000, "b": [60_000, 0, 0.5], "c": {"d": 1e300, "e": "1.0", "f": 9_007_199_254_740_993_i64}});
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(read(b"\xef\xbb\xbf{\"a\": 1}").unwrap(), json!({"a": 1}));
        assert!(read(b"\xef\xbb\xbf\xef\xbb\xbf{}").is_err());
    }

    #[test]
    fn a_path_is_found_on_its_line() {
        for (path, line) in [
            ("name", Some(2)),
            ("rules", Some(3)),
            ("rules[0].severity", Some(4)),
            ("rules[1]", Some(5)),
            ("rules[1].severity", Some(7)),
            ("rules[1].notifications[0].type", Some(5)),
            ("rules[2]", Some(3)),
            ("headers.X.Env", Some(11)),
            ("maxDelay", Some(13)),
            ("programText", None),
            ("", None),
        ] {
            assert_eq!(line_of(TEXT, path), line, "{path}");
        }
    }

    #[test]
    fn json_that_cannot_be_stored_is_rejected() {
        assert!(read(TEXT.as_bytes()).is_ok());
        assert!(read(br#"{"c":"\\u0000"}"#).is_ok());
        let rejected = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(rejected(r#"{"a":"\u0000"}"#).contains("U+0000"));
        assert!(rejected(&"[".repeat(JSON_DEPTH + 1)).contains("64 levels"));
        assert_eq!(
            rejected("{\"password\": \"hunter2\",\n \"x\" 1}"),
            "cannot be read: it is not valid JSON, at line 2 column 6"
        );
        for without_quotes in ["{ admin:true }", "{'admin': true}"] {
            assert!(rejected(without_quotes).contains("names must be in double quotes"));
        }
        assert!(rejected("{").contains("ends too early"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_searched(text in ".{0,60}|[\\[\\]{}\",:a \n\\\\]{0,60}", path in "[a\\[\\]0.]{0,8}") {
            let _ = line_of(&text, &path);
        }

        #[test]
        fn every_member_of_an_object_is_found(names in proptest::collection::hash_set("[a-z\"\\\\.]{1,6}", 1..6)) {
            let value: Value = names.iter().map(|name| (name.clone(), json!([1, {"b": "}"}]))).collect::<serde_json::Map<_, _>>().into();
            let text = serde_json::to_string_pretty(&value).unwrap();
            let shortest = names.iter().min_by_key(|name| name.len()).unwrap();
            prop_assert!(line_of(&text, shortest).is_some());
        }
    }
}
