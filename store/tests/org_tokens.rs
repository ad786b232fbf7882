//! The state of org tokens, as the list filters by it and as `domain` decides it.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

mod support;

use domain::{
    audit::event::ObjectType,
    identity::role::Role,
    objects::object::Stamp,
    platform::{document::Document, id::Id, page::OffsetPage, timestamp::Timestamp},
    tokens::token::{TokenDigest, TokenState},
};
use store::{
    Conn, OrgToken, OrgTokenFilter, OrgTokenOrder, OrgTokenSecret, OrgTokenState, Reader, Write,
};
use testbed::on_both;

use support::{ORGANIZATION, begin, by_system, created};

const ALL: OffsetPage = OffsetPage {
    limit: 10_000,
    offset: 0,
};

/// Adds a token that is disabled and expires at these times, in microseconds.
async fn insert(write: &mut Write, id: u8, disabled_at: Option<i64>, expires_at: i64) {
    let stamp = Stamp {
        at: Timestamp::from_micros(1),
        by: by_system(),
    };
    let token = OrgToken {
        id: Id::from_bits(u64::from(id)),
        organization_id: ORGANIZATION,
        name: format!("token {id}"),
        auth_scopes: vec!["API".to_owned()],
        role: Role::Power,
        disabled_at: disabled_at.map(Timestamp::from_micros),
        document: Document::new(),
        acl: None,
        expires_at: Timestamp::from_micros(expires_at),
        rotated_at: stamp.at,
        created: stamp.clone(),
        updated: stamp,
    };
    let secret = OrgTokenSecret {
        digest: TokenDigest([id; 32]),
        encrypted: Vec::new(),
        last4: "abcd".to_owned(),
        created_at: Timestamp::from_micros(1),
        expires_at: token.expires_at,
        last_used: None,
    };
    write.insert_org_token(&token, &secret).await.unwrap();
}

/// The tokens that the database lists in this state at this time.
async fn listed(conn: &mut Conn, state: Option<OrgTokenState>, now: Timestamp) -> Vec<OrgToken> {
    let filter = OrgTokenFilter {
        reader: Reader::Everything,
        now,
        search: String::new(),
        name: String::new(),
        state,
        order: OrgTokenOrder::Name,
        descending: false,
    };
    let page = conn
        .page_org_tokens(ORGANIZATION, &filter, ALL)
        .await
        .unwrap();
    page.results
}

/// Compares the lists with the decision of `domain` for every stored token at every time.
async fn check(conn: &mut Conn) {
    let tokens = listed(conn, None, Timestamp::from_micros(0)).await;
    let disabled = tokens.iter().filter(|token| token.disabled_at.is_some());
    assert_eq!((tokens.len(), disabled.count()), (30, 25));
    for now in (0..12).map(Timestamp::from_micros) {
        for (filter, state) in [
            (OrgTokenState::Live, TokenState::Active),
            (OrgTokenState::Disabled, TokenState::Disabled),
            (OrgTokenState::Expired, TokenState::Expired),
        ] {
            let decided = tokens
                .iter()
                .filter(|token| token.ends().state_at(now) == state);
            let decided: Vec<OrgToken> = decided.cloned().collect();
            assert_eq!(
                listed(conn, Some(filter), now).await,
                decided,
                "{filter:?} at {now:?}"
            );
        }
    }
}

on_both! {
    async fn the_database_and_domain_agree_on_the_state_of_every_org_token(database: Database) {
        let (store, mut write) = begin(&database).await;
        let disabled = [None, Some(2), Some(4), Some(5), Some(6), Some(8)];
        for (row, disabled_at) in disabled.into_iter().enumerate() {
            for (column, expires_at) in [3, 4, 5, 7, 9].into_iter().enumerate() {
                let id = u8::try_from(10 * (row + 1) + column).unwrap();
                insert(&mut write, id, disabled_at, expires_at).await;
            }
        }
        check(&mut write).await;
        write.commit(created(ObjectType::OrgToken, 3, "many")).await.unwrap();
        // A node of the previous version writes only `disabled`: it leaves `disabled_at` as it is.
        database.tamper("UPDATE org_token SET updated_at = disabled_at, disabled_at = NULL WHERE disabled").await;
        database.tamper("UPDATE org_token SET disabled_at = 2 WHERE NOT disabled").await;
        check(&mut store.read().await.unwrap()).await;
    }
}
