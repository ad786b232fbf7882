//! The kinds of objects that have pages of their own.

use domain::{
    audit::event::{ObjectType, SharedKind},
    objects::permissions::ItemKind,
};
use serde::{Deserialize, Serialize};

/// A kind of object that has a list, pages and a JSON document. Serialized as the label of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ObjectType", into = "ObjectType")]
pub enum ContentKind {
    /// Objects that have permissions of their own.
    Item(ItemKind),
    /// Objects that all members share.
    Shared(SharedContentKind),
}

/// A kind of shared object that has pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedContentKind {
    /// Alert muting rules.
    AlertMuting,
    /// Data links.
    DataLink,
    /// Service level objectives.
    Slo,
}

impl SharedContentKind {
    /// The kind of shared object.
    #[must_use]
    pub const fn kind(self) -> SharedKind {
        match self {
            Self::AlertMuting => SharedKind::AlertMuting,
            Self::DataLink => SharedKind::DataLink,
            Self::Slo => SharedKind::Slo,
        }
    }

    /// The kind with pages; `None` when objects of the kind have none.
    #[must_use]
    pub const fn of(kind: SharedKind) -> Option<Self> {
        match kind {
            SharedKind::AlertMuting => Some(Self::AlertMuting),
            SharedKind::DataLink => Some(Self::DataLink),
            SharedKind::Slo => Some(Self::Slo),
            SharedKind::MetricRuleset
            | SharedKind::ArchivalSettings
            | SharedKind::ExemptMetric
            | SharedKind::EmailTemplate
            | SharedKind::Navigator
            | SharedKind::Template
            | SharedKind::DirectoryEntry => None,
        }
    }
}

impl ContentKind {
    /// The object type.
    #[must_use]
    pub const fn object_type(self) -> ObjectType {
        match self {
            Self::Item(kind) => kind.object_type(),
            Self::Shared(kind) => ObjectType::Shared(kind.kind()),
        }
    }

    /// The kind of an object type; `None` when its objects have no such pages.
    #[must_use]
    pub fn of(kind: ObjectType) -> Option<Self> {
        if let ObjectType::Shared(kind) = kind {
            return SharedContentKind::of(kind).map(Self::Shared);
        }
        ItemKind::of(kind).map(Self::Item)
    }

    /// The kind in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.object_type().words()
    }

    /// The label in fields of forms.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.object_type().label()
    }
}

impl From<ItemKind> for ContentKind {
    fn from(kind: ItemKind) -> Self {
        Self::Item(kind)
    }
}

impl From<SharedContentKind> for ContentKind {
    fn from(kind: SharedContentKind) -> Self {
        Self::Shared(kind)
    }
}

impl From<ContentKind> for ObjectType {
    fn from(kind: ContentKind) -> Self {
        kind.object_type()
    }
}

impl TryFrom<ObjectType> for ContentKind {
    type Error = &'static str;

    fn try_from(kind: ObjectType) -> Result<Self, Self::Error> {
        Self::of(kind).ok_or("the objects of this type have no pages")
    }
}
