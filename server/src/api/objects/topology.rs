//! `/v2/apm/topology` (docs/contract.md#apm-topology). The server collects no traces, so the topology is empty.

#![expect(dead_code, reason = "shapes are described and never built")]

use axum::Json;
use domain::{identity::access::Access, objects::topology::check_request};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::platform::{body::JsonBody, error::ApiError, routes::Routes};

/// The route of the topology.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "APM topology",
        "Which services call which. No traces are collected, so it is empty.",
    )
    .post(
        "/v2/apm/topology",
        Access::AnyCaller,
        "Read the topology of services (always empty)",
        read,
    )
}

async fn read(given: JsonBody<TopologyFields>) -> Result<Json<TopologyBody>, ApiError> {
    check_request(&given)?;
    Ok(Json(TopologyBody {
        data: Topology {
            nodes: [],
            edges: [],
        },
    }))
}

/// A request for the topology of services.
#[derive(JsonSchema)]
#[schemars(rename = "TopologyGiven", rename_all = "camelCase")]
struct TopologyFields {
    /// Two times with a slash between them: `2024-01-01T00:00:00Z/2024-01-01T01:00:00Z`.
    time_range: String,
    #[schemars(length(max = 2_000))]
    tag_filters: Option<Vec<TagFilter>>,
}

/// A tag of spans. `equals` requires `value`, `in` requires `values`.
#[derive(JsonSchema)]
#[schemars(rename = "TopologyTagFilter")]
struct TagFilter {
    #[schemars(length(min = 1))]
    name: String,
    #[schemars(length(min = 1))]
    scope: String,
    operator: Operator,
    value: Option<String>,
    values: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum Operator {
    Equals,
    In,
}

/// The topology of services.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Topology")]
struct TopologyBody {
    data: Topology,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
struct Topology {
    nodes: [(); 0],
    edges: [(); 0],
}
