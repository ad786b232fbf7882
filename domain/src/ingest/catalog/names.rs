//! What names an entry of the metric catalog, and the ids that follow from it: an entry that is found by several nodes at
//! once, or again after it was removed, has one id.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::{
    audit::event::CatalogKind,
    ingest::data::is_name,
    platform::{
        document::reject,
        id::{Id, OrganizationId},
        limits,
        name::unfit_in_words,
        rejection::Rejected,
        visible::unfit_character,
    },
};

/// The name of an entry: a dimension has a key and a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName {
    /// The kind of entry.
    pub kind: CatalogKind,
    /// The name of a metric or tag, or the key of a dimension.
    pub name: String,
    /// The value of a dimension; empty for the others.
    pub value: String,
}

impl EntryName {
    /// The name of a metric.
    #[must_use]
    pub fn metric(name: impl Into<String>) -> Self {
        Self::named(CatalogKind::Metric, name)
    }

    /// The name of a tag.
    #[must_use]
    pub fn tag(name: impl Into<String>) -> Self {
        Self::named(CatalogKind::Tag, name)
    }

    /// The name of a dimension.
    #[must_use]
    pub fn dimension(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            kind: CatalogKind::Dimension,
            name: key.into(),
            value: value.into(),
        }
    }

    fn named(kind: CatalogKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            value: String::new(),
        }
    }

    /// The name as one text, for people: `host:web-1` for a dimension.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.kind {
            CatalogKind::Dimension => format!("{}:{}", self.name, self.value),
            CatalogKind::Metric | CatalogKind::Tag => self.name.clone(),
        }
    }

    /// The name that is shown as this text. A dimension whose key has a colon is not found this way.
    #[must_use]
    pub fn from_shown(kind: CatalogKind, shown: &str) -> Self {
        match (kind, shown.split_once(':')) {
            (CatalogKind::Dimension, Some((key, value))) => Self::dimension(key, value),
            (CatalogKind::Dimension | CatalogKind::Metric | CatalogKind::Tag, _) => {
                Self::named(kind, shown)
            }
        }
    }

    /// The id of the entry, which follows from its name.
    #[must_use]
    pub fn id(&self, organization_id: OrganizationId) -> Id {
        derived_id(
            organization_id,
            [self.kind.label(), &self.name, &self.value],
        )
    }

    /// Checks the name of a request that creates the entry.
    ///
    /// # Errors
    /// [`Rejected`] when it is blank or too long (docs/contract.md#metric-catalog).
    pub fn check(&self) -> Result<(), Rejected> {
        let check = |field: &str, text: &str, characters| {
            if !is_name(text, characters) {
                let what = format!("must have 1 to {characters} characters, not only blanks");
                return Err(reject(field, what));
            }
            match unfit_character(text) {
                Some(unfit) => Err(reject(field, unfit_in_words(unfit))),
                None => Ok(()),
            }
        };
        match self.kind {
            CatalogKind::Dimension => {
                check("key", &self.name, limits::DIMENSION_NAME_CHARACTERS)?;
                check("value", &self.value, limits::DIMENSION_VALUE_CHARACTERS)
            }
            CatalogKind::Metric => check("name", &self.name, limits::METRIC_NAME_CHARACTERS),
            CatalogKind::Tag => check("name", &self.name, limits::TAG_CHARACTERS),
        }
    }
}

/// The id of a series, which follows from its metric and its dimensions.
#[must_use]
pub fn series_id(
    organization_id: OrganizationId,
    metric: &str,
    dimensions: &BTreeMap<String, String>,
) -> Id {
    let pairs = dimensions
        .iter()
        .flat_map(|(key, value)| [key.as_str(), value.as_str()]);
    derived_id(organization_id, ["series", metric].into_iter().chain(pairs))
}

/// The first 64 bits of the SHA-256 of the parts.
fn derived_id<'a>(organization_id: OrganizationId, parts: impl IntoIterator<Item = &'a str>) -> Id {
    let mut digest = Sha256::new();
    digest.update(organization_id.0.bits().to_be_bytes());
    for part in parts {
        // With the length of each part, no two lists of parts have the same digest.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    let bits = digest
        .iter()
        .take(8)
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    Id::from_bits(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_an_id_of_its_own() {
        let organization = OrganizationId(Id::from_bits(7));
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            series_id(organization, "cpu", &pairs.collect())
        };
        let ids = [
            EntryName::metric("a").id(organization),
            EntryName::tag("a").id(organization),
            EntryName::dimension("a", "b:c").id(organization),
            EntryName::dimension("a:b", "c").id(organization),
            EntryName::metric("a").id(OrganizationId(Id::from_bits(8))),
            of(&[]),
            of(&[("a", "b")]),
            of(&[("a", "b"), ("c", "d")]),
        ];
        let distinct: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{ids:?}");
        assert_eq!(of(&[("c", "d"), ("a", "b")]), of(&[("a", "b"), ("c", "d")]));
        // The ids are stored: another one would list a series twice.
        assert_eq!(
            EntryName::metric("cpu").id(organization).to_string(),
            "y6JHXRNeoRs"
        );
    }

    #[test]
    fn a_blank_long_or_invisible_name_is_rejected() {
        let check = |name: EntryName, field: Option<&str>| {
            let rejected = name.check().err().map(|rejected| rejected.field);
            assert_eq!(rejected.as_deref(), field, "{name:?}");
        };
        check(EntryName::metric("cpu/%\u{2764}"), None);
        check(EntryName::metric("ä".repeat(256)), None);
        check(EntryName::metric("ä".repeat(257)), Some("name"));
        check(EntryName::tag(" "), Some("name"));
        check(EntryName::dimension("k".repeat(129), "v"), Some("key"));
        check(EntryName::dimension("k", "v".repeat(257)), Some("value"));
        check(EntryName::dimension("k", ""), Some("value"));
        for unfit in ["a\u{202e}b", "a\nb", "a\u{200b}b", "\u{feff}a"] {
            check(EntryName::metric(unfit), Some("name"));
            check(EntryName::tag(unfit), Some("name"));
            check(EntryName::dimension(unfit, "v"), Some("key"));
            check(EntryName::dimension("k", unfit), Some("value"));
        }
    }
}
