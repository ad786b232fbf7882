//! Which operation a denied form was for, taken from its address and fields: the operation itself was rolled back.

use domain::{
    audit::event::{Action, ObjectType, SharedKind},
    platform::id::Id,
};
use service::DeniedOperation;

use crate::middleware::denial::bounded_name;

/// Returns the operation of a denied form, by its address and its fields; `None` when it would have changed nothing.
pub(super) fn of_form(path: &str, fields: &[(String, String)]) -> Option<DeniedOperation> {
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
        "reveal" => Action::Reveal,
        "revoke" | "revoke-many" | "revoke-mine" => Action::Revoke,
        "unlock" => Action::Unlock,
        "validate" => Action::Validate,
        "roles" => Action::Grant,
        "change" if noun == "password" => Action::ChangePassword,
        // Forms that only read.
        "find" | "list" | "all" | "mine" | "open" | "detail" | "by-digest" | "draft" | "link"
        | "form" | "document" | "import" => return None,
        _ => Action::Update,
    };
    Some(DeniedOperation {
        action,
        kind,
        id: field(fields, "id").and_then(|id| Id::parse(id).ok()),
        name: bounded_name(field(fields, "name").unwrap_or_default()),
    })
}

/// Returns the operation of a denied form that was posted to its own page; `None` when it would have changed nothing.
pub(super) fn of_page(path: &str, fields: &[(String, String)]) -> Option<DeniedOperation> {
    let mut segments = path.trim_start_matches('/').split('/');
    let kind = match segments.next()? {
        "dashboards" => ObjectType::Dashboard,
        "dashboard-groups" => ObjectType::DashboardGroup,
        "detectors" => ObjectType::Detector,
        "integrations" => ObjectType::Integration,
        "muting-rules" => ObjectType::Shared(SharedKind::AlertMuting),
        "data-links" => ObjectType::Shared(SharedKind::DataLink),
        "slos" => ObjectType::Shared(SharedKind::Slo),
        _ => return None,
    };
    let id = Id::parse(segments.next()?).ok();
    Some(DeniedOperation {
        action: if id.is_some() {
            Action::Update
        } else {
            Action::Create
        },
        kind,
        id,
        name: bounded_name(field(fields, "name").unwrap_or_default()),
    })
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(denied: Option<DeniedOperation>) -> Option<(Action, ObjectType, bool, String)> {
        denied.map(|denied| (denied.action, denied.kind, denied.id.is_some(), denied.name))
    }

    #[test]
    fn a_form_names_its_operation_by_address_and_fields() {
        let fields = vec![("id".to_owned(), "AAAAAAAAAAc".to_owned())];
        let of = |path| {
            parts(of_form(path, &fields)).map(|(action, kind, has_id, _)| (action, kind, has_id))
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
            Some((Action::Reveal, ObjectType::OrgToken, true))
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
