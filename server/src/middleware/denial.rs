//! What a request asked for that was refused, for the record: told from its path, since the act itself came to nothing.

use domain::{
    audit::event::{Action, ObjectType},
    identity::actor::Caller,
    platform::{id::Id, limits},
};
use percent_encoding::percent_decode_str;
use service::{RefusedAct, Service};

use crate::api::platform::error::chain;

/// Records it. The refusal stands, whatever comes of that.
pub(crate) async fn record(service: &Service, caller: &Caller, refused: RefusedAct) {
    if let Err(error) = service.audit().record_denial(caller, refused).await {
        tracing::warn!(error = %chain(&error), "A refusal could not be recorded beside its call.");
    }
}

/// What a call of the API asked for; `None` when nothing of consequence.
pub(crate) fn of_call(method: &str, route: &str, path: &str) -> Option<RefusedAct> {
    if method == "GET" || route.ends_with("/validate") {
        return None;
    }
    let segments: Vec<&str> = route.split('/').skip(2).collect();
    let (kind, noun_length) = match segments.as_slice() {
        ["organization", "member" | "members" | "orgMembers", ..] => (ObjectType::Member, 2),
        ["organization", ..] => (ObjectType::Organization, 1),
        ["role" | "password", ..] => (ObjectType::Member, 2),
        // What is sent, sign-ins and incidents are not objects.
        [noun, ..] => (ObjectType::from_label(noun).filter(is_object)?, 1),
        [] => return None,
    };
    let after = segments.get(noun_length..).unwrap_or_default();
    let action = match (method, segments.as_slice(), after) {
        (_, ["role", ..], _) => Action::Grant,
        (_, ["password", ..], _) => Action::ChangePassword,
        (_, [.., "rotate"], _) => Action::Rotate,
        ("POST", ["organization", ..], []) => Action::Invite,
        ("POST", _, [] | ["simple"]) => Action::Create,
        ("DELETE", _, [_]) => Action::Delete,
        _ => Action::Update,
    };
    let mut named = route.split('/').zip(path.split('/'));
    let named = named.find(|(template, _)| template.starts_with('{'));
    let given = named.map_or("", |(_, given)| given);
    let id = Id::parse(given)
        .ok()
        .filter(|_| kind != ObjectType::OrgToken);
    Some(RefusedAct {
        action,
        kind,
        name: if id.is_some() {
            String::new()
        } else {
            bounded(&percent_decode_str(given).decode_utf8_lossy())
        },
        id,
    })
}

fn is_object(kind: &ObjectType) -> bool {
    !matches!(kind, ObjectType::Session | ObjectType::Record)
}

/// What a form of a page asked for, by its address and its fields; `None` when nothing of consequence.
pub(crate) fn of_form(path: &str, fields: &[(String, String)]) -> Option<RefusedAct> {
    let (noun, verb) = path.strip_prefix("/ui/")?.split_once('/')?;
    let kind = match noun {
        "access-token" => ObjectType::OrgToken,
        "category" => ObjectType::Organization,
        "dashboard-group" => ObjectType::DashboardGroup,
        "invitation" | "password" => ObjectType::Member,
        "token" => ObjectType::Token,
        "object" => ObjectType::from_label(field(fields, "kind")?)?,
        other => ObjectType::from_label(other)?,
    };
    let action = match verb {
        "create" | "add" if noun != "team" || verb == "create" => Action::Create,
        "generate" => Action::Issue,
        "delete" | "withdraw" => Action::Delete,
        "remove" if noun == "member" => Action::Delete,
        "rotate" => Action::Rotate,
        "revoke" | "revoke-many" | "revoke-mine" => Action::Revoke,
        "roles" => Action::Grant,
        "change" if noun == "password" => Action::ChangePassword,
        // What only reads.
        "find" | "list" | "all" | "mine" | "open" | "detail" | "by-digest" | "draft" | "link"
        | "form" | "document" => return None,
        _ => Action::Update,
    };
    Some(RefusedAct {
        action,
        kind,
        id: field(fields, "id").and_then(|id| Id::parse(id).ok()),
        name: bounded(field(fields, "name").unwrap_or_default()),
    })
}

/// What a form asked for that was posted to its own page; `None` when nothing of consequence.
pub(crate) fn of_page(path: &str, fields: &[(String, String)]) -> Option<RefusedAct> {
    let mut segments = path.trim_start_matches('/').split('/');
    let kind = match segments.next()? {
        "dashboards" => ObjectType::Dashboard,
        "dashboard-groups" => ObjectType::DashboardGroup,
        "detectors" => ObjectType::Detector,
        "integrations" => ObjectType::Integration,
        _ => return None,
    };
    let id = Id::parse(segments.next()?).ok();
    Some(RefusedAct {
        action: if id.is_some() {
            Action::Update
        } else {
            Action::Create
        },
        kind,
        id,
        name: bounded(field(fields, "name").unwrap_or_default()),
    })
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map(|(_, value)| value.as_str())
}

/// A name as the record holds it: of bounded length, without what no database holds.
fn bounded(name: &str) -> String {
    let held = name.chars().filter(|character| *character != '\0');
    held.take(limits::NAME_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(refused: Option<RefusedAct>) -> Option<(Action, ObjectType, bool, String)> {
        refused.map(|refused| {
            (
                refused.action,
                refused.kind,
                refused.id.is_some(),
                refused.name,
            )
        })
    }

    #[test]
    fn a_call_says_by_its_path_what_it_asked_for() {
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
                told(of_call(method, route, &path)),
                expected,
                "{method} {route}"
            );
        }
        let rotated = of_call("POST", "/v2/token/{name}/rotate", "/v2/token/ci/rotate");
        assert_eq!(
            told(rotated),
            Some((Action::Rotate, ObjectType::OrgToken, false, "ci".to_owned()))
        );
    }

    #[test]
    fn a_form_says_by_its_address_and_its_fields_what_it_asked_for() {
        let fields = vec![("id".to_owned(), "AAAAAAAAAAc".to_owned())];
        let of = |path| {
            told(of_form(path, &fields)).map(|(action, kind, has_id, _)| (action, kind, has_id))
        };
        assert_eq!(
            of("/ui/member/roles"),
            Some((Action::Grant, ObjectType::Member, true))
        );
        assert_eq!(
            of("/ui/team/add"),
            Some((Action::Update, ObjectType::Team, true))
        );
        assert_eq!(
            of("/ui/access-token/rotate"),
            Some((Action::Rotate, ObjectType::OrgToken, true))
        );
        assert_eq!(
            of("/ui/access-token/reveal"),
            Some((Action::Update, ObjectType::OrgToken, true))
        );
        assert_eq!(
            of("/ui/token/revoke"),
            Some((Action::Revoke, ObjectType::Token, true))
        );
        for path in [
            "/ui/team/list",
            "/ui/viewer",
            "/ui/sign-in",
            "/ui/audit/list",
            "/dashboards",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
