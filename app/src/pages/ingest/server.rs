//! Metrics and dimensions, read from the service as their lists show them.

use domain::{
    audit::event::ObjectType, identity::actor::Caller, ingest::MetricType,
    platform::document::Document,
};
use leptos::serde_json::Value;
use service::{CatalogEntry, Service};

use crate::{
    error::UiError,
    model::{
        document::{items, text},
        ingest::catalog::{CatalogList, CatalogQuery, CatalogRow},
    },
    request::{parameters, rejection, set_status},
};

/// The characters and words that make a search a query.
const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];
const SYNTAX: &str = ":*()!\"\\";

/// A page of a list. A query that cannot be read finds nothing, and the list says why.
pub(super) async fn list(
    service: &Service,
    caller: &Caller,
    query: CatalogQuery,
) -> Result<CatalogList, UiError> {
    let ObjectType::Catalog(kind) = query.kind else {
        return Err(UiError::NotFound("There is no such list.".to_owned()));
    };
    let page = parameters::page(query.page);
    let ingest = service.ingest();
    let text = query_of(&query.search);
    let found = ingest.search_entries(caller, kind, &text, &query.sort, page);
    match found.await.map_err(rejection) {
        Ok(found) => Ok(CatalogList {
            count: found.count,
            rows: found.results.iter().map(row).collect(),
            mistake: String::new(),
        }),
        Err(UiError::Rejected { message, .. }) => {
            set_status(400);
            Ok(CatalogList {
                count: 0,
                rows: Vec::new(),
                mistake: message,
            })
        }
        Err(error) => {
            set_status(error.status());
            Err(error)
        }
    }
}

/// The query of a search. Plain words match parts of names.
fn query_of(search: &str) -> String {
    let words = || search.split_whitespace();
    let is_query =
        search.contains(|c| SYNTAX.contains(c)) || words().any(|word| OPERATORS.contains(&word));
    if is_query {
        return search.to_owned();
    }
    words().map(|word| format!("*{word}* ")).collect()
}

fn row(entry: &CatalogEntry) -> CatalogRow {
    CatalogRow {
        id: entry.id.to_string(),
        name: entry.name.shown(),
        metric_type: entry.metric_type.map_or("", MetricType::label).to_owned(),
        description: text(&entry.document, "description").to_owned(),
        labels: labels(&entry.document),
        created_at: entry.created.at,
        created_by: entry.created.by.actor_name.clone(),
    }
}

fn labels(document: &Document) -> Vec<String> {
    let properties = document.get("customProperties").and_then(Value::as_object);
    let properties = properties.into_iter().flatten();
    let properties = properties
        .filter_map(|(name, value)| value.as_str().map(|value| format!("{name}: {value}")));
    let tags = items(document, "tags").filter_map(Value::as_str);
    properties.chain(tags.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::query_of;

    #[test]
    fn words_without_syntax_are_parts_of_names() {
        for (search, query) in [
            ("", ""),
            ("cpu.load", "*cpu.load* "),
            ("cpu web", "*cpu* *web* "),
            ("host:web-1", "host:web-1"),
            ("cpu*", "cpu*"),
            ("cpu OR web", "cpu OR web"),
        ] {
            assert_eq!(query_of(search), query);
        }
    }
}
