//! Lists of members and tokens as pages request them. Concatenated pages are the whole list, and every filter and sort
//! order returns the expected rows.

use domain::{
    identity::{actor::Caller, credential::TokenKind, role::Role},
    platform::page::OffsetPage,
    tokens::token::TokenState,
};
use serde_json::json;
use service::{
    MemberFilter, MemberOrder, OrgTokenOrder, OrgTokenSearch, OrgTokenState, ServiceError,
    TokenOrder, TokenSearch,
};
use testbed::{long_lists::MEMBERS, on_both};

use crate::{
    objects::support::document,
    support::{Stage, request},
};

const DAY_MILLIS: i64 = 86_400_000;

impl Stage {
    /// The names of the members that match a filter, concatenated from pages of two, and their total count.
    async fn listed_members(&self, caller: &Caller, filter: MemberFilter) -> (String, i64) {
        let (mut names, mut count) = (Vec::new(), 0);
        for offset in (0..20).step_by(2) {
            let page = OffsetPage { limit: 2, offset };
            let found = self
                .service
                .identity()
                .members()
                .page(caller, &filter, page)
                .await;
            let found = found.unwrap();
            count = found.count;
            names.extend(found.results.into_iter().map(|member| member.full_name));
        }
        (names.join(" "), count)
    }

    /// The names of the tokens that match a search, concatenated from pages of two, and their total count.
    async fn listed_tokens(&self, caller: &Caller, search: TokenSearch) -> (String, i64) {
        let (mut names, mut count) = (Vec::new(), 0);
        for offset in (0..20).step_by(2) {
            let page = OffsetPage { limit: 2, offset };
            let found = self.service.tokens().page(caller, &search, page).await;
            let found = found.unwrap();
            count = found.count;
            names.extend(found.results.into_iter().map(|view| match view.token.kind {
                TokenKind::Ui => view.token.name,
                TokenKind::ApiSession | TokenKind::UiLogin | TokenKind::Org => {
                    format!("of-{}", view.owner_name)
                }
            }));
        }
        (names.join(" "), count)
    }
}

on_both! {
    async fn members_are_searched_filtered_sorted_and_paged_by_the_database(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.caller("Root", Role::Admin).await;
        for (name, role) in [("ada", Role::ReadOnly), ("Bob", Role::Power), ("Ärzte", Role::Usage), ("Eve_x", Role::Power)] {
            stage.pass_millis(5);
            stage.member(name, role).await;
        }
        let found = async |filter: MemberFilter| stage.listed_members(&root, filter).await;
        let search = |text: &str| MemberFilter { search: text.to_owned(), ..MemberFilter::default() };
        let role = |title: &str| MemberFilter { role: title.to_owned(), ..MemberFilter::default() };
        let order = |order, descending| MemberFilter { order, descending, ..MemberFilter::default() };
        let (by_name, count) = found(MemberFilter::default()).await;
        let reversed: Vec<_> = by_name.split(' ').rev().collect();
        assert_eq!((by_name.replace("Ärzte", "").replace("  ", " ").trim(), count), ("ada Bob Eve_x Root", 5));
        assert_eq!(found(order(MemberOrder::Name, true)).await.0, reversed.join(" "));
        assert_eq!(found(order(MemberOrder::Created, false)).await.0, "Root ada Bob Ärzte Eve_x");
        assert_eq!(found(order(MemberOrder::Created, true)).await.0, "Eve_x Ärzte Bob ada Root");
        assert_eq!(found(MemberFilter { search: "b".to_owned(), ..order(MemberOrder::Email, true) }).await, ("Bob".to_owned(), 1));
        assert_eq!(found(search("ROOT@Example")).await, ("Root".to_owned(), 1));
        assert_eq!(found(search("äRZ")).await, ("Ärzte".to_owned(), 1), "case folding covers letters outside ASCII");
        assert_eq!(found(search("e_x")).await, ("Eve_x".to_owned(), 1));
        assert_eq!(found(search("%")).await, (String::new(), 0), "pattern characters match literally");
        assert_eq!(found(role("read_only")).await, ("ada".to_owned(), 1));
        assert_eq!(found(MemberFilter { search: "o".to_owned(), ..role("power") }).await, ("Bob Eve_x".to_owned(), 2));
        assert_eq!(found(role("emperor")).await, (String::new(), 0));

        let bob = stage.service.identity().members().find_by_email("bob@example.com").await.unwrap().id;
        stage.pass_millis(5);
        stage.service.identity().members().disable(&root, bob).await.unwrap();
        let disabled = |disabled| MemberFilter { disabled: Some(disabled), ..MemberFilter::default() };
        assert_eq!(found(disabled(true)).await, ("Bob".to_owned(), 1));
        assert_eq!(found(disabled(false)).await.1, 4);
        assert!(found(order(MemberOrder::State, false)).await.0.ends_with(" Bob"));
        assert!(found(order(MemberOrder::State, true)).await.0.starts_with("Bob "));
        assert!(found(order(MemberOrder::Updated, true)).await.0.starts_with("Bob "));
        stage.service.identity().members().remove(&root, bob).await.unwrap();
        assert_eq!(found(search("bob")).await, (String::new(), 0));
        let names = stage.service.identity().members().names(&root, [bob.0, root.user().unwrap().id.0]).await.unwrap();
        assert_eq!(names.into_values().collect::<Vec<_>>(), ["Root"]);
        let ada = stage.browser("ada@example.com").await;
        let page = OffsetPage { limit: 2, offset: 0 };
        assert!(matches!(stage.service.identity().members().page(&ada, &MemberFilter::default(), page).await, Err(ServiceError::Denied(_))));
    }

    async fn names_stored_without_a_folded_form_are_found_after_a_restart(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.caller("Root", Role::Admin).await;
        stage.member("Ärzte", Role::Usage).await;
        stage.database.tamper("UPDATE member SET name_folded = NULL").await;
        stage.database.tamper("UPDATE token SET name_folded = NULL").await;
        stage.another_node().await;
        let found = stage.listed_members(&root, MemberFilter { search: "ärz".to_owned(), ..MemberFilter::default() }).await;
        assert_eq!(found, ("Ärzte".to_owned(), 1));
        let found = stage.listed_tokens(&root, TokenSearch { text: "root".to_owned(), ..TokenSearch::default() }).await;
        assert_eq!(found, ("of-Root".to_owned(), 1));
    }

    async fn org_tokens_are_found_by_each_part_of_their_current_texts(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.browser(&stage.member("Root", Role::Admin).await.email).await;
        let tokens = stage.service.tokens().org();
        for (name, description) in [(r#"say "hi" to 50%_!*"#, "ÄRGER mit 'Quotes'"), ("plain", "")] {
            tokens.issue(&root, &document(json!({"name": name, "description": description}))).await.unwrap();
        }
        let count = async |text: &str| {
            let search = OrgTokenSearch { text: text.to_owned(), ..OrgTokenSearch::default() };
            tokens.page(&root, &search, OffsetPage { limit: 10, offset: 0 }).await.unwrap().count
        };
        let parts = [r#"say "hi" to 50%_!*"#, r#""hi""#, r#"" t"#, "%_!", "50%", "!*", "ärger", "'quotes", "mit ", "R M"];
        for part in parts {
            assert_eq!(count(part).await, 1, "{part}");
        }
        for other in ["h_\"", "50%%", "hi*", "NEAR(say hi)", "say AND hi", "name_folded:say", "sayhi", r#"""#.repeat(3).as_str()] {
            assert_eq!(count(other).await, 0, "{other}");
        }
        tokens.update(&root, "plain", &document(json!({"name": "renamed", "description": "new"}))).await.unwrap();
        assert_eq!((count("plain").await, count("renamed").await, count("new").await), (0, 1, 1));
        tokens.delete(&root, "renamed").await.unwrap();
        assert_eq!(count("renamed").await, 0);
    }

    async fn a_filter_that_many_rows_pass_is_answered_in_order(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.caller("Root", Role::Admin).await;
        stage.database.add_rows(&MEMBERS, 1_500).await;
        let members = stage.service.identity().members();
        let page = OffsetPage { limit: 2, offset: 1_000 };
        for filter in [
            MemberFilter { search: "member 1000".to_owned(), ..MemberFilter::default() },
            MemberFilter { role: "usage".to_owned(), ..MemberFilter::default() },
        ] {
            let found = members.page(&root, &filter, page).await.unwrap();
            assert_eq!((found.count, found.results[0].full_name.as_str()), (1_500, "Member 100001001"));
        }
        let both = MemberFilter { search: "member 1000".to_owned(), role: "admin".to_owned(), ..MemberFilter::default() };
        assert_eq!(members.page(&root, &both, page).await.unwrap().count, 0);
    }

    async fn org_tokens_are_searched_filtered_sorted_and_paged_by_the_database(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.browser(&stage.member("Root", Role::Admin).await.email).await;
        let ada = stage.member("Ada", Role::Admin).await;
        let by_ada = stage.browser(&ada.email).await;
        let eve = stage.member("Eve", Role::ReadOnly).await;
        let by_eve = stage.browser(&eve.email).await;
        let readable_by_all = json!({"acl": [{"principalId": root.organization_id().to_string(), "principalType": "ORG", "actions": ["READ"]}]});
        let for_eve = json!({"acl": [{"principalId": eve.id.to_string(), "principalType": "USER", "actions": ["READ"]}]});
        for (caller, given) in [
            (&root, json!({"name": "beta", "description": "Ärger", "secondsUntilExpiry": 86_400})),
            (&by_ada, json!({"name": "Gamma", "permissions": readable_by_all})),
            (&root, json!({"name": "alpha", "disabled": true, "permissions": for_eve})),
        ] {
            stage.pass_millis(5);
            stage.service.tokens().org().issue(caller, &document(given)).await.unwrap();
        }
        let listed = async |caller: &Caller, search: OrgTokenSearch| {
            let (mut names, mut count) = (Vec::new(), 0);
            for offset in (0..8).step_by(2) {
                let page = OffsetPage { limit: 2, offset };
                let found = stage.service.tokens().org().page(caller, &search, page).await.unwrap();
                count = found.count;
                names.extend(found.results.into_iter().map(|view| view.token.name));
            }
            (names.join(" "), count)
        };
        let text = |text: &str| OrgTokenSearch { text: text.to_owned(), ..OrgTokenSearch::default() };
        let state = |state| OrgTokenSearch { state: Some(state), ..OrgTokenSearch::default() };
        let order = |order, descending| OrgTokenSearch { order, descending, ..OrgTokenSearch::default() };
        assert_eq!(listed(&root, OrgTokenSearch::default()).await, ("alpha beta Default Gamma".to_owned(), 4));
        assert_eq!(listed(&root, order(OrgTokenOrder::Name, true)).await.0, "Gamma Default beta alpha");
        assert_eq!(listed(&root, order(OrgTokenOrder::State, false)).await.0, "alpha beta Default Gamma");
        assert_eq!(listed(&root, order(OrgTokenOrder::Ends, false)).await.0, "beta Default Gamma alpha");
        assert_eq!(listed(&root, order(OrgTokenOrder::Updated, true)).await.0, "alpha Gamma beta Default");
        assert!(listed(&root, order(OrgTokenOrder::Updater, false)).await.0.starts_with("Gamma "), "sorted by the updater's name, Ada is first");
        assert_eq!(listed(&root, text("ärg")).await, ("beta".to_owned(), 1));
        assert_eq!(listed(&root, text("AL")).await, ("alpha".to_owned(), 1));
        assert_eq!(listed(&root, state(OrgTokenState::Disabled)).await, ("alpha".to_owned(), 1));
        assert_eq!(listed(&root, state(OrgTokenState::Live)).await.1, 3);
        let week = stage.clock.now().plus_days(7);
        assert_eq!(listed(&root, state(OrgTokenState::LiveUntil(week))).await, ("beta".to_owned(), 1));
        assert_eq!(listed(&by_eve, OrgTokenSearch::default()).await, ("alpha Gamma".to_owned(), 2), "other members see the tokens that list them as readers");

        stage.service.tokens().org().update(&root, "alpha", &document(json!({"name": "omega", "permissions": null}))).await.unwrap();
        assert_eq!(listed(&by_eve, OrgTokenSearch::default()).await, ("Gamma".to_owned(), 1), "a token disappears from the list when the reader is removed");
        stage.pass_millis(2 * DAY_MILLIS);
        assert_eq!(listed(&root, state(OrgTokenState::Expired)).await, ("beta".to_owned(), 1));
        let system = stage.service.system_caller().await.unwrap();
        stage.service.tokens().org().update(&system, "omega", &document(json!({"disabled": true}))).await.unwrap();
        stage.pass_millis(400 * DAY_MILLIS);
        let expired = listed(&root, state(OrgTokenState::Expired)).await;
        assert!(!expired.0.contains("omega"), "a token that is disabled and then expires stays disabled");
        assert_eq!(listed(&root, state(OrgTokenState::Disabled)).await.0, "omega");
        stage.database.tamper("UPDATE org_token SET name_folded = NULL").await;
        stage.database.tamper("DELETE FROM org_token_reader").await;
        stage.another_node().await;
        let browser = stage.browser(&eve.email).await;
        assert_eq!(listed(&browser, text("gam")).await, ("Gamma".to_owned(), 1), "a starting node fills in missing search columns and readers");
    }

    async fn tokens_of_all_members_are_searched_filtered_sorted_and_paged_by_the_database(database: Database) {
        let stage = Stage::set_up(database).await;
        let root = stage.browser(&stage.member("Root", Role::Admin).await.email).await;
        for name in ["Bob", "ada"] {
            stage.member(name, Role::Power).await;
        }
        for (name, email) in [("Zeta", "bob@example.com"), ("alpha", "ada@example.com")] {
            stage.pass_millis(5);
            let browser = stage.browser(email).await;
            stage.service.tokens().generate(&browser, name).await.unwrap();
        }
        stage.pass_millis(2 * DAY_MILLIS);
        let used = stage.token("bob@example.com").await;
        stage.service.tokens().authenticate(used.as_bytes(), request()).await.unwrap();
        let found = async |search: TokenSearch| stage.listed_tokens(&root, search).await;
        let text = |text: &str| TokenSearch { text: text.to_owned(), ..TokenSearch::default() };
        let order = |order, descending| TokenSearch { order, descending, ..TokenSearch::default() };
        assert_eq!(found(TokenSearch::default()).await, ("Zeta alpha of-Bob".to_owned(), 3));
        assert_eq!(found(order(TokenOrder::Created, true)).await.0, "of-Bob alpha Zeta");
        assert_eq!(found(order(TokenOrder::Ends, false)).await.0, "Zeta alpha of-Bob");
        assert_eq!(found(order(TokenOrder::Used, false)).await.0, "Zeta alpha of-Bob", "tokens that were never used sort first");
        assert_eq!(found(order(TokenOrder::Used, true)).await.0, "of-Bob alpha Zeta");
        assert_eq!(found(order(TokenOrder::Owner, false)).await.0, "alpha Zeta of-Bob");
        assert_eq!(found(order(TokenOrder::Owner, true)).await.0, "of-Bob Zeta alpha");
        assert_eq!(found(order(TokenOrder::Name, false)).await.0, "alpha of-Bob Zeta", "a token without a name sorts by its displayed label");
        assert_eq!(found(order(TokenOrder::Name, true)).await.0, "Zeta of-Bob alpha");

        assert_eq!(found(text("ALPHA")).await, ("alpha".to_owned(), 1));
        assert_eq!(found(text("bob@")).await, ("Zeta of-Bob".to_owned(), 2));
        assert_eq!(found(text(&used[used.len() - 4..])).await.0, "of-Bob");
        assert_eq!(found(text("%")).await.1, 0);
        assert_eq!(found(TokenSearch { kind: Some(TokenKind::Ui), ..text("bob") }).await, ("Zeta".to_owned(), 1));
        assert_eq!(found(TokenSearch { kind: Some(TokenKind::ApiSession), ..TokenSearch::default() }).await.0, "of-Bob");
        assert_eq!(found(TokenSearch { older_than_days: Some(1), ..TokenSearch::default() }).await.0, "Zeta alpha");
        assert_eq!(found(TokenSearch { older_than_days: Some(i64::MIN), ..TokenSearch::default() }).await.1, 3);
        assert_eq!(found(TokenSearch { never_used: true, ..TokenSearch::default() }).await.0, "Zeta alpha");
        assert_eq!(found(TokenSearch { unused_days: Some(1), ..TokenSearch::default() }).await.0, "Zeta alpha");
        assert_eq!(found(TokenSearch { unused_days: Some(7), ..TokenSearch::default() }).await.1, 0);

        let live = |live| TokenSearch { live: Some(live), ..TokenSearch::default() };
        assert_eq!((found(live(true)).await.1, found(live(false)).await.1), (3, 0));
        let zeta = stage.service.tokens().page(&root, &text("zeta"), OffsetPage { limit: 1, offset: 0 }).await.unwrap().results.remove(0);
        assert_eq!((zeta.state, zeta.owner_email.as_str()), (TokenState::Active, "bob@example.com"));
        let system = stage.service.system_caller().await.unwrap();
        stage.service.tokens().revoke(&system, zeta.token.id).await.unwrap();
        let ada = stage.service.identity().members().find_by_email("ada@example.com").await.unwrap().id;
        stage.service.identity().members().disable(&system, ada).await.unwrap();
        let ended = found(live(false)).await;
        assert!(ended.0.starts_with("Zeta"), "{ended:?}");
        assert_eq!(found(live(true)).await.0, "of-Bob", "a token of a disabled member is not live");
        // Five tokens with the same timestamp: concatenated pages still contain each row once, in both directions.
        for _ in 0..5 {
            stage.token("bob@example.com").await;
        }
        let same = async |descending| {
            let (mut ids, mut more) = (Vec::new(), 0);
            while let Some(view) = {
                let page = OffsetPage { limit: 1, offset: more };
                stage.service.tokens().page(&root, &order(TokenOrder::Owner, descending), page).await.unwrap().results.pop()
            } {
                ids.push(view.token.id);
                more += 1;
            }
            ids
        };
        let (up, mut down) = (same(false).await, same(true).await);
        down.reverse();
        assert_eq!((up.len(), up), (8, down));
        stage.pass_millis(31 * DAY_MILLIS);
        assert_eq!(found(live(true)).await.1, 0, "an expired token is not live");
        stage.pass_millis(90 * DAY_MILLIS);
        assert_eq!(found(TokenSearch::default()).await.1, 0, "tokens that ended long ago are not listed");
        let bob = stage.browser("bob@example.com").await;
        let page = OffsetPage { limit: 2, offset: 0 };
        assert!(matches!(stage.service.tokens().page(&bob, &TokenSearch::default(), page).await, Err(ServiceError::Denied(_))));
    }
}
