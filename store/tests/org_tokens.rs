//! The state of org tokens, as the list filters by it and as `domain` decides it.

#![expect(clippy::unwrap_used, reason = "in a test, any failure stops the test")]

mod support;

use domain::{
    identity::role::Role,
    objects::object::Stamp,
    platform::{document::Document, id::Id, page::OffsetPage, timestamp::Timestamp},
    tokens::token::{TokenDigest, TokenState},
};
use store::{
    OrgToken, OrgTokenFilter, OrgTokenOrder, OrgTokenSecret, OrgTokenState, Reader, Write,
};
use testbed::on_both;

use support::{ORGANIZATION, begin, by_system};

const ALL: OffsetPage = OffsetPage {
    limit: 10_000,
    offset: 0,
};

/// Adds a token that is disabled and expires at these times, in microseconds.
async fn insert(write: &mut Write, id: u8, disabled_at: Option<i64>, expires_at: i64) -> OrgToken {
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
    token
}

/// The names of the tokens that the database lists in this state at this time.
async fn listed(write: &mut Write, state: OrgTokenState, now: Timestamp) -> Vec<String> {
    let filter = OrgTokenFilter {
        reader: Reader::Everything,
        now,
        search: String::new(),
        state: Some(state),
        order: OrgTokenOrder::Name,
        descending: false,
    };
    let page = write
        .page_org_tokens(ORGANIZATION, &filter, ALL)
        .await
        .unwrap();
    page.results.into_iter().map(|token| token.name).collect()
}

on_both! {
    async fn the_database_and_domain_agree_on_the_state_of_every_org_token(database: Database) {
        let (_store, mut write) = begin(&database).await;
        let mut tokens = Vec::new();
        let disabled = [None, Some(2), Some(4), Some(5), Some(6), Some(8)];
        for (row, disabled_at) in disabled.into_iter().enumerate() {
            for (column, expires_at) in [3, 4, 5, 7, 9].into_iter().enumerate() {
                let id = u8::try_from(10 * (row + 1) + column).unwrap();
                tokens.push(insert(&mut write, id, disabled_at, expires_at).await);
            }
        }
        for now in (0..12).map(Timestamp::from_micros) {
            for (filter, state) in [
                (OrgTokenState::Live, TokenState::Active),
                (OrgTokenState::Disabled, TokenState::Disabled),
                (OrgTokenState::Expired, TokenState::Expired),
            ] {
                let decided = tokens.iter().filter(|token| token.ends().state_at(now) == state);
                let decided: Vec<String> = decided.map(|token| token.name.clone()).collect();
                assert_eq!(listed(&mut write, filter, now).await, decided, "{filter:?} at {now:?}");
            }
        }
    }
}
