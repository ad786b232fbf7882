//! The table of docs/contract.md#decision-table, column by column, and those scenarios of
//! docs/contract.md#permission-scenarios that need only a decision.

use super::*;

/// Filters a list with [`Effective::readers`], as the database does.
pub(super) fn is_listed(actor: &Actor, item: &Effective) -> bool {
    let mine = principals(actor, ORGANIZATION);
    actor.has_administrator_role()
        || item.readers().map_or(!mine.is_empty(), |readers| {
            readers.iter().any(|reader| mine.contains(reader))
        })
}

/// A cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Ok,
    /// 403.
    No,
    /// Allowed if the caller may read the item.
    IfRead,
    /// Does not occur: the caller is listed, or is not.
    Never,
}
use Cell::{IfRead, Never, No, Ok as Yes};

const COLUMNS: usize = 8;

/// The callers of each column, with every protection that puts them there.
fn column(index: usize) -> Vec<(Actor, Protection)> {
    let me = 1;
    let others = writers(&[9], &[]);
    let secret = || {
        Protection::Entries(vec![entry(
            Principal::User(user_id(9)),
            &[Right::Read, Right::Write],
        )])
    };
    let listed = |role| {
        let write_only = entry(Principal::User(user_id(me)), &[Right::Write]);
        vec![
            (user(me, role), Protection::Open),
            (user(me, role), writers(&[9, me], &[])),
            (user_in(me, role, &[5]), writers(&[9], &[5])),
            (user(me, role), Protection::Entries(vec![write_only])),
        ]
    };
    let readable = || {
        let mut entries = vec![all_members(&[Right::Read])];
        entries.push(entry(Principal::User(user_id(9)), &[Right::Write]));
        vec![others.clone(), Protection::Entries(entries)]
    };
    let with = |actor: Actor, protections: Vec<Protection>| {
        protections
            .into_iter()
            .map(|protection| (actor.clone(), protection))
            .collect::<Vec<_>>()
    };
    match index {
        0 => listed(Role::Admin),
        1 => with(user(me, Role::Admin), [readable(), vec![secret()]].concat()),
        2 => listed(Role::Power),
        3 => with(user(me, Role::Power), readable()),
        4 => with(user(me, Role::Power), vec![secret()]),
        5 => [
            listed(Role::ReadOnly),
            listed(Role::Usage),
            with(user(me, Role::Usage), vec![others, secret()]),
        ]
        .concat(),
        6 => with(
            org_token(Role::Power),
            vec![
                Protection::Open,
                Protection::Entries(vec![all_members(&[Right::Write])]),
            ],
        ),
        7 => with(
            org_token(Role::Power),
            [readable(), vec![secret()]].concat(),
        ),
        _ => unreachable!("the table has {COLUMNS} columns"),
    }
}

/// One row: an operation and its eight outcomes, in the order of the contract's columns: administrator listed and
/// unlisted; power listed, unlisted with READ, without READ; read-only and usage; org token with and without WRITE.
fn check(
    row: &str,
    operation: impl Fn(&Actor, &Effective) -> Result<(), Denied>,
    denied: Denied,
    cells: [Cell; COLUMNS],
) {
    for (index, cell) in cells.into_iter().enumerate() {
        for (actor, protection) in column(index) {
            let item = effective(&protection);
            let allowed = match cell {
                Yes => true,
                No => false,
                IfRead => may_read(&actor, &item),
                Never => continue,
            };
            let expected = if allowed { Ok(()) } else { Err(denied) };
            let context = format!("{row}, column {}: {protection:?}", index + 1);
            assert_eq!(operation(&actor, &item), expected, "{context}");
        }
    }
}

/// The listed writers of the item, with and without the caller.
fn with_me() -> Effective {
    effective(&Protection::Entries(vec![
        entry(Principal::User(user_id(1)), &[Right::Write]),
        all_members(&[Right::Read, Right::Write]),
    ]))
}

fn without_me() -> Effective {
    effective(&writers(&[8, 9], &[]))
}

fn permissions_only(actor: &Actor, item: &Effective, after: &Effective) -> Result<(), Denied> {
    authorize_update(actor, item, Change::of(false, Some(after)))
}

fn both(actor: &Actor, item: &Effective, after: &Effective) -> Result<(), Denied> {
    authorize_update(actor, item, Change::of(true, Some(after)))
}

#[test]
#[rustfmt::skip]
fn the_decision_table() {
    let listing = |actor: &Actor, item: &Effective| if is_listed(actor, item) { Ok(()) } else { Err(Denied::Read) };
    check("GET item", authorize_read, Denied::Read,
        [Yes, Yes, Yes, Yes, No, IfRead, Yes, IfRead]);
    check("appears in lists", listing, Denied::Read,
        [Yes, Yes, Yes, Yes, No, IfRead, Yes, IfRead]);
    check("PUT, content only", |actor, item| authorize_update(actor, item, Change::of(true, None)), Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    for after in [with_me(), without_me()] {
        check("PUT, permissions only", |actor, item| permissions_only(actor, item, &after), Denied::Write,
            [Yes, Yes, Yes, No, No, No, No, No]);
    }
    check("PUT, content and permissions that list me", |actor, item| both(actor, item, &with_me()), Denied::Write,
        [Yes, Yes, Yes, No, No, No, No, No]);
    check("PUT, content and permissions without me", |actor, item| both(actor, item, &without_me()), Denied::Write,
        [Yes, No, Yes, No, No, No, No, No]);
    check("remove own WRITE", |actor, item| permissions_only(actor, item, &without_me()), Denied::Write,
        [Yes, Never, Yes, Never, Never, No, No, Never]);
    check("grant own WRITE back", |actor, item| permissions_only(actor, item, &with_me()), Denied::Write,
        [Yes, Yes, Never, No, No, No, No, No]);
    check("PUT identical", |actor, item| authorize_update(actor, item, Change::of(false, None)), Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    check("DELETE item", authorize_delete, Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    check("DELETE dashboard", |actor, item| authorize_delete_dashboard(actor, item, item), Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    check("POST new item", |actor, _| authorize_create(actor), Denied::Write,
        [Yes, Yes, Yes, Yes, Yes, No, Yes, Yes]);
    check("POST dashboard in a group", authorize_create_dashboard, Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    check("detector on and off, charts, links to teams", authorize_write, Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    let open = effective(&Protection::Open);
    check("clone a readable dashboard into a group", |actor, group| authorize_clone(actor, &open, group), Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    check("move a dashboard into a group", |actor, group| authorize_move(actor, &open, group), Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
    check("move a dashboard out of a group", |actor, group| authorize_move(actor, group, &open), Denied::Write,
        [Yes, No, Yes, No, No, No, Yes, No]);
}

#[test]
fn cloning_checks_read_on_the_source_first() {
    let open = effective(&Protection::Open);
    let secret = effective(&Protection::Entries(vec![entry(
        Principal::User(user_id(9)),
        &[Right::Write],
    )]));
    let power = user(1, Role::Power);
    assert_eq!(authorize_clone(&power, &secret, &open), Err(Denied::Read));
    assert_eq!(authorize_clone(&power, &secret, &secret), Err(Denied::Read));
    assert_eq!(
        authorize_clone(&user(1, Role::Admin), &secret, &open),
        Ok(())
    );
    assert_eq!(
        authorize_clone(&org_token(Role::Power), &secret, &open),
        Err(Denied::Read)
    );
}

#[test]
fn denials_have_the_messages_of_the_contract() {
    assert_eq!(Denied::Read.to_string(), "Unauthorized request.");
    assert_eq!(Denied::Write.to_string(), "Unauthorized update.");
}

#[test]
fn only_an_administrator_can_restore_a_removed_writer() {
    // Scenarios 5 and 6.
    let (ada, admin) = (user(1, Role::Power), user(2, Role::Admin));
    let before = effective(&writers(&[1], &[]));
    let dropped = effective(&writers(&[3], &[]));
    let back = effective(&writers(&[1, 3], &[]));
    assert_eq!(permissions_only(&ada, &before, &dropped), Ok(()));
    assert_eq!(
        authorize_update(&ada, &dropped, Change::Content),
        Err(Denied::Write)
    );
    assert_eq!(permissions_only(&ada, &dropped, &back), Err(Denied::Write));
    assert_eq!(permissions_only(&admin, &dropped, &back), Ok(()));
    assert_eq!(authorize_update(&ada, &back, Change::Content), Ok(()));
}

#[test]
fn an_unlisted_administrator_may_add_themself_and_rename_at_once() {
    // Scenarios 7, 8 and 9.
    let admin = user(2, Role::Admin);
    let before = effective(&writers(&[1], &[]));
    let after = effective(&writers(&[1, 2], &[]));
    let open = effective(&Protection::Open);
    assert_eq!(
        authorize_update(&admin, &before, Change::Content),
        Err(Denied::Write)
    );
    assert_eq!(
        authorize_delete_dashboard(&admin, &before, &open),
        Err(Denied::Write)
    );
    assert_eq!(both(&admin, &before, &after), Ok(()));
    assert_eq!(authorize_delete_dashboard(&admin, &after, &open), Ok(()));
}

#[test]
fn joining_a_listed_team_grants_write_and_leaving_removes_it() {
    // Scenario 10.
    let group = Protection::Entries(vec![
        entry(Principal::Team(team_id(5)), &[Right::Write]),
        all_members(&[Right::Read]),
    ]);
    let dashboard = Effective::of_dashboard(ORGANIZATION, &Protection::Inherit, &group);
    let member = user_in(1, Role::Power, &[5]);
    assert_eq!(
        authorize_update(&member, &dashboard, Change::Content),
        Ok(())
    );
    assert_eq!(
        authorize_update(&user(1, Role::Power), &dashboard, Change::Content),
        Err(Denied::Write)
    );
}

#[test]
fn an_org_token_never_changes_permissions_even_when_it_may_write() {
    // Scenarios 12 and 13.
    let token = org_token(Role::Power);
    let open = effective(&Protection::Open);
    let protected = effective(&writers(&[1], &[]));
    assert_eq!(authorize_create(&token), Ok(()));
    assert_eq!(authorize_update(&token, &open, Change::Content), Ok(()));
    assert_eq!(
        permissions_only(&token, &open, &protected),
        Err(Denied::Write)
    );
    assert_eq!(both(&token, &open, &open), Err(Denied::Write));
    assert_eq!(
        authorize_update(&token, &protected, Change::Content),
        Err(Denied::Write)
    );
}

#[test]
fn deleting_a_group_checks_the_group_and_deleting_a_dashboard_checks_both() {
    // Scenarios 16 and 17.
    let group = effective(&writers(&[1], &[]));
    let dashboard = effective(&Protection::Entries(vec![entry(
        Principal::User(user_id(2)),
        &[Right::Write],
    )]));
    let (ada, ben) = (user(1, Role::Power), user(2, Role::Power));
    assert_eq!(authorize_delete(&ada, &group), Ok(()));
    for actor in [&ada, &ben] {
        assert_eq!(
            authorize_delete_dashboard(actor, &dashboard, &group),
            Err(Denied::Write)
        );
    }
}

proptest! {
    #[test]
    fn a_change_of_both_is_allowed_only_if_each_part_is_allowed_afterwards(
        actor in any_actor(), before in any_protection(), after in any_protection(),
    ) {
        let (before, after) = (effective(&before), effective(&after));
        let permissions = permissions_only(&actor, &before, &after).is_ok();
        let content = [&before, &after].map(|item| authorize_update(&actor, item, Change::Content).is_ok());
        prop_assert_eq!(
            both(&actor, &before, &after).is_ok(),
            permissions && content.contains(&true)
        );
    }
}
