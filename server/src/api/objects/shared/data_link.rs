//! `/v2/crosslink` (docs/contract.md#data-links).

#![expect(dead_code, reason = "shapes are described and never built")]

use std::collections::BTreeMap;

use domain::{audit::event::SharedKind, identity::access::Access, platform::id::Id};
use schemars::JsonSchema;
use service::ListQuery;

use super::{SharedBody, collection, create, delete, list};
use crate::api::platform::{
    error::ApiError,
    parameters::Parameters,
    routes::Routes,
    schema::{GivenId, IdText, PageParameters, Stamps},
};

/// The routes of data links.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "Data links",
        "Where a property leads: to a dashboard or to a page of another system.",
    )
    .without_secrets();
    collection!(
        routes,
        LinkBody,
        "/v2/crosslink",
        Access::Writer,
        "a data link",
        "data links",
        list::<LinkBody>,
        create::<LinkBody>,
        delete::<LinkBody>,
    )
}

impl SharedBody for LinkBody {
    type Request = LinkFields;
    type ListParameters = LinkParameters;

    const KIND: SharedKind = SharedKind::DataLink;

    fn query(parameters: &Parameters<LinkParameters>) -> Result<ListQuery, ApiError> {
        Ok(ListQuery {
            dashboard_id: parameters.find("context").map(Id::parse).transpose()?,
            order_by: parameters.order_by().to_owned(),
            ..ListQuery::default()
        })
    }
}

/// The fields of a request for a data link.
#[derive(JsonSchema)]
#[schemars(rename = "DataLinkGiven", rename_all = "camelCase")]
pub(crate) struct LinkFields {
    /// The dashboard that shows the link; all dashboards if absent.
    context_id: Option<GivenId>,
    #[schemars(length(max = 1_000))]
    property_name: Option<String>,
    /// Requires a property.
    #[schemars(length(max = 1_000))]
    property_value: Option<String>,
    #[schemars(length(min = 1, max = 2_000))]
    targets: Vec<Target>,
}

/// Where a link leads. The type determines which fields it needs.
#[derive(JsonSchema)]
#[schemars(rename = "DataLinkTarget", rename_all = "camelCase")]
struct Target {
    #[schemars(rename = "type")]
    kind: TargetType,
    #[schemars(length(min = 1))]
    name: String,
    is_default: Option<bool>,
    dashboard_id: Option<GivenId>,
    dashboard_name: Option<String>,
    dashboard_group_id: Option<GivenId>,
    dashboard_group_name: Option<String>,
    /// Begins with `https://` or `http://`.
    url: Option<String>,
    time_format: Option<TimeFormat>,
    minimum_time_window: Option<NumberOrText>,
    property_key_mapping: Option<BTreeMap<String, String>>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum TargetType {
    #[schemars(rename = "INTERNAL_LINK")]
    Internal,
    #[schemars(rename = "EXTERNAL_LINK")]
    External,
    #[schemars(rename = "SPLUNK_LINK")]
    Splunk,
    #[schemars(rename = "APPD_LINK")]
    AppDynamics,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum TimeFormat {
    #[schemars(rename = "ISO8601")]
    Iso8601,
    Epoch,
    EpochSeconds,
    #[schemars(rename = "")]
    NotGiven,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum NumberOrText {
    Number(f64),
    Text(String),
}

/// A data link.
#[derive(JsonSchema)]
#[schemars(rename = "DataLink", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct LinkBody {
    id: IdText,
    context_id: Option<GivenId>,
    property_name: String,
    property_value: String,
    targets: Vec<Target>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of data links.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct LinkParameters {
    /// The links of this dashboard.
    context: Option<IdText>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
