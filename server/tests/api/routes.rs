//! Who may call each route of the API: written down here by hand, and tried with everybody.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::{
    access::Access::{self, Administrator, AnyCaller, Credential, Ingest, Public, User, Writer},
    actor::Caller,
    role::Role,
};
use testbed::on_both;

use crate::{
    ask::Answer,
    support::{App, START},
};

/// Every route with who may call it (contract 2.5, 3). A route that is not here, or says otherwise, fails the test.
const EXPECTED: &[(&str, &str, Access)] = &[
    ("POST", "/v2/session", Public),
    ("DELETE", "/v2/session", Credential),
    ("GET", "/v2/session", AnyCaller),
    ("POST", "/v2/password/update", User),
    ("GET", "/v2/dashboard", AnyCaller),
    ("POST", "/v2/dashboard", Writer),
    ("POST", "/v2/dashboard/validate", Writer),
    ("GET", "/v2/dashboard/{id}", AnyCaller),
    ("PUT", "/v2/dashboard/{id}", Writer),
    ("DELETE", "/v2/dashboard/{id}", Writer),
    ("POST", "/v2/dashboard/simple", Writer),
    ("GET", "/v2/dashboardgroup", AnyCaller),
    ("POST", "/v2/dashboardgroup", Writer),
    ("POST", "/v2/dashboardgroup/validate", Writer),
    ("GET", "/v2/dashboardgroup/{id}", AnyCaller),
    ("PUT", "/v2/dashboardgroup/{id}", Writer),
    ("DELETE", "/v2/dashboardgroup/{id}", Writer),
    ("POST", "/v2/dashboardgroup/{id}/dashboard", Writer),
    ("GET", "/v2/chart", AnyCaller),
    ("POST", "/v2/chart", Writer),
    ("POST", "/v2/chart/validate", Writer),
    ("GET", "/v2/chart/{id}", AnyCaller),
    ("PUT", "/v2/chart/{id}", Writer),
    ("DELETE", "/v2/chart/{id}", Writer),
    ("GET", "/v2/detector", AnyCaller),
    ("POST", "/v2/detector", Writer),
    ("POST", "/v2/detector/validate", Writer),
    ("GET", "/v2/detector/{id}", AnyCaller),
    ("PUT", "/v2/detector/{id}", Writer),
    ("DELETE", "/v2/detector/{id}", Writer),
    ("PUT", "/v2/detector/{id}/enable", Writer),
    ("PUT", "/v2/detector/{id}/disable", Writer),
    ("GET", "/v2/detector/{id}/events", AnyCaller),
    ("GET", "/v2/detector/{id}/incidents", AnyCaller),
    ("GET", "/v2/integration", AnyCaller),
    ("POST", "/v2/integration", Administrator),
    ("GET", "/v2/integration/{id}", AnyCaller),
    ("PUT", "/v2/integration/{id}", Administrator),
    ("DELETE", "/v2/integration/{id}", Administrator),
    ("GET", "/v2/integration/validate/{id}", Administrator),
    ("GET", "/v2/token", AnyCaller),
    ("POST", "/v2/token", Administrator),
    ("GET", "/v2/token/{name}", AnyCaller),
    ("PUT", "/v2/token/{name}", Administrator),
    ("DELETE", "/v2/token/{name}", Administrator),
    ("POST", "/v2/token/{name}/rotate", Administrator),
    ("GET", "/v2/team", AnyCaller),
    ("POST", "/v2/team", Administrator),
    ("GET", "/v2/team/{id}", AnyCaller),
    ("PUT", "/v2/team/{id}", Administrator),
    ("DELETE", "/v2/team/{id}", Administrator),
    ("PUT", "/v2/team/{id}/member/{user}", User),
    ("PUT", "/v2/team/{id}/members", User),
    ("DELETE", "/v2/team/{id}/member/{user}", User),
    ("DELETE", "/v2/team/{id}/members", User),
    ("POST", "/v2/team/{id}/detector/{other}", Writer),
    ("POST", "/v2/team/{id}/dashboardgroup/{other}", Writer),
    ("DELETE", "/v2/team/{id}/detector/{other}", Writer),
    ("DELETE", "/v2/team/{id}/dashboardgroup/{other}", Writer),
    ("GET", "/v2/organization", Administrator),
    ("GET", "/v2/organization/custom-categories", Writer),
    // The act refuses all but administrators, with a text of its own (contract 3.8).
    ("PATCH", "/v2/organization/custom-categories", AnyCaller),
    ("GET", "/v2/organization/member", Administrator),
    ("POST", "/v2/organization/member", Administrator),
    ("POST", "/v2/organization/members", Administrator),
    ("POST", "/v2/organization/orgMembers", Administrator),
    ("GET", "/v2/organization/member/{id}", Administrator),
    ("PUT", "/v2/organization/member/{id}", Administrator),
    ("DELETE", "/v2/organization/member/{id}", Administrator),
    ("GET", "/v2/role", Writer),
    ("GET", "/v2/role/{id}", Writer),
    ("PATCH", "/v2/role/assign", Administrator),
    ("PATCH", "/v2/role/dismiss", Administrator),
    ("GET", "/v2/incident", AnyCaller),
    ("GET", "/v2/incident/{id}", AnyCaller),
    ("PUT", "/v2/incident/{id}/clear", Writer),
    ("PUT", "/v2/incident/clear", Writer),
    // Others than administrators find custom events there, of which there are none.
    ("GET", "/v2/event/find", AnyCaller),
    // The act refuses all but administrators, with a text of its own (contract 5.1).
    ("GET", "/v2/audit/events", AnyCaller),
    ("GET", "/v2/audit/info/{type}/{id}", AnyCaller),
    ("POST", "/v2/datapoint", Ingest),
    ("POST", "/v2/datapoint/otlp", Ingest),
    ("POST", "/v2/event", Ingest),
    ("POST", "/v2/trace", Ingest),
    ("POST", "/v2/trace/otlp", Ingest),
    ("GET", "/v2/ingest/recent", Administrator),
    ("GET", "/v2/token/{name}/ingest", AnyCaller),
    // The act gives all but administrators their own, and nobody else's.
    ("GET", "/v2/usage", AnyCaller),
];

/// The contract's own index (its section 9): each area with its endpoints.
const INDEX: &[(&str, &[&str])] = &[
    ("/v2/session", &["POST", "DELETE"]),
    ("/v2/password/update", &["POST"]),
    ("/v2/role", &["GET"]),
    ("/v2/role/{id}", &["GET"]),
    ("/v2/role/assign", &["PATCH"]),
    ("/v2/role/dismiss", &["PATCH"]),
    ("/v2/integration", &["GET", "POST"]),
    ("/v2/integration/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/integration/validate/{id}", &["GET"]),
    ("/v2/token", &["GET", "POST"]),
    ("/v2/token/{name}", &["GET", "PUT", "DELETE"]),
    ("/v2/token/{name}/rotate", &["POST"]),
    ("/v2/dashboard", &["GET", "POST"]),
    ("/v2/dashboard/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/dashboard/simple", &["POST"]),
    ("/v2/dashboard/validate", &["POST"]),
    ("/v2/dashboardgroup", &["GET", "POST"]),
    ("/v2/dashboardgroup/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/dashboardgroup/{id}/dashboard", &["POST"]),
    ("/v2/dashboardgroup/validate", &["POST"]),
    ("/v2/chart", &["GET", "POST"]),
    ("/v2/chart/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/chart/validate", &["POST"]),
    ("/v2/detector", &["GET", "POST"]),
    ("/v2/detector/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/detector/{id}/enable", &["PUT"]),
    ("/v2/detector/{id}/disable", &["PUT"]),
    ("/v2/detector/{id}/events", &["GET"]),
    ("/v2/detector/{id}/incidents", &["GET"]),
    ("/v2/detector/validate", &["POST"]),
    ("/v2/incident", &["GET"]),
    ("/v2/incident/{id}", &["GET"]),
    ("/v2/incident/{id}/clear", &["PUT"]),
    ("/v2/incident/clear", &["PUT"]),
    ("/v2/organization", &["GET"]),
    ("/v2/organization/member", &["GET", "POST"]),
    ("/v2/organization/member/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/organization/members", &["POST"]),
    ("/v2/organization/orgMembers", &["POST"]),
    ("/v2/organization/custom-categories", &["GET", "PATCH"]),
    ("/v2/team", &["GET", "POST"]),
    ("/v2/team/{id}", &["GET", "PUT", "DELETE"]),
    ("/v2/team/{id}/member/{user}", &["PUT", "DELETE"]),
    ("/v2/team/{id}/members", &["PUT", "DELETE"]),
    ("/v2/team/{id}/detector/{other}", &["POST", "DELETE"]),
    ("/v2/team/{id}/dashboardgroup/{other}", &["POST", "DELETE"]),
    ("/v2/audit/events", &["GET"]),
    ("/v2/event/find", &["GET"]),
    ("/v2/datapoint", &["POST"]),
    ("/v2/datapoint/otlp", &["POST"]),
    ("/v2/event", &["POST"]),
    ("/v2/trace", &["POST"]),
    ("/v2/trace/otlp", &["POST"]),
];

/// How many endpoints the index counts.
const INDEXED: usize = 83;

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

/// What the table of contract 2.5 says, written without the code that decides it.
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
            .create_org_token(&system, "agents", &["INGEST"], Role::Power)
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
