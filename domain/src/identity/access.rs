//! Access rules of routes (docs/contract.md#roles, docs/contract.md#administrator-calls and
//! docs/contract.md#decision-table). They are checked once per request, before the body is read.
//!
//! Access to a single item is checked later, in [`crate::objects::permissions`].

use crate::identity::{actor::Actor, denial::PermissionDenied};

/// The access rule of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// No credential is required or read.
    Public,
    /// A credential that may be dead; the route itself answers for it (`DELETE /v2/session`,
    /// docs/contract.md#revoke-a-token).
    Credential,
    /// Any user token, or an org token with scope `API`.
    AnyCaller,
    /// A user, not an org token.
    User,
    /// Role power or admin.
    Writer,
    /// A user who is an administrator (docs/contract.md#administrator-calls).
    Administrator,
    /// A user who is an administrator, or an org token with scope `AUDIT` (docs/contract.md#export-of-the-logs).
    LogReader,
    /// An org token with scope `INGEST`. Other credentials count as absent (docs/contract.md#ingest).
    Ingest,
}

impl Access {
    /// Checks whether this actor may call the route.
    ///
    /// # Errors
    /// [`PermissionDenied`] when the actor lacks the role, or is not a user where one is required.
    pub fn check(self, actor: &Actor) -> Result<(), PermissionDenied> {
        let allowed = match self {
            Self::Public | Self::Credential | Self::AnyCaller => true,
            Self::User => actor.as_user().is_some(),
            Self::Writer => actor.roles().is_writer(),
            Self::Administrator => actor.has_administrator_role(),
            Self::LogReader => actor.may_export_logs(),
            Self::Ingest => actor.as_org_token().is_some(),
        };
        if allowed {
            Ok(())
        } else {
            Err(PermissionDenied)
        }
    }
}

impl Access {
    /// What a denied caller lacks (docs/contract.md#errors). Absent where no caller is denied.
    #[must_use]
    pub const fn hint(self) -> Option<&'static str> {
        match self {
            Self::User => Some("It needs a user token; this is an org token."),
            Self::Writer => Some("It needs the role power or admin."),
            Self::Administrator => Some("It needs the user token of an administrator."),
            Self::LogReader => Some(
                "It needs the user token of an administrator, or an org token with the scope AUDIT.",
            ),
            Self::Public | Self::Credential | Self::AnyCaller | Self::Ingest => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::{
            actor::{OrgTokenActor, UserActor},
            role::{Role, RoleSet},
        },
        platform::id::{Id, UserId},
    };

    fn user(roles: &[Role]) -> Actor {
        Actor::User(UserActor {
            id: UserId(Id::from_bits(1)),
            name: "Ada".to_owned(),
            email: "ada@example.com".to_owned(),
            roles: RoleSet::of(roles),
            teams: Vec::new(),
        })
    }

    fn org_token(role: Role) -> Actor {
        Actor::OrgToken(OrgTokenActor {
            id: Id::from_bits(2),
            name: "ci".to_owned(),
            role,
            exports_logs: false,
            datapoints_per_minute: None,
        })
    }

    fn audit_token(role: Role) -> Actor {
        Actor::OrgToken(OrgTokenActor {
            id: Id::from_bits(3),
            name: "siem".to_owned(),
            role,
            exports_logs: true,
            datapoints_per_minute: None,
        })
    }

    /// The whole table of roles and access rules, one line per actor.
    #[test]
    fn each_role_passes_the_access_rules_of_the_contract() {
        use Access::{Administrator, AnyCaller, Ingest, LogReader, User, Writer};
        let check = |actor: &Actor, expected: [bool; 6]| {
            let answers = [AnyCaller, User, Writer, Administrator, LogReader, Ingest]
                .map(|access| access.check(actor).is_ok());
            assert_eq!(answers, expected, "{actor:?}");
        };
        let (yes, no) = (true, false);
        check(&user(&[Role::Admin]), [yes, yes, yes, yes, yes, no]);
        check(&user(&[Role::Power]), [yes, yes, yes, no, no, no]);
        check(&user(&[Role::Usage]), [yes, yes, no, no, no, no]);
        check(&user(&[Role::ReadOnly]), [yes, yes, no, no, no, no]);
        check(&user(&[]), [yes, yes, no, no, no, no]);
        check(&org_token(Role::Power), [yes, no, yes, no, no, yes]);
        check(&org_token(Role::ReadOnly), [yes, no, no, no, no, yes]);
        check(&org_token(Role::Admin), [yes, no, no, no, no, yes]);
        check(&audit_token(Role::ReadOnly), [yes, no, no, no, yes, yes]);
    }

    #[test]
    fn an_added_role_never_removes_access() {
        for access in [
            Access::AnyCaller,
            Access::User,
            Access::Writer,
            Access::Administrator,
            Access::LogReader,
        ] {
            for role in Role::ALL {
                for more in Role::ALL {
                    let less = access.check(&user(&[role])).is_ok();
                    assert!(
                        !less || access.check(&user(&[role, more])).is_ok(),
                        "{access:?} {role} {more}"
                    );
                }
            }
        }
    }
}
