//! A server on a fresh database, with a manual clock and members of each role.

use std::path::Path;

use axum::http::StatusCode;
use domain::{
    identity::{
        actor::{Caller, RequestMeta},
        role::{Role, RoleSet},
        session::IdleTimeouts,
    },
    platform::{
        id::{Id, RequestId},
        timestamp::Timestamp,
    },
};
use server::{
    middleware::{entry::EntryService, settings::EntrySettings},
    site::Site,
};
use service::{
    Access, Clock, IngestSettings, KeepDays, MailSender, MailServer, MailSettings, MemberView,
    NewMember, Service, Settings, SignedIn,
};
use testbed::Database;

use crate::ask::{Answer, Ask};

/// The time at which every test starts.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_798_034_709_123);

/// A password that satisfies the password rules.
pub(crate) const PASSWORD: &str = "granite lanterns over quiet water";

/// The peer address of every request.
pub(crate) const ADDRESS: [u8; 4] = [203, 0, 113, 7];

/// A server that handles requests in process, without a network.
pub(crate) struct App {
    pub(crate) service: Service,
    pub(crate) clock: Clock,
    pub(crate) entry: EntryService,
    database: Database,
}

impl App {
    /// A server with an organization that has no members.
    pub(crate) async fn start(database: Database) -> Self {
        Self::with(database, EntrySettings::default()).await
    }

    /// A server with these entry settings.
    pub(crate) async fn with(database: Database, settings: EntrySettings) -> Self {
        let ingest = ingest(&database);
        Self::open(database, settings, false, Some(ingest), None).await
    }

    /// A server that was started without ingest.
    pub(crate) async fn without_ingest(database: Database) -> Self {
        Self::open(database, EntrySettings::default(), false, None, None).await
    }

    /// A server with these ingest settings.
    pub(crate) async fn with_ingest(database: Database, ingest: IngestSettings) -> Self {
        Self::open(
            database,
            EntrySettings::default(),
            false,
            Some(ingest),
            None,
        )
        .await
    }

    /// Closes the server and opens it again on the same database, with these ingest settings.
    pub(crate) async fn restarted(self, ingest: IngestSettings) -> Self {
        self.service.close().await.unwrap();
        let Self { database, .. } = self;
        Self::with_ingest(database, ingest).await
    }

    /// The folder of the database.
    pub(crate) fn folder(&self) -> &Path {
        self.database.folder.path()
    }

    /// Reads everything that is stored.
    pub(crate) async fn dump(&self) -> String {
        self.database.dump().await
    }

    /// Reads texts directly from the database.
    pub(crate) async fn texts(&self, query: &str) -> Vec<String> {
        self.database.texts(query).await
    }

    /// Runs a statement directly on the database.
    pub(crate) async fn tamper(&self, statement: &str) {
        self.database.tamper(statement).await;
    }

    /// A server whose connectivity probes may reach private addresses.
    pub(crate) async fn allowing_private_targets(database: Database) -> Self {
        let ingest = ingest(&database);
        Self::open(database, EntrySettings::default(), true, Some(ingest), None).await
    }

    /// A server that sends mail through this SMTP server.
    pub(crate) async fn mailing(database: Database, smtp_url: &str) -> Self {
        let settings = EntrySettings {
            public_url: Some("https://countersign.example".to_owned()),
            ..EntrySettings::default()
        };
        let mail = MailSettings {
            server: MailServer::parse(smtp_url).unwrap(),
            sender: MailSender::parse("Countersign <countersign@example.com>").unwrap(),
        };
        let ingest = ingest(&database);
        Self::open(database, settings, false, Some(ingest), Some(mail)).await
    }

    async fn open(
        database: Database,
        settings: EntrySettings,
        allow_private_targets: bool,
        ingest: Option<IngestSettings>,
        mail: Option<MailSettings>,
    ) -> Self {
        let clock = Clock::standing_at(START);
        let service = Service::open(Settings {
            database_url: database.url.clone(),
            access: Access::Migrate,
            master_key: None,
            master_key_file: Some(database.folder.path().join("master.key")),
            clock: clock.clone(),
            allow_private_targets,
            aws_account_arn: None,
            checkpoint_file: None,
            keep: KeepDays::default(),
            sinks: Vec::new(),
            mail,
            idle_timeouts: IdleTimeouts::default(),
            ingest,
            operator: None,
        })
        .await
        .unwrap();
        if service.identity().needs_setup().await.unwrap() {
            let named = service
                .identity()
                .create_organization("Analytical Engines")
                .await;
            named.unwrap();
        }
        let site = Site::open(Some(database.folder.path().to_owned()));
        let entry = server::entry_service(service.clone(), settings, site).for_peer(ADDRESS.into());
        Self {
            service,
            clock,
            entry,
            database,
        }
    }

    /// A new member with this role, who signs in as `name@example.com` with [`PASSWORD`].
    pub(crate) async fn member(&self, name: &str, role: Role) -> MemberView {
        let new = NewMember {
            email: format!("{}@example.com", name.to_lowercase()),
            full_name: name.to_owned(),
            password: PASSWORD.to_owned(),
            roles: RoleSet::of(&[role]),
        };
        self.service
            .identity()
            .members()
            .create(&self.system().await, &new)
            .await
            .unwrap()
    }

    /// The system caller.
    pub(crate) async fn system(&self) -> Caller {
        self.service.system_caller().await.unwrap()
    }

    /// A signed-in browser session of this member.
    pub(crate) async fn browser(&self, member: &MemberView) -> Caller {
        let signed_in = self
            .service
            .identity()
            .sign_in(&member.email, PASSWORD, &request_meta())
            .await
            .unwrap();
        self.browser_of(&signed_in).await
    }

    /// The browser that signed in.
    pub(crate) async fn browser_of(&self, signed_in: &SignedIn) -> Caller {
        let caller = self
            .service
            .identity()
            .authenticate_session(signed_in.cookie.reveal(), request_meta())
            .await;
        caller.unwrap().expect("the browser is signed in")
    }

    /// The secret of a token that is generated on Account Settings in this browser.
    pub(crate) async fn generated_token(&self, browser: &Caller) -> String {
        let issued = self
            .service
            .tokens()
            .generate(browser, "for a test")
            .await
            .unwrap();
        issued.secret.reveal().to_owned()
    }

    /// The secret of a token that `POST /v2/session` issues to this member.
    pub(crate) async fn session_token(&self, member: &MemberView) -> String {
        let answer = self.sign_in(&member.email, PASSWORD).await;
        answer.expect(StatusCode::OK);
        answer.json()["accessToken"].as_str().unwrap().to_owned()
    }

    /// A form that a page of this session posts, with its token and these fields, such as `id=1&name=a`.
    pub(crate) async fn form(&self, signed_in: &SignedIn, path: &str, fields: &str) -> Ask<'_> {
        let caller = self.browser_of(signed_in).await;
        let token = self.service.identity().form_token(&caller, path).unwrap();
        self.post_as(signed_in, path, &format!("formToken={token}&{fields}"))
    }

    /// A form of this session with these fields, without a token.
    pub(crate) fn post_as(&self, signed_in: &SignedIn, path: &str, fields: &str) -> Ask<'_> {
        let cookie = format!("countersign_session={}", signed_in.cookie.reveal());
        self.post(path)
            .header("cookie", cookie.as_bytes())
            .header("sec-fetch-site", b"same-origin")
            .header("content-type", b"application/x-www-form-urlencoded")
            .header("accept", b"text/html")
            .body(fields.to_owned())
    }

    /// The response of `POST /v2/session`.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "email": email, "password": password });
        self.post("/v2/session").json(&body).send().await
    }

    /// The secret of a new org token with scope `API` and this role.
    pub(crate) async fn org_token(&self, name: &str, role: Role) -> String {
        self.org_token_for(name, &["API"], role).await
    }

    /// The secret of a new org token with these scopes and this role.
    pub(crate) async fn org_token_for(&self, name: &str, scopes: &[&str], role: Role) -> String {
        let given =
            serde_json::json!({"name": name, "authScopes": scopes, "roles": [role.title()]});
        let given = given.as_object().expect("an object").clone();
        let tokens = self.service.tokens().org();
        let issued = tokens.issue(&self.system().await, &given).await.unwrap();
        issued.secret.expect("the secret").as_str().to_owned()
    }
}

/// The default ingest settings, with the queue in the database's folder.
pub(crate) fn ingest(database: &Database) -> IngestSettings {
    IngestSettings {
        folder: Some(database.folder.path().join("ingest")),
        ..IngestSettings::default()
    }
}

/// The metadata of a call that bypasses HTTP.
pub(crate) fn request_meta() -> RequestMeta {
    RequestMeta {
        id: RequestId(Id::from_bits(1)),
        method: "POST".into(),
        path: "/signin".to_owned(),
        address: "198.51.100.9".into(),
        client: "a browser".into(),
    }
}
