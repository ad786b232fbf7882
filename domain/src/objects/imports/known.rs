//! What is known of the source: which objects and people have a counterpart here.

use std::collections::HashMap;

use serde_json::Value;

use super::kind::ImportKind;
use crate::platform::{
    document::Document,
    id::{Id, OrganizationId, UserId},
};

/// Characters of an id in a text.
fn is_id_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// A member of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The email address.
    pub email: String,
    /// The member here with the same address.
    pub user_id: Option<UserId>,
}

/// The counterparts here of objects and people of the source.
#[derive(Debug, Clone)]
pub struct Known {
    /// Our organization.
    pub organization_id: OrganizationId,
    /// The members of the source, by their id there.
    pub people: HashMap<String, Person>,
    objects: HashMap<String, (ImportKind, Id)>,
}

impl Known {
    /// Nothing is known yet but the people.
    #[must_use]
    pub fn of(organization_id: OrganizationId, people: HashMap<String, Person>) -> Self {
        Self {
            organization_id,
            people,
            objects: HashMap::new(),
        }
    }

    /// Adds an object.
    pub fn insert(&mut self, kind: ImportKind, source_id: &str, id: Id) {
        self.objects.insert(source_id.to_owned(), (kind, id));
    }

    /// The counterpart of an object.
    #[must_use]
    pub fn find(&self, kind: ImportKind, source_id: &str) -> Option<Id> {
        let found = self.objects.get(source_id);
        found.filter(|(of, _)| *of == kind).map(|(_, id)| *id)
    }

    /// Replaces every id of the source in the texts of a document: alone, in a program, or in a link. An id has 64
    /// bits, so no other text equals one by chance.
    pub(super) fn replace_ids(&self, document: &mut Document) {
        for value in document.values_mut() {
            self.replace_within(value);
        }
    }

    fn replace_within(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(replaced) = self.replaced(text) {
                    *text = replaced;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace_within(item)),
            Value::Object(members) => self.replace_ids(members),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The text with ids of ours; `None` when it has no id of the source.
    fn replaced(&self, text: &str) -> Option<String> {
        let mut replaced = String::new();
        let mut is_changed = false;
        let mut rest = text;
        while let Some(start) = rest.find(is_id_character) {
            let (before, from) = rest.split_at(start);
            let end = from
                .find(|character| !is_id_character(character))
                .unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            replaced.push_str(before);
            match self.objects.get(word) {
                Some((_, id)) => {
                    is_changed = true;
                    replaced.push_str(&id.to_string());
                }
                None => replaced.push_str(word),
            }
            rest = after;
        }
        replaced.push_str(rest);
        is_changed.then_some(replaced)
    }
}
