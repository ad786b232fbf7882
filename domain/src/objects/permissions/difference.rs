//! Differences between two protections, shown before a change of permissions is saved.

use super::{
    effective::Effective,
    protection::{Principal, Protection, Right},
};
use crate::platform::id::OrganizationId;

/// The access of a principal, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No access.
    Nothing,
    /// May read.
    Read,
    /// May read and write.
    Write,
}

/// A principal whose access differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessDifference {
    /// The principal.
    pub principal: Principal,
    /// The access before.
    pub before: Level,
    /// The access after.
    pub after: Level,
}

impl AccessDifference {
    /// The difference in words: "gains write", "loses write, may still read".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match (self.before, self.after) {
            (Level::Nothing, Level::Write) => "gains read and write",
            (Level::Nothing, _) => "gains read",
            (Level::Read, Level::Write) => "gains write",
            (Level::Read, _) => "loses read",
            (Level::Write, Level::Read) => "loses write, may still read",
            (Level::Write, _) => "loses read and write",
        }
    }
}

/// The principals whose access differs, the organization first. Neither argument may be [`Protection::Inherit`]; pass
/// the inherited protection. Access of the organization counts for every principal; access of a team does not count for
/// its members.
#[must_use]
pub fn differences(
    organization_id: OrganizationId,
    before: &Protection,
    after: &Protection,
) -> Vec<AccessDifference> {
    let before = Effective::of(organization_id, before);
    let after = Effective::of(organization_id, after);
    let organization = Principal::Organization(organization_id);
    let mut principals = vec![organization];
    for entry in before.entries.iter().chain(&after.entries) {
        if !principals.contains(&entry.principal) {
            principals.push(entry.principal);
        }
    }
    let differences = principals.into_iter().map(|principal| AccessDifference {
        principal,
        before: before.level(principal).max(before.level(organization)),
        after: after.level(principal).max(after.level(organization)),
    });
    differences
        .filter(|difference| difference.before != difference.after)
        .collect()
}

/// Whether any principal may write.
#[must_use]
pub fn has_writer(organization_id: OrganizationId, protection: &Protection) -> bool {
    let effective = Effective::of(organization_id, protection);
    let mut entries = effective.entries.iter();
    entries.any(|entry| entry.rights.contains(&Right::Write))
}

impl Effective {
    /// The access that the principal's own entries allow.
    fn level(&self, principal: Principal) -> Level {
        let own = self
            .entries
            .iter()
            .filter(|entry| entry.principal == principal);
        let mut level = Level::Nothing;
        for right in own.flat_map(|entry| &entry.rights) {
            level = level.max(match right {
                Right::Read => Level::Read,
                Right::Write => Level::Write,
            });
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        objects::permissions::{AclEntry, Writers},
        platform::id::{Id, TeamId, UserId},
    };

    const HERE: OrganizationId = OrganizationId(Id::from_bits(1));
    const ADA: Principal = Principal::User(UserId(Id::from_bits(2)));
    const TEAM: Principal = Principal::Team(TeamId(Id::from_bits(3)));

    fn entries(of: &[(Principal, &[Right])]) -> Protection {
        let entry = |(principal, rights): &(Principal, &[Right])| AclEntry {
            principal: *principal,
            rights: rights.to_vec(),
        };
        Protection::Entries(of.iter().map(entry).collect())
    }

    fn changes(before: &Protection, after: &Protection) -> Vec<(Principal, &'static str)> {
        let found = differences(HERE, before, after);
        found
            .into_iter()
            .map(|difference| (difference.principal, difference.words()))
            .collect()
    }

    #[test]
    fn a_principal_whose_access_stays_is_not_listed() {
        let ada = Protection::Writers(Writers {
            users: vec![UserId(Id::from_bits(2))],
            teams: Vec::new(),
        });
        let organization = Principal::Organization(HERE);
        assert_eq!(
            changes(&Protection::Open, &ada),
            [(organization, "loses write, may still read")]
        );
        assert_eq!(
            changes(&ada, &Protection::Open),
            [(organization, "gains write")]
        );
        assert_eq!(changes(&ada, &ada), []);
    }

    #[test]
    fn gains_and_losses_are_listed_per_principal() {
        let before = entries(&[(ADA, &[Right::Write]), (TEAM, &[Right::Read])]);
        let after = entries(&[(TEAM, &[Right::Read, Right::Write])]);
        assert_eq!(
            changes(&before, &after),
            [(ADA, "loses read and write"), (TEAM, "gains write")]
        );
        let read = entries(&[(ADA, &[Right::Read])]);
        assert_eq!(changes(&read, &after)[0], (ADA, "loses read"));
        assert_eq!(changes(&after, &read)[1], (ADA, "gains read"));
        assert!(has_writer(HERE, &after) && !has_writer(HERE, &read));
    }
}
