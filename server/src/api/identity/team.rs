//! `/v2/team` (docs/contract.md#teams): teams, who is in them, and what is linked to them.

mod schema;

use axum::{Json, extract::State, response::NoContent};
use domain::{
    audit::event::ObjectType,
    identity::{
        access::Access,
        team::{defaults, read_members},
    },
    platform::id::UserId,
};
use serde_json::json;
use service::{Service, TeamView};

use self::schema::{Members, Team, TeamFields, TeamListParameters};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{ListBody, SHORT_DEFAULT_LIMIT, list_query},
    object_body::object_body,
    parameters::Parameters,
    path::{ObjectId, ObjectIds},
    response::DocumentBody,
    routes::Routes,
    schema::{ToCreate, ToUpdate},
};

/// The routes of teams. Members come and go by themselves too, so those routes ask for a user; the act asks who.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Teams",
        "People together, whom to tell, and what is linked to them.",
    )
    .get("/v2/team", Access::AnyCaller, "List teams", list)
    .post("/v2/team", Access::Administrator, "Create a team", create)
    .get("/v2/team/{id}", Access::AnyCaller, "Read a team", find)
    .put(
        "/v2/team/{id}",
        Access::Administrator,
        "Replace a team",
        update,
    )
    .delete(
        "/v2/team/{id}",
        Access::Administrator,
        "Delete a team",
        delete,
    )
    .put(
        "/v2/team/{id}/member/{user}",
        Access::User,
        "Add somebody, or join",
        add_member,
    )
    .delete(
        "/v2/team/{id}/member/{user}",
        Access::User,
        "Remove somebody, or leave",
        remove_member,
    )
    .put(
        "/v2/team/{id}/members",
        Access::User,
        "Add several",
        add_members,
    )
    .delete(
        "/v2/team/{id}/members",
        Access::User,
        "Remove several",
        remove_members,
    )
    .post(
        "/v2/team/{id}/detector/{other}",
        Access::Writer,
        "Link a detector to a team",
        link_detector,
    )
    .delete(
        "/v2/team/{id}/detector/{other}",
        Access::Writer,
        "Unlink a detector from a team",
        unlink_detector,
    )
    .post(
        "/v2/team/{id}/dashboardgroup/{other}",
        Access::Writer,
        "Link a dashboard group to a team",
        link_group,
    )
    .delete(
        "/v2/team/{id}/dashboardgroup/{other}",
        Access::Writer,
        "Unlink a dashboard group from a team",
        unlink_group,
    )
}

async fn list(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<TeamListParameters>,
) -> Result<Json<ListBody<DocumentBody<Team>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(SHORT_DEFAULT_LIMIT);
    let found = service
        .identity()
        .teams()
        .list(&caller, &query, page)
        .await?;
    Ok(Json(found.map(|view| body(&view)).into()))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<Team>>, ApiError> {
    let view = service.identity().teams().find(&caller, id).await?;
    Ok(Json(body(&view)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<TeamFields>>,
) -> Result<Json<DocumentBody<Team>>, ApiError> {
    let view = service.identity().teams().create(&caller, &given).await?;
    Ok(Json(body(&view)))
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<ToUpdate<TeamFields>>,
) -> Result<Json<DocumentBody<Team>>, ApiError> {
    let view = service
        .identity()
        .teams()
        .update(&caller, id, &given)
        .await?;
    Ok(Json(body(&view)))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    service.identity().teams().delete(&caller, id).await?;
    Ok(NoContent)
}

async fn add_member(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectIds(id, user_id): ObjectIds,
) -> Result<NoContent, ApiError> {
    service
        .identity()
        .teams()
        .add_members(&caller, id, &[UserId(user_id)])
        .await?;
    Ok(NoContent)
}

async fn remove_member(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectIds(id, user_id): ObjectIds,
) -> Result<NoContent, ApiError> {
    service
        .identity()
        .teams()
        .remove_members(&caller, id, &[UserId(user_id)])
        .await?;
    Ok(NoContent)
}

async fn add_members(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<Members>,
) -> Result<NoContent, ApiError> {
    let members = read_members(&given)?;
    service
        .identity()
        .teams()
        .add_members(&caller, id, &members)
        .await?;
    Ok(NoContent)
}

async fn remove_members(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<Members>,
) -> Result<NoContent, ApiError> {
    let members = read_members(&given)?;
    service
        .identity()
        .teams()
        .remove_members(&caller, id, &members)
        .await?;
    Ok(NoContent)
}

macro_rules! link {
    ($($name:ident: $act:ident $kind:ident;)*) => {$(
        async fn $name(
            State(service): State<Service>,
            Authenticated(caller): Authenticated,
            ObjectIds(team_id, id): ObjectIds,
        ) -> Result<NoContent, ApiError> {
            service.objects().$act(&caller, team_id, ObjectType::$kind, id).await?;
            Ok(NoContent)
        }
    )*};
}

link! {
    link_detector: link_team Detector;
    unlink_detector: unlink_team Detector;
    link_group: link_team DashboardGroup;
    unlink_group: unlink_team DashboardGroup;
}

/// A team as the API shows it.
fn body(view: &TeamView) -> DocumentBody<Team> {
    let managed = [
        ("members", json!(view.members)),
        ("dashboardGroups", json!(view.dashboard_groups)),
        ("detectors", json!(view.detectors)),
    ];
    object_body(&view.team, defaults(), managed).into()
}
