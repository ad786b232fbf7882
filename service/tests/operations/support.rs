//! A service on a fresh database, with a manual clock and members of each role.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::{
    audit::event::ObjectType,
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
use service::{
    Access, CallRecord, Clock, Info, IngestSettings, KeepDays, MasterKey, MemberView, NewMember,
    Service, ServiceError, Settings,
};
use testbed::{Database, TAMPERED};

/// The time at which every test starts.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_798_034_709_000);

/// A password that satisfies the password rules.
pub(crate) const PASSWORD: &str = "granite lanterns over quiet water";

/// A service, its clock, and the database under it. At the end of a test that changed nothing with SQL, the rows are what
/// the audit log says.
pub(crate) struct Stage {
    pub(crate) service: Service,
    pub(crate) clock: Clock,
    /// Before the database, so that it is dropped first.
    pub(crate) states: StateCheck,
    pub(crate) database: Database,
}

/// Compares the rows with the audit log when it is dropped.
pub(crate) struct StateCheck {
    settings: Option<Settings>,
}

impl StateCheck {
    /// Compares with this key instead of that of the file.
    pub(crate) fn give_key(&mut self, key: MasterKey) {
        if let Some(settings) = &mut self.settings {
            settings.master_key = Some(key);
        }
    }
}

impl Drop for StateCheck {
    fn drop(&mut self) {
        let Some(settings) = self.settings.take() else {
            return;
        };
        let key = settings.master_key_file.clone().unwrap();
        if std::thread::panicking() || key.with_file_name(TAMPERED).exists() {
            return;
        }
        // On a thread of its own, because little of the stack of the test may be left.
        let compared = std::thread::spawn(move || testbed::run(compare(settings))).join();
        if let Err(panic) = compared {
            std::panic::resume_unwind(panic);
        }
    }
}

async fn compare(settings: Settings) {
    let service = Service::open(settings).await.unwrap();
    let verdict = service.audit().verify_states().await.unwrap();
    assert_eq!(verdict.findings, [], "rows are what the audit log says");
    assert!(!verdict.is_start_forged);
    service.close().await.unwrap();
}

impl Stage {
    /// A service with an organization that has no members.
    pub(crate) async fn set_up(database: Database) -> Self {
        let stage = Self::empty(database).await;
        stage
            .service
            .identity()
            .create_organization("Analytical Engines")
            .await
            .unwrap();
        stage
    }

    /// A service on an empty database.
    pub(crate) async fn empty(database: Database) -> Self {
        let clock = Clock::standing_at(START);
        let service = open(&database, &clock).await;
        let settings = Settings {
            access: Access::Read,
            ..settings(&database, &clock)
        };
        Self {
            service,
            clock,
            states: StateCheck {
                settings: Some(settings),
            },
            database,
        }
    }

    /// Another node on the same database.
    pub(crate) async fn another_node(&self) -> Service {
        open(&self.database, &self.clock).await
    }

    /// Advances the clock by this many milliseconds.
    pub(crate) fn pass_millis(&self, millis: i64) {
        self.clock.set(self.clock.now().plus_millis(millis));
    }

    /// A number that this query selects as text.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        let found = self.database.texts(query).await;
        found[0].parse().unwrap()
    }

    /// A new member with this role.
    pub(crate) async fn member(&self, name: &str, role: Role) -> MemberView {
        let system = self.service.system_caller().await.unwrap();
        let new = NewMember {
            email: format!(
                "{}@example.com",
                name.to_lowercase().replace(|c: char| !c.is_ascii(), "x")
            ),
            full_name: name.to_owned(),
            password: PASSWORD.to_owned(),
            roles: RoleSet::of(&[role]),
        };
        self.service
            .identity()
            .members()
            .create(&system, &new)
            .await
            .unwrap()
    }

    /// A signed-in browser session of this member.
    pub(crate) async fn browser(&self, email: &str) -> Caller {
        let signed_in = self
            .service
            .identity()
            .sign_in(email, PASSWORD, &request())
            .await
            .unwrap();
        self.service
            .identity()
            .authenticate_session(signed_in.cookie.reveal(), request())
            .await
            .unwrap()
            .expect("the browser is signed in")
    }

    /// The secret of a session token, issued as `POST /v2/session` does.
    pub(crate) async fn token(&self, email: &str) -> String {
        let (issued, _) = self
            .service
            .identity()
            .issue_session_token(email, PASSWORD, None, &request())
            .await
            .unwrap();
        issued.secret.reveal().to_owned()
    }

    /// What Info returns of an object.
    pub(crate) async fn info(
        &self,
        caller: &Caller,
        kind: ObjectType,
        id: Id,
    ) -> Result<Info, ServiceError> {
        let subject = self.service.find_subject(caller, kind, id).await?;
        self.service.audit().info(caller, subject).await
    }

    /// A new member with this role, authenticated with a session token.
    pub(crate) async fn caller(&self, name: &str, role: Role) -> Caller {
        let member = self.member(name, role).await;
        let token = self.token(&member.email).await;
        self.service
            .tokens()
            .authenticate(token.as_bytes(), request())
            .await
            .unwrap()
    }
}

async fn open(database: &Database, clock: &Clock) -> Service {
    Service::open(settings(database, clock)).await.unwrap()
}

/// The settings of a service on this database.
pub(crate) fn settings(database: &Database, clock: &Clock) -> Settings {
    Settings {
        database_url: database.url.clone(),
        access: Access::Migrate,
        master_key: None,
        master_key_file: Some(database.folder.path().join("master.key")),
        clock: clock.clone(),
        allow_private_targets: false,
        aws_account_arn: None,
        checkpoint_file: Some(database.folder.path().join("checkpoints.ndjson")),
        keep: KeepDays::default(),
        sinks: Vec::new(),
        mail: None,
        idle_timeouts: IdleTimeouts::default(),
        ingest: None,
        operator: None,
    }
}

/// The settings of a server on this database; the other settings are those of a command.
pub(crate) fn server_settings(database: &Database, clock: &Clock) -> Settings {
    let ingest = IngestSettings {
        folder: Some(database.folder.path().join("ingest")),
        ..IngestSettings::default()
    };
    Settings {
        ingest: Some(ingest),
        ..settings(database, clock)
    }
}

/// The metadata of a request from a default address.
pub(crate) fn request() -> RequestMeta {
    request_from("203.0.113.7")
}

/// The metadata of a request from this address.
pub(crate) fn request_from(address: &str) -> RequestMeta {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    RequestMeta {
        id: RequestId(Id::from_bits(NEXT.fetch_add(1, Ordering::Relaxed))),
        method: "POST".into(),
        path: "/v2/session".to_owned(),
        address: address.into(),
        client: "curl/8.5.0".into(),
    }
}

/// A successful call without a credential, made by a client of this name.
pub(crate) fn call(client: &str, at: Timestamp, number: u64) -> CallRecord {
    CallRecord {
        identity: None,
        address: Arc::from("203.0.113.7"),
        client: Arc::from(client),
        fingerprint: String::new(),
        request_id: RequestId(Id::from_bits(number)),
        method: "GET",
        route: "/v2/session",
        path: None,
        at,
        status: 200,
        duration_us: 10,
        bytes: 20,
    }
}
