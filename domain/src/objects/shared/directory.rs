//! The directory: a tree of paths, whose entries list templates (docs/contract.md#directory).

use std::{fmt::Write as _, iter};

use serde_json::{Value, json};

use super::{
    draft::{Reference, SharedDraft},
    template,
};
use crate::{
    audit::event::{ObjectType, SharedKind},
    objects::object::{Object, Relation},
    platform::{
        document::{Document, kept},
        fields::Fields,
        rejection::Rejected,
    },
};

/// The address of the root.
const ROOT: &str = "/v2/directory";

/// The largest number of segments of a path.
const SEGMENTS: usize = 10;

/// The largest number of UTF-16 units of a path with a slash before it, as clients count them.
const UNITS: usize = 250;

const FIELDS: &[&str] = &["templates", "pinned"];

/// A path: segments with slashes between them. The root is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DirectoryPath(String);

impl DirectoryPath {
    /// The root.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Parses a path that is not the root.
    ///
    /// # Errors
    /// [`Rejected`] states the rule of docs/contract.md#directory that it breaks.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        let reject = |what: String| crate::platform::document::reject("path", what);
        if text.encode_utf16().count() + 1 > UNITS {
            return Err(reject(format!("is longer than {} characters", UNITS - 1)));
        }
        if text.split('/').count() > SEGMENTS {
            return Err(reject(format!("has more than {SEGMENTS} segments")));
        }
        for segment in text.split('/') {
            if let Some(what) = fault_of(segment) {
                return Err(reject(format!("a segment {what}")));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last segment; empty for the root.
    #[must_use]
    pub fn label(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The path above; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.0.rsplit_once('/') {
            Some((parent, _)) => Some(Self(parent.to_owned())),
            None => (!self.0.is_empty()).then(Self::root),
        }
    }

    /// The paths above it, from the root on.
    #[must_use]
    pub fn ancestors(&self) -> Vec<Self> {
        let mut above: Vec<_> = iter::successors(self.parent(), Self::parent).collect();
        above.reverse();
        above
    }

    /// The path one segment below this one that leads to `other`, if `other` is below it.
    #[must_use]
    pub fn step_to(&self, other: &Self) -> Option<Self> {
        let below = if self.0.is_empty() {
            other.0.as_str()
        } else {
            other.0.strip_prefix(&self.0)?.strip_prefix('/')?
        };
        let segment = below
            .split('/')
            .next()
            .filter(|segment| !segment.is_empty())?;
        Some(if self.0.is_empty() {
            Self(segment.to_owned())
        } else {
            Self(format!("{}/{segment}", self.0))
        })
    }

    /// The address of its entry. A space is a plus sign, as clients write it.
    #[must_use]
    pub fn address(&self) -> String {
        let mut address = ROOT.to_owned();
        for segment in self.0.split('/').filter(|segment| !segment.is_empty()) {
            address.push('/');
            for byte in segment.bytes() {
                match byte {
                    b'-' | b'_' | b'.' | b'~' | b'*' => address.push(char::from(byte)),
                    byte if byte.is_ascii_alphanumeric() => address.push(char::from(byte)),
                    b' ' => address.push('+'),
                    // Writing to a text does not fail.
                    byte => _ = write!(address, "%{byte:02X}"),
                }
            }
        }
        address
    }
}

/// What is wrong with a segment. The rules are those of the Go client.
fn fault_of(segment: &str) -> Option<&'static str> {
    let has = |test: fn(char) -> bool| segment.contains(test);
    if segment.is_empty() {
        return Some("is empty");
    }
    if segment == "." || segment == ".." {
        return Some("is a dot or two");
    }
    if segment.trim() != segment {
        return Some("starts or ends with a space");
    }
    if segment.chars().skip(1).any(|character| character == '~') {
        return Some("has a ~ that is not its first character");
    }
    if has(char::is_control) || has(|character| "%<>:\"\\|?".contains(character)) {
        return Some("has a control character or one of % < > : \" \\ | ?");
    }
    None
}

/// Parses a change of an entry. Its path is in the field `path`; fields that are absent keep their value.
pub(super) fn read(given: &Document, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    let path = fields.name_in("path", present.map(|present| present.name.as_str()))?;
    let path = DirectoryPath::parse(&path)?;
    fields.truth("pinned")?;
    let mut references = Vec::new();
    for (index, address) in fields.texts("templates")?.into_iter().enumerate() {
        let field = format!("templates[{index}]");
        let id = template::parse_address(address);
        let id = id.ok_or_else(|| fields.reject(&field, "must be /v2/template/ and an id"))?;
        references.push(Reference {
            field,
            kind: ObjectType::Shared(SharedKind::Template),
            id,
        });
    }
    let mut document = kept(given, FIELDS);
    for field in FIELDS {
        let stored = present.and_then(|present| present.document.get(*field));
        if let Some(stored) = stored.filter(|_| !document.contains_key(*field)) {
            document.insert((*field).to_owned(), stored.clone());
        }
    }
    Ok(SharedDraft {
        name: path.0,
        document,
        references,
    })
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![("templates", json!([])), ("pinned", json!(false))]
}

/// The templates that the entry lists, its path, and the paths above it.
pub(super) fn references(path: &str, document: &Document) -> Vec<(Relation, String)> {
    let templates = document.get("templates").and_then(Value::as_array);
    let addresses = templates.into_iter().flatten().filter_map(Value::as_str);
    let ids = addresses.filter_map(template::parse_address);
    let listed = ids.map(|id| (Relation::Template, id.to_string()));
    let path = DirectoryPath(path.to_owned());
    let above = path.ancestors().into_iter();
    let above = above.map(|above| (Relation::Below, above.0));
    listed
        .chain(above)
        .chain(iter::once((Relation::Path, path.0.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> DirectoryPath {
        DirectoryPath::parse(text).unwrap()
    }

    #[test]
    fn the_rules_of_paths_are_those_of_the_go_client() {
        let ten = "a/b/c/d/e/f/g/h/i/j";
        let long = "a".repeat(249);
        for valid in [
            "~users/user@example.com/My Dashboards",
            "A+B/A B",
            "za\u{17c}",
            "a#b&c=d",
            ten,
            &long,
        ] {
            assert!(DirectoryPath::parse(valid).is_ok(), "{valid}");
        }
        let (eleven, longer) = (format!("{ten}/k"), "a".repeat(250));
        for invalid in [
            "", "/a", "a/", "a//b", "a/ b", "a/b ", "a/./b", "a/../b", "a/100%", "a/b?", "a/b\tc",
            "a/b~c", "a/~b~c", &eleven, &longer,
        ] {
            assert_eq!(
                DirectoryPath::parse(invalid).unwrap_err().field,
                "path",
                "{invalid}"
            );
        }
    }

    #[test]
    fn a_path_knows_its_address_and_what_is_above_and_below() {
        let check = |text: &str, address: &str| assert_eq!(path(text).address(), address);
        check(
            "~users/user@example.com/My Dashboards",
            "/v2/directory/~users/user%40example.com/My+Dashboards",
        );
        check("A+B/A B", "/v2/directory/A%2BB/A+B");
        check("test*path/test'path", "/v2/directory/test*path/test%27path");
        assert_eq!(DirectoryPath::root().address(), "/v2/directory");
        let above: Vec<_> = path("a/b/c")
            .ancestors()
            .into_iter()
            .map(|path| path.0)
            .collect();
        assert_eq!(above, ["", "a", "a/b"]);
        assert_eq!(DirectoryPath::root().step_to(&path("a/b")), Some(path("a")));
        assert_eq!(path("a").step_to(&path("a/b/c")), Some(path("a/b")));
        assert_eq!(path("a").step_to(&path("ab/c")), None);
        assert_eq!(
            (path("a/b").label(), DirectoryPath::root().label()),
            ("b", "")
        );
    }

    #[test]
    fn each_rejection_names_its_field() {
        let check = |given: Value, field: &str| {
            let rejected = read(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        };
        check(json!({"path": "a", "pinned": "yes"}), "pinned");
        check(
            json!({"path": "a", "templates": ["AAAAAAAAAAE"]}),
            "templates[0]",
        );
        check(json!({"path": "a", "templates": "x"}), "templates");
        check(json!({"path": "a//b"}), "path");
    }
}
