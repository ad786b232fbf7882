//! `countersign demo`: the server over a throw-away database with something in it, to look around.

use std::path::Path;

use anyhow::Context as _;
use domain::role::{Role, RoleSet};
use service::{Clock, NewMember, Service, Settings};

use super::{say, serve};
use crate::config::Config;

/// What everybody in the demonstration signs in with.
const PASSWORD: &str = "look around and break things";

/// Who there is: name, address, role.
const PEOPLE: [(&str, &str, Role); 3] = [
    ("Ada Lovelace", "ada@example.com", Role::Admin),
    ("Grace Hopper", "grace@example.com", Role::Power),
    ("Karen Spärck Jones", "karen@example.com", Role::ReadOnly),
];

/// Fills a new database and serves until asked to stop; then the database is gone.
pub(crate) async fn run(config: Config) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new()
        .prefix("countersign-demo-")
        .tempdir()?;
    let service = open(folder.path()).await?;
    fill(&service)
        .await
        .context("the demonstration could not be made")?;
    let listener = serve::bind(config.listen).await?;
    let address = serve::announce(&listener)?;
    say(&format!("Sign in at {address}/signin as"));
    for (name, email, role) in PEOPLE {
        say(&format!("  {email}  ({name}, {})", role.label()));
    }
    say(&format!("with the password: {PASSWORD}"));
    serve::serve(&config, service, listener).await
}

async fn open(folder: &Path) -> anyhow::Result<Service> {
    let settings = Settings {
        database_url: format!("sqlite:{}", folder.join("countersign.db").display()),
        master_key_file: Some(folder.join("master.key")),
        clock: Clock::system(),
    };
    Ok(Service::open(settings).await?)
}

async fn fill(service: &Service) -> anyhow::Result<()> {
    service.create_organization("Analytical Engines").await?;
    let system = service.system_caller().await?;
    for (name, email, role) in PEOPLE {
        let new = NewMember {
            email: email.to_owned(),
            full_name: name.to_owned(),
            password: PASSWORD.to_owned(),
            roles: RoleSet::of(&[role]),
        };
        service.create_member(&system, &new).await?;
    }
    Ok(())
}
