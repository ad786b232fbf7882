//! A list of 100,000 rows reads the rows of one page. Each test makes a row of another page unreadable, so that a list
//! that reads it fails.

use domain::{
    identity::{actor::Caller, member::InvitationDraft, role::Role},
    platform::{id::TeamId, limits::PAGE_OBJECTS, page::OffsetPage},
};
use serde_json::json;
use service::{ListQuery, MemberFilter, MemberOrder};
use testbed::{
    long_lists::{INVITATIONS, MEMBERS, ORG_TOKENS, TEAM_MEMBERS},
    on_both,
};

use crate::{objects::support::document, support::Stage};

const PAGE: OffsetPage = OffsetPage {
    limit: 50,
    offset: 50,
};

/// Rows of each list.
const ROWS: u32 = 100_000;

on_both! {
    async fn org_tokens_are_read_by_page_from_the_api(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.caller("Root", Role::Admin).await;
        let eve = stage.member("Eve", Role::ReadOnly).await;
        let by_eve = stage.browser(&eve.email).await;
        let for_eve = json!({"acl": [{"principalId": eve.id.to_string(), "principalType": "USER", "actions": ["READ"]}]});
        let tokens = stage.service.tokens().org().clone();
        tokens.issue(&stage.browser("root@example.com").await, &document(json!({"name": "Zeta", "permissions": for_eve}))).await.unwrap();
        stage.database.add_rows(&ORG_TOKENS, ROWS).await;
        stage.database.tamper("UPDATE org_token SET role = '?' WHERE name = 'Token 100000200'").await;
        let page = tokens.list(&root, "", "", PAGE).await.unwrap();
        assert_eq!((page.count, page.results.len()), (PAGE_OBJECTS, 50));
        assert_eq!(page.results[0].token.name, "Token 100000050", "Default is before it");
        let named = async |caller: &Caller, name: &str| {
            let page = tokens.list(caller, name, "", OffsetPage { offset: 0, ..PAGE }).await.unwrap();
            let names: Vec<_> = page.results.into_iter().map(|view| view.token.name).collect();
            (page.count, names.join(", "))
        };
        assert_eq!(named(&root, "TOKEN 100099999").await, (1, "Token 100099999".to_owned()));
        assert_eq!(named(&by_eve, "").await, (1, "Zeta".to_owned()));
    }

    async fn members_are_read_by_page_from_the_api(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.caller("Root", Role::Admin).await;
        stage.database.add_rows(&MEMBERS, ROWS).await;
        stage.database.tamper("UPDATE member SET persona_id = '?' WHERE full_name = 'Member 100000200'").await;
        let members = stage.service.identity().members().clone();
        for order in ["", "email", "-fullName", "created", "-lastUpdated"] {
            let page = members.search(&root, "", order, PAGE).await.unwrap();
            assert_eq!((page.count, page.results.len()), (PAGE_OBJECTS, 50), "{order}");
        }
        for order in [MemberOrder::State, MemberOrder::Name] {
            let filter = MemberFilter { order, ..MemberFilter::default() };
            assert_eq!(members.page(&root, &filter, PAGE).await.unwrap().results[0].full_name, "Member 100000051");
        }
        let found = async |query: &str| {
            let page = members.search(&root, query, "", OffsetPage { offset: 0, ..PAGE }).await.unwrap();
            let names: Vec<_> = page.results.into_iter().map(|found| found.member.full_name).collect();
            (page.count, names.join(", "))
        };
        let last = "Member 100100000";
        assert_eq!(found("email:M100100000@example.com").await, (1, last.to_owned()));
        assert_eq!(found("email:m100100000@example.com AND !sf_role:usage").await, (0, String::new()));
        assert_eq!(found("100100000").await, (1, last.to_owned()));
        assert_eq!(found("sf_role:admin (root)").await, (1, "Root".to_owned()));
    }

    async fn invitations_are_read_by_page(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.browser(&stage.member("Root", Role::Admin).await.email).await;
        let draft = InvitationDraft::read(&document(json!({"email": "new@example.com", "fullName": "Ärzte"}))).unwrap();
        let invitations = stage.service.identity().invitations().clone();
        invitations.invite(&root, &draft).await.unwrap();
        stage.database.add_rows(&INVITATIONS, ROWS).await;
        stage.database.tamper("UPDATE invitation SET created_by = '?' WHERE email = 'm100000200@example.com'").await;
        let page = invitations.page(&root, "", PAGE).await.unwrap();
        assert_eq!((page.count, page.results.len()), (PAGE_OBJECTS, 50));
        assert_eq!((page.results[0].email.as_str(), page.results[0].created_by.as_str()), ("m100099950@example.com", "Root"));
        let page = invitations.page(&root, "äRZ", OffsetPage { offset: 0, ..PAGE }).await.unwrap();
        assert_eq!((page.count, page.results[0].email.as_str()), (1, "new@example.com"));
    }

    async fn members_of_a_team_and_suggestions_are_read_by_page(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.browser(&stage.member("Root", Role::Admin).await.email).await;
        let teams = stage.service.identity().teams().clone();
        let team = teams.create(&root, &document(json!({"name": "all", "members": [root.user().unwrap().id]}))).await.unwrap().team;
        stage.database.add_rows(&MEMBERS, ROWS).await;
        stage.database.add_rows(&TEAM_MEMBERS, 600).await;
        stage.database.tamper("UPDATE member SET persona_id = '?' WHERE full_name = 'Member 100000200'").await;
        let page = teams.page_members(&root, team.id, PAGE).await.unwrap();
        assert_eq!((page.count, page.results.len(), page.results[0].to_string().as_str()), (601, 50, "B100000050A"));
        let listed = teams.page(&root, &ListQuery::default(), OffsetPage { offset: 0, ..PAGE }).await.unwrap();
        let size = listed.results[0].size;
        assert_eq!((listed.count, size.members, size.links, size.has_user), (1, 601, 0, true));
        let others = stage.service.identity().members().suggest(&root, Some(TeamId(team.id))).await.unwrap();
        assert_eq!((others.len(), others[0].full_name.as_str()), (500, "Member 100000601"));
    }
}
