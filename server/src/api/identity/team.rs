//! `/v2/team` (docs/contract.md#teams): teams, their members, and the objects linked to them.

mod schema;

use axum::{extract::State, response::NoContent};
use domain::{
    audit::event::ObjectType,
    identity::{
        access::Access,
        team::{defaults, read_members},
    },
    objects::object::Object,
    platform::id::UserId,
};
use serde_json::json;
use service::{Service, TeamView};

use self::schema::{Members, TeamBody, TeamFields, TeamListParameters};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::SHORT_DEFAULT_LIMIT,
    object_body::object_body,
    object_handlers::{ObjectKind, create, delete, find, list, operations, update},
    path::{ObjectId, ObjectIds},
    response::DocumentBody,
    routes::Routes,
};

/// The routes of teams: the teams themselves, their members, and what is linked to them.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "Teams",
        "Groups of members, their notification settings, and the objects linked to them.",
    );
    links(memberships(teams(routes)))
}

fn teams(routes: Routes) -> Routes {
    let (any, administrator) = (Access::AnyCaller, Access::Administrator);
    routes
        .get("/v2/team", any, "List teams", list::<TeamBody>)
        .create(
            "/v2/team",
            administrator,
            "Create a team",
            create::<TeamBody>,
        )
        .get("/v2/team/{id}", any, "Read a team", find::<TeamBody>)
        .put(
            "/v2/team/{id}",
            administrator,
            "Replace a team",
            update::<TeamBody>,
        )
        .delete(
            "/v2/team/{id}",
            administrator,
            "Delete a team",
            delete::<TeamBody>,
        )
}

/// Members may add and remove themselves, so these routes require a user; the service checks for which member.
fn memberships(routes: Routes) -> Routes {
    let (one, several) = ("/v2/team/{id}/member/{user}", "/v2/team/{id}/members");
    routes
        .put(one, Access::User, "Add a member, or join", add_member)
        .delete(
            one,
            Access::User,
            "Remove a member, or leave",
            remove_member,
        )
        .put(several, Access::User, "Add several members", add_members)
        .delete(
            several,
            Access::User,
            "Remove several members",
            remove_members,
        )
}

fn links(routes: Routes) -> Routes {
    let detector = "/v2/team/{id}/detector/{other}";
    let group = "/v2/team/{id}/dashboardgroup/{other}";
    routes
        .post(
            detector,
            Access::Writer,
            "Link a detector to a team",
            link_detector,
        )
        .delete(
            detector,
            Access::Writer,
            "Unlink a detector from a team",
            unlink_detector,
        )
        .post(
            group,
            Access::Writer,
            "Link a dashboard group to a team",
            link_group,
        )
        .delete(
            group,
            Access::Writer,
            "Unlink a dashboard group from a team",
            unlink_group,
        )
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
    ($($name:ident: $operation:ident $kind:ident;)*) => {$(
        async fn $name(
            State(service): State<Service>,
            Authenticated(caller): Authenticated,
            ObjectIds(team_id, id): ObjectIds,
        ) -> Result<NoContent, ApiError> {
            service.objects().$operation(&caller, team_id, ObjectType::$kind, id).await?;
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

impl ObjectKind for TeamBody {
    type Fields = TeamFields;
    type ListParameters = TeamListParameters;
    type View = TeamView;

    const DEFAULT_LIMIT: i64 = SHORT_DEFAULT_LIMIT;

    fn body(view: &TeamView) -> DocumentBody<Self> {
        let managed = [
            ("members", json!(view.members)),
            ("dashboardGroups", json!(view.dashboard_groups)),
            ("detectors", json!(view.detectors)),
        ];
        object_body(&view.team, defaults(), managed).into()
    }

    fn with_notifications(view: &TeamView) -> Option<&Object> {
        Some(&view.team)
    }

    operations!(identity.teams: list, find, create, update, delete);
}
