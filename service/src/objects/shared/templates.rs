//! Templates: each with the paths of the directory that list it, and those that it imports (docs/contract.md#templates).

use std::collections::{HashMap, HashSet};

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{
        object::{Object, Relation},
        shared::{
            directory::DirectoryPath,
            template::{imports_of, root_element_of},
        },
    },
    platform::{
        id::Id,
        page::{OffsetPage, Page, order_field},
    },
};
use store::{Conn, NameFilter, ObjectFilter, Reader};

use crate::{
    objects::{handle::Objects, list::order_of, load::find},
    platform::error::ServiceError,
};

const KIND: ObjectType = ObjectType::Shared(SharedKind::Template);

/// The largest number of imported templates in a response.
const MOST_IMPORTED: usize = 1_000;

/// The largest number of templates that one search names, by id or by title.
const MOST_NAMED: usize = 200;

/// A template, and the paths of the directory that list it.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateView {
    /// The template.
    pub template: Object,
    /// In alphabetical order.
    pub listed_at: Vec<DirectoryPath>,
}

/// A search for templates (docs/contract.md#templates). An empty condition matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateSearch {
    /// Text in the title, ignoring case.
    pub text: String,
    /// One of these kinds of documents.
    pub root_elements: Vec<String>,
    /// One of these templates.
    pub ids: Vec<Id>,
    /// One of these titles.
    pub titles: Vec<String>,
    /// The field to order by, with `-` for descending.
    pub order_by: String,
}

impl Objects {
    /// Templates as they are returned.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn view_templates(
        &self,
        templates: Vec<Object>,
    ) -> Result<Vec<TemplateView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        viewed(&mut read, templates).await
    }

    /// Finds a template.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_template(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<TemplateView, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let template = find(&mut read, caller, KIND, id).await?;
        let mut found = viewed(&mut read, vec![template]).await?;
        found
            .pop()
            .ok_or_else(|| ServiceError::not_found(KIND.words()))
    }

    /// The templates that these templates import, directly or through others, without these.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn imported_templates(
        &self,
        caller: &Caller,
        by: &[TemplateView],
    ) -> Result<Vec<TemplateView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let mut seen: HashSet<Id> = by.iter().map(|view| view.template.id).collect();
        let documents = by.iter().map(|view| &view.template.document);
        let mut next: Vec<Id> = documents.flat_map(imports_of).collect();
        let mut imported = Vec::new();
        loop {
            next.retain(|id| seen.insert(*id));
            next.truncate(MOST_IMPORTED - imported.len());
            if next.is_empty() {
                return viewed(&mut read, imported).await;
            }
            let mut found = read.list_objects_by_id(&next).await?;
            found.retain(|template| is_template_of(caller, template));
            found.sort_by_key(|template| template.id);
            next = found
                .iter()
                .flat_map(|template| imports_of(&template.document))
                .collect();
            imported.append(&mut found);
        }
    }

    /// Lists the templates that a search finds.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when it names too many templates.
    pub async fn search_templates(
        &self,
        caller: &Caller,
        search: &TemplateSearch,
        page: OffsetPage,
    ) -> Result<Page<TemplateView>, ServiceError> {
        for (field, named) in [("id", search.ids.len()), ("title", search.titles.len())] {
            if named > MOST_NAMED {
                let what = format!("is given more than {MOST_NAMED} times");
                return Err(domain::platform::document::reject(field, what).into());
            }
        }
        let mut read = self.platform.store().read().await?;
        let found = if search.ids.is_empty() && search.titles.is_empty() {
            read.page_objects(&filter_of(caller, search, NameFilter::Any), page)
                .await?
        } else {
            let mut found = named(&mut read, caller, search).await?;
            found.retain(|template| matches(template, search));
            sort(&mut found, &search.order_by);
            Page::of_all(found, page)
        };
        Ok(Page {
            count: found.count,
            results: viewed(&mut read, found.results).await?,
        })
    }
}

/// The filter of a search, with this condition on the title if the search has none.
fn filter_of(caller: &Caller, search: &TemplateSearch, title: NameFilter) -> ObjectFilter {
    let (order, descending) = order_of(KIND, &search.order_by);
    // Only two kinds exist, so several kinds match every document.
    let type_name = match search.root_elements.as_slice() {
        [only] => only.clone(),
        _ => String::new(),
    };
    let name = match (title, search.text.as_str()) {
        (NameFilter::Any, text) if !text.is_empty() => NameFilter::Containing(text.to_owned()),
        (title, _) => title,
    };
    ObjectFilter {
        name,
        type_name,
        order,
        descending,
        ..ObjectFilter::all(caller.organization_id(), KIND, Reader::Everything)
    }
}

/// The templates with one of the ids or titles of a search.
async fn named(
    conn: &mut Conn,
    caller: &Caller,
    search: &TemplateSearch,
) -> Result<Vec<Object>, ServiceError> {
    if !search.ids.is_empty() {
        let mut found = conn.list_objects_by_id(&search.ids).await?;
        found.retain(|template| is_template_of(caller, template));
        return Ok(found);
    }
    let mut found: HashMap<Id, Object> = HashMap::new();
    let first = OffsetPage {
        limit: i64::try_from(MOST_IMPORTED).unwrap_or(i64::MAX),
        offset: 0,
    };
    for title in &search.titles {
        let filter = filter_of(caller, search, NameFilter::Whole(title.clone()));
        let titled = conn.page_objects(&filter, first).await?.results;
        found.extend(titled.into_iter().map(|template| (template.id, template)));
    }
    Ok(found.into_values().collect())
}

fn matches(template: &Object, search: &TemplateSearch) -> bool {
    let root = root_element_of(&template.document);
    let is_one_of =
        |texts: &[String], text: &str| texts.is_empty() || texts.iter().any(|one| one == text);
    let text = search.text.to_lowercase();
    is_one_of(&search.root_elements, root)
        && is_one_of(&search.titles, &template.name)
        && template.name.to_lowercase().contains(&text)
}

/// Sorts templates as the database would.
fn sort(templates: &mut [Object], order_by: &str) {
    let (field, is_descending) = order_field(order_by);
    templates.sort_by_key(|template| template.id);
    match field {
        "title" => templates.sort_by_key(|template| template.name.to_lowercase()),
        "createdAt" => templates.sort_by_key(|template| template.created.at),
        _ => templates.sort_by_key(|template| template.updated.at),
    }
    if is_descending && matches!(field, "title" | "createdAt" | "updatedAt") {
        templates.reverse();
    }
}

fn is_template_of(caller: &Caller, object: &Object) -> bool {
    object.kind == KIND && object.organization_id == caller.organization_id()
}

/// The templates with the paths of the directory that list them.
async fn viewed(
    conn: &mut Conn,
    templates: Vec<Object>,
) -> Result<Vec<TemplateView>, ServiceError> {
    let ids: Vec<Id> = templates.iter().map(|template| template.id).collect();
    let entries = ObjectType::Shared(SharedKind::DirectoryEntry);
    let mut listed: HashMap<Id, Vec<DirectoryPath>> = HashMap::new();
    for (id, path) in conn
        .list_names_referring(Relation::Template, &ids, entries)
        .await?
    {
        listed
            .entry(id)
            .or_default()
            .extend(DirectoryPath::parse(&path));
    }
    let templates = templates.into_iter();
    Ok(templates
        .map(|template| TemplateView {
            listed_at: listed.remove(&template.id).unwrap_or_default(),
            template,
        })
        .collect())
}
