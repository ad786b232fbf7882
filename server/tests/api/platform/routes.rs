//! Access to each API route, tested with every kind of caller.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::identity::{
    access::Access::{
        self, Administrator, AnyCaller, Credential, Ingest, LogReader, Public, User, Writer,
    },
    actor::Caller,
    role::Role,
};
use testbed::on_both;

use crate::{
    ask::Answer,
    platform::route_table::{EXPECTED, INDEX, INDEXED},
    support::{App, START},
};

/// Well-formed values for path variables that name no existing object.
const STAND_INS: &[(&str, &str)] = &[("{type}", "dashboard"), ("{name}", "nothing")];

/// The decision of the authorization guard.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passes,
    Unauthenticated,
    Forbidden,
}

/// The kinds of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallerKind {
    Anonymous,
    Garbage,
    /// An administrator with an expired token.
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
    /// An org token that may only export the logs.
    OrgAudit,
}

const CALLER_KINDS: [CallerKind; 11] = [
    CallerKind::Anonymous,
    CallerKind::Garbage,
    CallerKind::Expired,
    CallerKind::Reader,
    CallerKind::Usage,
    CallerKind::Power,
    CallerKind::Administrator,
    CallerKind::OrgToken,
    CallerKind::OrgReader,
    CallerKind::OrgIngest,
    CallerKind::OrgAudit,
];

/// The decision that docs/contract.md#roles requires, written independently of the production code.
fn expected(access: Access, kind: CallerKind) -> Verdict {
    let may = match (access, kind) {
        (Public, _) => return Verdict::Passes,
        (Credential, CallerKind::Anonymous) => return Verdict::Unauthenticated,
        (Credential, _) | (Ingest, CallerKind::OrgIngest) => return Verdict::Passes,
        (LogReader, CallerKind::OrgAudit) => return Verdict::Passes,
        // Only a token with ingest scope may send data.
        (Ingest, _) => return Verdict::Unauthenticated,
        (
            _,
            CallerKind::Anonymous
            | CallerKind::Garbage
            | CallerKind::Expired
            | CallerKind::OrgIngest
            | CallerKind::OrgAudit,
        ) => {
            return Verdict::Unauthenticated;
        }
        (AnyCaller, _) => true,
        (User, kind) => !matches!(kind, CallerKind::OrgToken | CallerKind::OrgReader),
        (Writer, kind) => matches!(
            kind,
            CallerKind::Power | CallerKind::Administrator | CallerKind::OrgToken
        ),
        (Administrator | LogReader, kind) => matches!(kind, CallerKind::Administrator),
    };
    if may {
        Verdict::Passes
    } else {
        Verdict::Forbidden
    }
}

/// What a denied caller lacks, by docs/contract.md#errors.
fn hint(access: Access) -> &'static str {
    match access {
        Administrator => "It needs the user token of an administrator.",
        LogReader => {
            "It needs the user token of an administrator, or an org token with the scope AUDIT."
        }
        Writer => "It needs the role power or admin.",
        User => "It needs a user token; this is an org token.",
        Public | Credential | AnyCaller | Ingest => unreachable!("callers are not denied"),
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
fn every_route_is_declared_with_the_contracts_access() {
    let declared: BTreeSet<String> = server::api::routes()
        .table()
        .iter()
        .map(|spec| format!("{} {} {:?}", spec.method, spec.path, spec.access))
        .collect();
    let written: BTreeSet<String> = EXPECTED
        .iter()
        .map(|(method, path, access)| format!("{method} {path} {access:?}"))
        .collect();
    let unexpected: Vec<_> = declared.symmetric_difference(&written).collect();
    assert!(
        unexpected.is_empty(),
        "only in one of code and table: {unexpected:#?}"
    );
}

#[test]
fn every_route_of_the_contracts_index_exists() {
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

/// Credentials of each kind of caller. Browsers generate a new token for each request because some routes revoke the
/// token that calls them.
struct Callers {
    expired: String,
    reader: Caller,
    usage: Caller,
    power: Caller,
    administrator: Caller,
    org_token: String,
    org_reader: String,
    org_ingest: String,
    org_audit: String,
}

impl Callers {
    async fn of(app: &App) -> Self {
        let ada = app.member("Ada", Role::Admin).await;
        let expired = app.session_token(&ada).await;
        app.clock.set(START.plus_seconds(31 * 24 * 60 * 60));
        let org_ingest = app.org_token_for("agents", &["INGEST"], Role::Power).await;
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
            org_ingest,
            org_audit: app.org_token_for("siem", &["AUDIT"], Role::Power).await,
        }
    }

    async fn token(&self, app: &App, kind: CallerKind) -> Option<String> {
        match kind {
            CallerKind::Anonymous => None,
            CallerKind::Garbage => Some("garbage".to_owned()),
            CallerKind::Expired => Some(self.expired.clone()),
            CallerKind::Usage => Some(app.generated_token(&self.usage).await),
            CallerKind::OrgReader => Some(self.org_reader.clone()),
            CallerKind::OrgIngest => Some(self.org_ingest.clone()),
            CallerKind::OrgAudit => Some(self.org_audit.clone()),
            CallerKind::Reader => Some(app.generated_token(&self.reader).await),
            CallerKind::Power => Some(app.generated_token(&self.power).await),
            CallerKind::Administrator => Some(app.generated_token(&self.administrator).await),
            CallerKind::OrgToken => Some(self.org_token.clone()),
        }
    }
}

/// The path with values for its variables.
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
    async fn each_route_authorizes_each_kind_of_caller_as_declared(database: Database) {
        let app = App::start(database).await;
        let callers = Callers::of(&app).await;
        for (method, path, access) in EXPECTED {
            for kind in CALLER_KINDS {
                let mut ask = app.ask(Method::from_bytes(method.as_bytes()).unwrap(), &path_of(path));
                if let Some(token) = callers.token(&app, kind).await {
                    ask = ask.token(&token);
                }
                let answer = ask.send().await;
                let expected = expected(*access, kind);
                assert_eq!(verdict(&answer), expected, "{kind:?} {method} {path}: {answer:?}");
                if expected == Verdict::Forbidden {
                    assert_eq!(answer.json()["hint"], hint(*access), "{kind:?} {method} {path}");
                }
            }
        }
    }
}
