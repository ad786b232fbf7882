//! Effective permissions and their properties. Decisions, requests and responses have their own files.

use proptest::{collection::vec, prelude::*, sample::subsequence};

use super::*;
use crate::{
    identity::{
        actor::{Actor, OrgTokenActor, UserActor},
        role::{Role, RoleSet},
    },
    platform::id::{Id, OrganizationId, TeamId, UserId},
};

mod decision;
mod request;
mod shown;

const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(900));
const GROUP: Id = Id::from_bits(800);

fn user_id(number: u64) -> UserId {
    UserId(Id::from_bits(number))
}

fn team_id(number: u64) -> TeamId {
    TeamId(Id::from_bits(number))
}

fn user_in(number: u64, role: Role, teams: &[u64]) -> Actor {
    Actor::User(UserActor {
        id: user_id(number),
        name: format!("User {number}"),
        email: format!("user{number}@example.com"),
        roles: RoleSet::of(&[role]),
        teams: teams.iter().copied().map(team_id).collect(),
    })
}

fn user(number: u64, role: Role) -> Actor {
    user_in(number, role, &[])
}

fn org_token(role: Role) -> Actor {
    Actor::OrgToken(OrgTokenActor {
        id: Id::from_bits(700),
        name: "ci".to_owned(),
        role,
        exports_logs: false,
        datapoints_per_minute: None,
    })
}

fn writers(users: &[u64], teams: &[u64]) -> Protection {
    Protection::Writers(Writers {
        users: users.iter().copied().map(user_id).collect(),
        teams: teams.iter().copied().map(team_id).collect(),
    })
}

fn entry(principal: Principal, rights: &[Right]) -> AclEntry {
    AclEntry {
        principal,
        rights: rights.to_vec(),
    }
}

fn all_members(rights: &[Right]) -> AclEntry {
    entry(Principal::Organization(ORGANIZATION), rights)
}

fn effective(protection: &Protection) -> Effective {
    Effective::of(ORGANIZATION, protection)
}

/// Whether an actor may read, write and permit a group or detector with this protection.
fn check(actor: &Actor, protection: &Protection, expected: [bool; 3]) {
    let item = effective(protection);
    let answers = [may_read, may_write, may_permit].map(|question| question(actor, &item));
    assert_eq!(answers, expected, "{actor:?}\n{protection:?}");
}

#[test]
fn every_writer_may_write_an_open_item() {
    check(&user(1, Role::Admin), &Protection::Open, [true; 3]);
    check(&user(1, Role::Power), &Protection::Open, [true; 3]);
    check(
        &user(1, Role::Usage),
        &Protection::Open,
        [true, false, false],
    );
    check(
        &user(1, Role::ReadOnly),
        &Protection::Open,
        [true, false, false],
    );
    check(
        &org_token(Role::Power),
        &Protection::Open,
        [true, true, false],
    );
    check(
        &org_token(Role::ReadOnly),
        &Protection::Open,
        [true, false, false],
    );
}

#[test]
fn listed_writers_may_write_and_all_others_read() {
    let protection = writers(&[1], &[5]);
    check(&user(1, Role::Power), &protection, [true; 3]);
    check(&user(2, Role::Power), &protection, [true, false, false]);
    check(&user_in(2, Role::Power, &[5]), &protection, [true; 3]);
    check(&user(1, Role::ReadOnly), &protection, [true, false, false]);
    check(&user(2, Role::Admin), &protection, [true, false, true]);
    check(&org_token(Role::Power), &protection, [true, false, false]);
}

#[test]
fn only_entries_grant_access_except_that_an_administrator_reads_and_permits() {
    let protection = Protection::Entries(vec![
        entry(Principal::User(user_id(1)), &[Right::Write]),
        entry(Principal::Team(team_id(5)), &[Right::Read]),
    ]);
    check(&user(1, Role::Power), &protection, [true; 3]);
    check(
        &user_in(2, Role::Power, &[5]),
        &protection,
        [true, false, false],
    );
    check(&user(2, Role::Power), &protection, [false; 3]);
    check(&user(2, Role::Admin), &protection, [true, false, true]);
    check(&org_token(Role::Power), &protection, [false; 3]);
}

#[test]
fn a_user_is_distinct_from_a_team_or_organization_with_the_same_id() {
    let protection = Protection::Entries(vec![
        entry(Principal::Team(team_id(1)), &[Right::Write]),
        entry(
            Principal::Organization(OrganizationId(Id::from_bits(1))),
            &[Right::Write],
        ),
    ]);
    check(&user(1, Role::Power), &protection, [false; 3]);
}

#[test]
fn the_system_needs_no_entry() {
    check(&Actor::System, &Protection::Open, [true; 3]);
}

#[test]
fn an_inheriting_dashboard_has_the_acl_of_its_group() {
    let group = writers(&[1], &[]);
    let of = |dashboard| Effective::of_dashboard(ORGANIZATION, dashboard, &group);
    assert_eq!(of(&Protection::Inherit), effective(&group));
    let own = writers(&[2], &[]);
    assert_eq!(of(&own), effective(&own));
}

#[test]
fn inheriting_without_a_group_allows_nothing() {
    check(&user(1, Role::Power), &Protection::Inherit, [false; 3]);
    assert_eq!(effective(&Protection::Inherit).readers(), Some(Vec::new()));
}

#[test]
fn readers_are_listed_once_and_only_when_access_is_restricted() {
    assert_eq!(effective(&Protection::Open).readers(), None);
    assert_eq!(effective(&writers(&[1], &[])).readers(), None);
    let ada = Principal::User(user_id(1));
    let ops = Principal::Team(team_id(5));
    let entries = Protection::Entries(vec![
        entry(ada, &[Right::Write]),
        entry(ops, &[Right::Read]),
        entry(ada, &[Right::Read]),
    ]);
    assert_eq!(effective(&entries).readers(), Some(vec![ada, ops]));
}

#[test]
fn a_protection_is_stored_in_its_fixed_form() {
    let protection = Protection::Entries(vec![entry(
        Principal::User(user_id(0)),
        &[Right::Read, Right::Write],
    )]);
    let text = r#"{"entries":[{"principal":{"User":"AAAAAAAAAAA"},"rights":["READ","WRITE"]}]}"#;
    assert_eq!(serde_json::to_string(&protection).unwrap(), text);
    assert_eq!(
        serde_json::from_str::<Protection>(text).unwrap(),
        protection
    );
    assert_eq!(
        serde_json::to_string(&Protection::Open).unwrap(),
        r#""open""#
    );
}

// A small set of ids, so that random values collide.

fn any_principal() -> impl Strategy<Value = Principal> {
    prop_oneof![
        (1..4_u64).prop_map(|number| Principal::User(user_id(number))),
        (4..7_u64).prop_map(|number| Principal::Team(team_id(number))),
        Just(Principal::Organization(ORGANIZATION)),
    ]
}

fn any_entry() -> impl Strategy<Value = AclEntry> {
    let rights = subsequence(vec![Right::Read, Right::Write], 1..=2).prop_shuffle();
    (any_principal(), rights).prop_map(|(principal, rights)| AclEntry { principal, rights })
}

fn any_writers() -> impl Strategy<Value = Protection> {
    let users = subsequence(vec![1, 2, 3], 0..=3).prop_shuffle();
    let teams = subsequence(vec![4, 5, 6], 0..=3).prop_shuffle();
    (users, teams).prop_map(|(users, teams)| writers(&users, &teams))
}

fn any_protection() -> impl Strategy<Value = Protection> {
    prop_oneof![
        Just(Protection::Open),
        Just(Protection::Inherit),
        any_writers(),
        vec(any_entry(), 0..6).prop_map(Protection::Entries),
    ]
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn any_actor() -> impl Strategy<Value = Actor> {
    let teams = subsequence(vec![4, 5, 6], 0..=3);
    prop_oneof![
        4 => (1..4_u64, any_role(), teams)
            .prop_map(|(number, role, teams)| user_in(number, role, &teams)),
        1 => any_role().prop_map(org_token),
    ]
}

/// All answers about one item. `false` is less than `true`, so "allows no more" is `<=` per answer.
fn answers(actor: &Actor, item: &Effective) -> Vec<bool> {
    let open = effective(&Protection::Open);
    vec![
        may_read(actor, item),
        may_write(actor, item),
        may_permit(actor, item),
        authorize_read(actor, item).is_ok(),
        authorize_update(actor, item, Change::Content).is_ok(),
        authorize_update(actor, item, Change::Permissions).is_ok(),
        authorize_update(actor, item, Change::Both { after: item }).is_ok(),
        authorize_update(actor, &open, Change::Both { after: item }).is_ok(),
        authorize_create_dashboard(actor, item).is_ok(),
        authorize_delete(actor, item).is_ok(),
        authorize_delete_dashboard(actor, item, &open).is_ok(),
        authorize_delete_dashboard(actor, &open, item).is_ok(),
        authorize_move(actor, item, &open).is_ok(),
        authorize_move(actor, &open, item).is_ok(),
        authorize_clone(actor, item, &open).is_ok(),
        authorize_clone(actor, &open, item).is_ok(),
    ]
}

fn no_more(less: &[bool], more: &[bool]) -> bool {
    less.iter().zip(more).all(|(less, more)| less <= more)
}

proptest! {
    #[test]
    fn an_added_grant_never_removes_a_permission(
        actor in any_actor(), entries in vec(any_entry(), 0..6), grant in any_entry(), at in 0..6_usize,
    ) {
        let before = answers(&actor, &effective(&Protection::Entries(entries.clone())));
        let mut more = entries;
        more.insert(at.min(more.len()), grant);
        prop_assert!(no_more(&before, &answers(&actor, &effective(&Protection::Entries(more)))));
    }

    #[test]
    fn a_narrower_list_never_allows_more(
        actor in any_actor(), entries in vec(any_entry(), 1..8), kept in vec(any::<(bool, bool)>(), 8),
    ) {
        let wide = answers(&actor, &effective(&Protection::Entries(entries.clone())));
        let narrow = entries.into_iter().zip(kept).filter(|(_, (kept, _))| *kept);
        let narrow = narrow.map(|(mut entry, (_, whole))| {
            entry.rights.truncate(if whole { 2 } else { 1 });
            entry
        });
        let narrow = Protection::Entries(narrow.collect());
        prop_assert!(no_more(&answers(&actor, &effective(&narrow)), &wide));
    }

    #[test]
    fn writing_or_permitting_implies_reading(actor in any_actor(), protection in any_protection()) {
        let item = effective(&protection);
        prop_assert!(may_write(&actor, &item) <= may_read(&actor, &item));
        prop_assert!(may_permit(&actor, &item) <= may_read(&actor, &item));
    }

    #[test]
    fn lists_show_exactly_the_readable_items(actor in any_actor(), protection in any_protection()) {
        let item = effective(&protection);
        prop_assert_eq!(decision::is_listed(&actor, &item), may_read(&actor, &item));
    }
}
