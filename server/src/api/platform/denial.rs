//! Which operation a denied call was for, taken from its route and path: the operation itself was rolled back.

use domain::{
    audit::event::{Action, CatalogKind, ObjectType, SharedKind},
    ingest::catalog::names::EntryName,
    platform::id::Id,
};
use percent_encoding::percent_decode_str;
use service::DeniedOperation;

use super::route::PATH;
use crate::middleware::denial::bounded_name;

const ARCHIVAL_SETTINGS: ObjectType = ObjectType::Shared(SharedKind::ArchivalSettings);
const EXEMPT_METRIC: ObjectType = ObjectType::Shared(SharedKind::ExemptMetric);

/// Returns the operation of a denied call; `None` when it would have changed nothing.
pub(super) fn of_call(method: &str, route: &str, path: &str) -> Option<DeniedOperation> {
    if method == "GET" || route.ends_with("/validate") {
        return None;
    }
    let segments: Vec<&str> = route.split('/').skip(2).collect();
    let (kind, noun_length) = match segments.as_slice() {
        ["organization", "member" | "members" | "orgMembers", ..] => (ObjectType::Member, 2),
        ["organization", ..] => (ObjectType::Organization, 1),
        ["role" | "password", ..] => (ObjectType::Member, 2),
        ["alert", noun, ..] => (ObjectType::from_label(noun)?, 2),
        ["automated-archival", "settings", ..] => (ARCHIVAL_SETTINGS, 2),
        ["automated-archival", ..] => (EXEMPT_METRIC, 2),
        // Ingest, sign-in and incidents are not about objects.
        [noun, ..] => (ObjectType::from_label(noun).filter(is_object)?, 1),
        [] => return None,
    };
    let after = segments.get(noun_length..).unwrap_or_default();
    let action = match (method, segments.as_slice(), after) {
        (_, ["role", ..], _) => Action::Grant,
        (_, ["password", ..], _) => Action::ChangePassword,
        (_, [.., "rotate"], _) => Action::Rotate,
        ("POST", ["organization", ..], []) => Action::Invite,
        ("POST", _, [] | ["simple" | "createSloChart"]) => Action::Create,
        ("DELETE", _, [] | [_]) => Action::Delete,
        _ => Action::Update,
    };
    let mut variables = variables(route, path).into_iter();
    let given = variables.next().unwrap_or_default();
    let is_named = matches!(kind, ObjectType::OrgToken | ObjectType::Catalog(_));
    let id = Id::parse(&given).ok().filter(|_| !is_named);
    let name = match (kind, variables.next()) {
        (ObjectType::Catalog(CatalogKind::Dimension), Some(value)) => {
            EntryName::dimension(given, value).shown()
        }
        _ => given,
    };
    Some(DeniedOperation {
        action,
        kind,
        name: if id.is_some() {
            String::new()
        } else {
            bounded_name(&name)
        },
        id,
    })
}

/// The variables of the path, decoded.
fn variables(route: &str, path: &str) -> Vec<String> {
    let templates: Vec<&str> = route.split('/').collect();
    let most = if route.ends_with(PATH) {
        templates.len()
    } else {
        usize::MAX
    };
    let segments = templates.into_iter().zip(path.splitn(most, '/'));
    segments
        .filter(|(template, _)| template.starts_with('{'))
        .map(|(_, given)| percent_decode_str(given).decode_utf8_lossy().into_owned())
        .collect()
}

fn is_object(kind: &ObjectType) -> bool {
    !matches!(
        kind,
        ObjectType::Session | ObjectType::AuditLog | ObjectType::MasterKey
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(denied: Option<DeniedOperation>) -> Option<(Action, ObjectType, bool, String)> {
        denied.map(|denied| (denied.action, denied.kind, denied.id.is_some(), denied.name))
    }

    #[test]
    fn a_call_names_its_operation_by_route_and_path() {
        let id = "AAAAAAAAAAc";
        let cases = [
            (
                "PUT",
                "/v2/dashboard/{id}",
                Some((Action::Update, ObjectType::Dashboard, true)),
            ),
            (
                "DELETE",
                "/v2/detector/{id}",
                Some((Action::Delete, ObjectType::Detector, true)),
            ),
            (
                "PUT",
                "/v2/detector/{id}/disable",
                Some((Action::Update, ObjectType::Detector, true)),
            ),
            (
                "DELETE",
                "/v2/team/{id}/member/{user}",
                Some((Action::Update, ObjectType::Team, true)),
            ),
            (
                "POST",
                "/v2/integration",
                Some((Action::Create, ObjectType::Integration, false)),
            ),
            (
                "POST",
                "/v2/dashboard/simple",
                Some((Action::Create, ObjectType::Dashboard, false)),
            ),
            (
                "POST",
                "/v2/organization/members",
                Some((Action::Invite, ObjectType::Member, false)),
            ),
            (
                "DELETE",
                "/v2/organization/member/{id}",
                Some((Action::Delete, ObjectType::Member, true)),
            ),
            (
                "PATCH",
                "/v2/organization/custom-categories",
                Some((Action::Update, ObjectType::Organization, false)),
            ),
            (
                "PATCH",
                "/v2/role/assign",
                Some((Action::Grant, ObjectType::Member, false)),
            ),
            (
                "POST",
                "/v2/password/update",
                Some((Action::ChangePassword, ObjectType::Member, false)),
            ),
            (
                "POST",
                "/v2/alert/emailtemplate",
                Some((
                    Action::Create,
                    ObjectType::Shared(SharedKind::EmailTemplate),
                    false,
                )),
            ),
            (
                "DELETE",
                "/v2/alert/emailtemplate/{id}",
                Some((
                    Action::Delete,
                    ObjectType::Shared(SharedKind::EmailTemplate),
                    true,
                )),
            ),
            (
                "DELETE",
                "/v2/automated-archival/settings",
                Some((Action::Delete, ARCHIVAL_SETTINGS, false)),
            ),
            (
                "POST",
                "/v2/automated-archival/exempt-metrics",
                Some((Action::Create, EXEMPT_METRIC, false)),
            ),
            (
                "PUT",
                "/v2/chart/updateSloChart/{id}",
                Some((Action::Update, ObjectType::Chart, true)),
            ),
            ("POST", "/v2/apm/topology", None),
            ("POST", "/v2/chart/validate", None),
            ("GET", "/v2/integration", None),
            ("POST", "/v2/datapoint", None),
            ("PUT", "/v2/incident/{id}/clear", None),
            ("DELETE", "/v2/session", None),
        ];
        for (method, route, expected) in cases {
            let path = route.replace("{id}", id).replace("{user}", id);
            let expected =
                expected.map(|(action, kind, has_id)| (action, kind, has_id, String::new()));
            assert_eq!(
                parts(of_call(method, route, &path)),
                expected,
                "{method} {route}"
            );
        }
        let deleted = of_call(
            "DELETE",
            "/v2/directory/{path}",
            "/v2/directory/~users/ada%40x",
        );
        let entry = ObjectType::Shared(SharedKind::DirectoryEntry);
        assert_eq!(
            parts(deleted),
            Some((Action::Delete, entry, false, "~users/ada@x".to_owned()))
        );
        let rotated = of_call("POST", "/v2/token/{name}/rotate", "/v2/token/ci/rotate");
        assert_eq!(
            parts(rotated),
            Some((Action::Rotate, ObjectType::OrgToken, false, "ci".to_owned()))
        );
        let put = of_call(
            "PUT",
            "/v2/dimension/{key}/{value}",
            "/v2/dimension/host/a%2Fb",
        );
        let dimension = ObjectType::Catalog(CatalogKind::Dimension);
        assert_eq!(
            parts(put),
            Some((Action::Update, dimension, false, "host:a/b".to_owned()))
        );
        let deleted = of_call("DELETE", "/v2/tag/{name}", "/v2/tag/AAAAAAAAAAc");
        let tag = ObjectType::Catalog(CatalogKind::Tag);
        assert_eq!(
            parts(deleted),
            Some((Action::Delete, tag, false, id.to_owned()))
        );
    }
}
