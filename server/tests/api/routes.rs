//! Who may call each route of the API, tried with everybody.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::identity::{
    access::Access::{self, Administrator, AnyCaller, Credential, Ingest, Public, User, Writer},
    actor::Caller,
    role::Role,
};
use testbed::on_both;

use crate::{
    ask::Answer,
    route_table::{EXPECTED, INDEX, INDEXED},
    support::{App, START},
};

/// What is tried in place of what is variable in a path: well-formed, and nothing is called that.
const STAND_INS: &[(&str, &str)] = &[("{type}", "dashboard"), ("{name}", "nothing")];

/// What the gate says.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passes,
    Unauthenticated,
    Forbidden,
}

/// Who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Garbage,
    /// An administrator with a token that has ended.
    Expired,
    Reader,
    Usage,
    Power,
    Administrator,
    /// An org token that may call the API, with role power.
    OrgToken,
    /// The same with role `read_only`.
    OrgReader,
    /// An org token that may only send data.
    OrgIngest,
}

const EVERYBODY: [Who; 10] = [
    Who::Nobody,
    Who::Garbage,
    Who::Expired,
    Who::Reader,
    Who::Usage,
    Who::Power,
    Who::Administrator,
    Who::OrgToken,
    Who::OrgReader,
    Who::OrgIngest,
];

/// What the table of docs/contract.md#roles says, written without the code that decides it.
fn expected(access: Access, who: Who) -> Verdict {
    let may = match (access, who) {
        (Public, _) => return Verdict::Passes,
        (Credential, Who::Nobody) => return Verdict::Unauthenticated,
        (Credential, _) | (Ingest, Who::OrgIngest) => return Verdict::Passes,
        // Data is sent with a token for it, and by nothing else.
        (Ingest, _) => return Verdict::Unauthenticated,
        (_, Who::Nobody | Who::Garbage | Who::Expired | Who::OrgIngest) => {
            return Verdict::Unauthenticated;
        }
        (AnyCaller, _) => true,
        (User, who) => !matches!(who, Who::OrgToken | Who::OrgReader),
        (Writer, who) => matches!(who, Who::Power | Who::Administrator | Who::OrgToken),
        (Administrator, who) => matches!(who, Who::Administrator),
    };
    if may {
        Verdict::Passes
    } else {
        Verdict::Forbidden
    }
}

fn verdict(answer: &Answer) -> Verdict {
    if answer.status == StatusCode::UNAUTHORIZED {
        Verdict::Unauthenticated
    } else if answer.status == StatusCode::FORBIDDEN && answer.message() == "Unauthorized request."
    {
        Verdict::Forbidden
    } else {
        Verdict::Passes
    }
}

#[test]
fn every_route_is_declared_as_the_contract_says() {
    let declared: BTreeSet<String> = server::api::routes()
        .table()
        .iter()
        .map(|spec| format!("{} {} {:?}", spec.method, spec.path, spec.access))
        .collect();
    let written: BTreeSet<String> = EXPECTED
        .iter()
        .map(|(method, path, access)| format!("{method} {path} {access:?}"))
        .collect();
    let surprising: Vec<_> = declared.symmetric_difference(&written).collect();
    assert!(
        surprising.is_empty(),
        "declared or written, but not both: {surprising:#?}"
    );
}

#[test]
fn every_route_of_the_contracts_index_is_there() {
    let written: BTreeSet<_> = EXPECTED
        .iter()
        .map(|(method, path, _)| (*method, *path))
        .collect();
    let indexed: BTreeSet<_> = INDEX
        .iter()
        .flat_map(|(path, methods)| methods.iter().map(move |method| (*method, *path)))
        .collect();
    assert_eq!(indexed.len(), INDEXED);
    let missing: Vec<_> = indexed.difference(&written).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A browser of each role, which makes a token of its own for each try: some routes end the token they are tried with.
struct Everybody {
    expired: String,
    reader: Caller,
    usage: Caller,
    power: Caller,
    administrator: Caller,
    org_token: String,
    org_reader: String,
    org_ingest: String,
}

impl Everybody {
    async fn of(app: &App) -> Self {
        let ada = app.member("Ada", Role::Admin).await;
        let expired = app.session_token(&ada).await;
        app.clock.set(START.plus_seconds(31 * 24 * 60 * 60));
        let system = app.system().await;
        let org_ingest = app
            .service
            .tokens()
            .org()
            .create(&system, "agents", &["INGEST"], Role::Power)
            .await
            .unwrap();
        Self {
            expired,
            administrator: app.browser(&ada).await,
            usage: app.browser(&app.member("Edsger", Role::Usage).await).await,
            power: app.browser(&app.member("Grace", Role::Power).await).await,
            reader: app
                .browser(&app.member("Karen", Role::ReadOnly).await)
                .await,
            org_token: app.org_token("ci", Role::Power).await,
            org_reader: app.org_token("board", Role::ReadOnly).await,
            org_ingest: org_ingest.secret.reveal().to_owned(),
        }
    }

    async fn token(&self, app: &App, who: Who) -> Option<String> {
        match who {
            Who::Nobody => None,
            Who::Garbage => Some("garbage".to_owned()),
            Who::Expired => Some(self.expired.clone()),
            Who::Usage => Some(app.generated_token(&self.usage).await),
            Who::OrgReader => Some(self.org_reader.clone()),
            Who::OrgIngest => Some(self.org_ingest.clone()),
            Who::Reader => Some(app.generated_token(&self.reader).await),
            Who::Power => Some(app.generated_token(&self.power).await),
            Who::Administrator => Some(app.generated_token(&self.administrator).await),
            Who::OrgToken => Some(self.org_token.clone()),
        }
    }
}

/// The path with something in place of what is variable.
fn path_of(template: &str) -> String {
    let path = STAND_INS
        .iter()
        .fold(template.to_owned(), |path, (name, text)| {
            path.replace(name, text)
        });
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            "AAAAAAAAAAE"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

on_both! {
    async fn each_route_answers_each_caller_as_declared(database: Database) {
        let app = App::start(database).await;
        let everybody = Everybody::of(&app).await;
        for (method, path, access) in EXPECTED {
            for who in EVERYBODY {
                let mut ask = app.ask(Method::from_bytes(method.as_bytes()).unwrap(), &path_of(path));
                if let Some(token) = everybody.token(&app, who).await {
                    ask = ask.token(&token);
                }
                let answer = ask.send().await;
                assert_eq!(verdict(&answer), expected(*access, who), "{who:?} {method} {path}: {answer:?}");
            }
        }
    }
}
