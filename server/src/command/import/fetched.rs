//! Everything that is read from the source, before anything is changed here.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::bail;
use domain::{objects::imports::kind::ImportKind, platform::document::Document};
use serde_json::Value;

use super::reader::{Found, List, Reader, id_of, is_id};

/// What the source has.
pub(super) struct Fetched {
    /// The email addresses of its members, by their ids.
    pub(super) people: HashMap<String, String>,
    kinds: BTreeMap<ImportKind, Result<List, Unread>>,
}

/// Why a list was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// The source does not serve it.
    NotServed,
    /// The token may not read it.
    Forbidden,
}

impl Fetched {
    /// Reads the source.
    pub(super) async fn from(reader: &Reader<'_>) -> anyhow::Result<Self> {
        let people = members(reader).await?;
        let mut kinds = BTreeMap::new();
        for kind in ImportKind::ALL {
            // Rules that have ended mute nothing any more.
            let parameters: &[(&str, &str)] = if kind == ImportKind::AlertMuting {
                &[("include", "Open")]
            } else {
                &[]
            };
            let found = reader.list(kind.collection(), parameters).await?;
            let found = match found {
                Found::Some(list) => Ok(list),
                Found::Nothing => Err(Unread::NotServed),
                Found::Forbidden => Err(Unread::Forbidden),
            };
            kinds.insert(kind, found);
        }
        let mut fetched = Self { people, kinds };
        fetched.add_missing_charts(reader).await?;
        Ok(fetched)
    }

    /// The objects of a kind.
    pub(super) fn of(&self, kind: ImportKind) -> &[Document] {
        match self.kinds.get(&kind) {
            Some(Ok(list)) => &list.objects,
            Some(Err(_)) | None => &[],
        }
    }

    /// Why objects of a kind were not read.
    pub(super) fn problems(&self, kind: ImportKind) -> &[String] {
        match self.kinds.get(&kind) {
            Some(Ok(list)) => &list.problems,
            Some(Err(_)) | None => &[],
        }
    }

    /// Why the objects of a kind were not read.
    pub(super) fn unread(&self, kind: ImportKind) -> Option<Unread> {
        match self.kinds.get(&kind) {
            Some(Err(unread)) => Some(*unread),
            Some(Ok(_)) | None => None,
        }
    }

    /// Reads the charts of dashboards that the list of charts does not have: lists end at 10,000 objects
    /// (docs/contract.md#lists).
    async fn add_missing_charts(&mut self, reader: &Reader<'_>) -> anyhow::Result<()> {
        let listed: HashSet<&str> = self
            .of(ImportKind::Chart)
            .iter()
            .filter_map(id_of)
            .collect();
        let dashboards = self.of(ImportKind::Dashboard).iter();
        let places = dashboards
            .filter_map(|dashboard| dashboard.get("charts").and_then(Value::as_array))
            .flatten();
        let missing: HashSet<String> = places
            .filter_map(|place| place["chartId"].as_str())
            .filter(|id| is_id(id) && !listed.contains(id))
            .map(str::to_owned)
            .collect();
        let mut found = Vec::new();
        for id in missing {
            let path = format!("{}/{id}", ImportKind::Chart.collection());
            if let Found::Some(Value::Object(chart)) = reader.get(&path, &[]).await? {
                found.push(chart);
            }
        }
        if let Some(Ok(charts)) = self.kinds.get_mut(&ImportKind::Chart) {
            charts.objects.extend(found);
        }
        Ok(())
    }
}

/// The email addresses of the members.
async fn members(reader: &Reader<'_>) -> anyhow::Result<HashMap<String, String>> {
    let path = "/v2/organization/member";
    let members = match reader.list(path, &[]).await? {
        Found::Some(list) => list.objects,
        Found::Nothing => {
            bail!("the source has no {path} (404): --api is not the address of an API")
        }
        Found::Forbidden => {
            bail!(
                "the token may not read the members of the source (403): it must be an administrator's"
            )
        }
    };
    let text = |member: &Document, field: &str| {
        member.get(field).and_then(Value::as_str).map(str::to_owned)
    };
    let mut people = HashMap::new();
    for member in &members {
        let Some(email) = text(member, "email") else {
            continue;
        };
        for id in [text(member, "id"), text(member, "userId")]
            .into_iter()
            .flatten()
        {
            people.insert(id, email.clone());
        }
    }
    Ok(people)
}
