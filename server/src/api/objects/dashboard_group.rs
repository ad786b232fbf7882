//! `/v2/dashboardgroup` (docs/contract.md#dashboard-groups).

pub(crate) mod schema;

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    identity::{access::Access, actor::Caller},
    objects::{
        dashboard_group::{configs, defaults},
        object::Object,
    },
    platform::{document::Document, id::Id, page::Page},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use service::{Service, ServiceError, Validation};

use self::schema::{Copy, CreateParameters, GroupBody, GroupFields, GroupListParameters};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    object_body::object_body,
    object_handlers::{ObjectKind, Validated, delete, find, operations, update, validate_in_mode},
    parameters::Parameters,
    path::ObjectId,
    response::DocumentBody,
    route::Summary,
    routes::Routes,
    schema::{IdText, ToCreate},
};

/// The routes of dashboard groups.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Dashboard groups",
        "Groups of dashboards, and who may read and write them.",
    )
    .without_secrets()
    .get(
        "/v2/dashboardgroup",
        Access::AnyCaller,
        "List dashboard groups",
        list,
    )
    .create(
        "/v2/dashboardgroup",
        Access::Writer,
        "Create a dashboard group",
        create,
    )
    .post(
        "/v2/dashboardgroup/validate",
        Access::Writer,
        "Validate a dashboard group without creating it",
        validate_in_mode::<GroupBody>,
    )
    .get(
        "/v2/dashboardgroup/{id}",
        Access::AnyCaller,
        Summary::new("Read a dashboard group").or(StatusCode::FORBIDDEN),
        find::<GroupBody>,
    )
    .put(
        "/v2/dashboardgroup/{id}",
        Access::Writer,
        "Replace a dashboard group",
        update::<GroupBody>,
    )
    .delete(
        "/v2/dashboardgroup/{id}",
        Access::Writer,
        "Delete a dashboard group",
        delete::<GroupBody>,
    )
    .create(
        "/v2/dashboardgroup/{id}/dashboard",
        Access::Writer,
        "Copy a dashboard and its charts into a group",
        clone_dashboard,
    )
}

/// `excludeCustom=true` leaves only built-in groups, and this server has none.
async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<GroupListParameters>,
) -> Result<Json<ListBody<DocumentBody<GroupBody>>>, ApiError> {
    let query = list_query(&parameters)?;
    let found = if parameters.is_true("excludeCustom") {
        Page {
            count: 0,
            results: Vec::new(),
        }
    } else {
        let page = parameters.page(DEFAULT_LIMIT);
        GroupBody::list(&service, &caller, &query, page).await?
    };
    Ok(Json(found.map(|group| GroupBody::body(&group)).into()))
}

/// `empty=true` creates the group without a first dashboard.
async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<CreateParameters>,
    given: JsonBody<ToCreate<GroupFields>>,
) -> Result<Json<DocumentBody<GroupBody>>, ApiError> {
    let empty = parameters.is_true("empty");
    let group = service
        .objects()
        .create_dashboard_group(&caller, &given, empty)
        .await?;
    Ok(Json(GroupBody::body(&group)))
}

async fn clone_dashboard(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(group_id): ObjectId,
    given: JsonBody<Copy>,
) -> Result<Json<ClonedBody>, ApiError> {
    let copy = service
        .objects()
        .clone_dashboard(&caller, group_id, &given)
        .await?;
    Ok(Json(ClonedBody { id: copy.id }))
}

/// The copy.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CopiedDashboard", deny_unknown_fields)]
struct ClonedBody {
    #[schemars(with = "IdText")]
    id: Id,
}

impl ObjectKind for GroupBody {
    type Fields = GroupFields;
    type ListParameters = GroupListParameters;
    type View = Object;

    fn body(group: &Object) -> DocumentBody<Self> {
        let configs = configs(&group.document);
        let dashboards: Vec<Id> = configs.iter().map(|config| config.dashboard_id).collect();
        let managed = [("dashboards", json!(dashboards))];
        object_body(group, defaults(), managed).into()
    }

    operations!(
        objects: list_dashboard_groups, find_dashboard_group, create_dashboard_group(false), update_dashboard_group,
        delete_dashboard_group
    );
}

impl Validated for GroupBody {
    async fn validate(
        service: &Service,
        caller: &Caller,
        given: &Document,
        mode: Validation,
    ) -> Result<(), ServiceError> {
        service
            .objects()
            .validate_dashboard_group(caller, given, mode)
            .await
    }
}
