//! Lists: how they are queried and returned (docs/contract.md#lists).

use domain::platform::{id::Id, limits, page::Page};
use schemars::JsonSchema;
use serde::Serialize;
use service::ListQuery;

use super::{error::ApiError, parameters::Parameters};

/// Objects in a page when the request has no limit.
pub(crate) const DEFAULT_LIMIT: i64 = 50;

/// Org tokens or teams in a page when the request has no limit.
pub(crate) const SHORT_DEFAULT_LIMIT: i64 = 20;

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}", deny_unknown_fields)]
pub(crate) struct ListBody<T> {
    /// The number of matches that the caller may read, on all pages.
    #[schemars(range(min = 0))]
    count: i64,
    results: Vec<T>,
}

impl<T> From<Page<T>> for ListBody<T> {
    fn from(page: Page<T>) -> Self {
        Self {
            count: page.count,
            results: page.results,
        }
    }
}

/// Returns the filters and the sort order of a list of objects.
pub(crate) fn list_query<P>(parameters: &Parameters<P>) -> Result<ListQuery, ApiError> {
    let text = |name| parameters.find(name).unwrap_or_default().to_owned();
    let id = |name| parameters.find(name).map(Id::parse).transpose();
    let texts = |name, most| {
        let given: Vec<_> = parameters.all(name).map(str::to_owned).collect();
        if given.len() > most {
            let message = format!("{name} is given more than {most} times.");
            return Err(ApiError::bad_request(message));
        }
        Ok(given)
    };
    Ok(ListQuery {
        name: text("name"),
        type_name: text("type"),
        tags: texts("tags", limits::FILTER_TAGS)?,
        tag_prefixes: texts("prefixTags", limits::FILTER_TAG_PREFIXES)?,
        excluded_tag_prefixes: texts("prefixTagExclusions", limits::FILTER_TAG_PREFIXES)?,
        order_by: parameters.order_by().to_owned(),
        chart_id: id("chartId")?,
        dashboard_id: id("dashboardId")?,
        group_id: id("groupId")?,
        team_id: id("teamId")?,
        creator_id: None,
        enabled: None,
    })
}
