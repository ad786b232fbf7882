//! `countersign user …`: members, from the command line. Whoever reaches it owns the machine, so it asks no further.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::{
    identity::role::{Role, RoleSet},
    tokens::token::OwnerState,
};
use service::{MemberView, NewMember, Service};

use super::{open, read_secret, say};
use crate::config::Config;

/// What can be done to users.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// Make a user; on an empty database the organization too
    Create(Create),
    /// List the users
    List,
    /// Keep a user from signing in and acting; their tokens are dead while it lasts
    Disable {
        /// Whose
        #[arg(long)]
        email: String,
    },
    /// Let a disabled user sign in and act again
    Enable {
        /// Whose
        #[arg(long)]
        email: String,
    },
    /// Give a user this role instead of those they have
    SetRole {
        /// Whose
        #[arg(long)]
        email: String,
        /// Which
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Give a user another password; it is read from standard input
    SetPassword {
        /// Whose
        #[arg(long)]
        email: String,
        /// Accepted for scripts: the password is read from standard input in any case
        #[arg(long)]
        password_stdin: bool,
    },
}

/// A user to make.
#[derive(Args)]
pub(crate) struct Create {
    /// What they sign in with
    #[arg(long)]
    email: String,
    /// Their full name
    #[arg(long)]
    name: String,
    /// What they may do: admin, power, usage or read_only
    #[arg(long, value_parser = role)]
    role: Role,
    /// Read the password from standard input, which is also what happens without a terminal
    #[arg(long)]
    password_stdin: bool,
    /// The organization's name, when this user is the first
    #[arg(long, default_value = "My organization")]
    organization: String,
}

/// Does it.
pub(crate) async fn run(config: &Config, act: Act) -> anyhow::Result<()> {
    let service = open(config).await?;
    let done = act_on(&service, act).await;
    service.close().await?;
    done
}

async fn act_on(service: &Service, act: Act) -> anyhow::Result<()> {
    match act {
        Act::Create(create) => make(service, create).await,
        Act::List => list(service).await,
        Act::Disable { email } => {
            let member = find(service, &email).await?;
            service
                .identity()
                .members()
                .disable(&service.system_caller().await?, member.id)
                .await?;
            say(&format!("Disabled {}.", member.email));
            Ok(())
        }
        Act::Enable { email } => {
            let member = find(service, &email).await?;
            service
                .identity()
                .members()
                .enable(&service.system_caller().await?, member.id)
                .await?;
            say(&format!("Enabled {}.", member.email));
            Ok(())
        }
        Act::SetRole { email, role } => {
            let member = find(service, &email).await?;
            let caller = service.system_caller().await?;
            service
                .identity()
                .members()
                .set_roles(&caller, member.id, RoleSet::of(&[role]))
                .await?;
            say(&format!("{} is now {role}.", member.email));
            Ok(())
        }
        Act::SetPassword { email, .. } => {
            let member = find(service, &email).await?;
            let password = read_secret("New password")?;
            service
                .identity()
                .members()
                .set_password(&service.system_caller().await?, member.id, &password)
                .await?;
            say(&format!(
                "{} has a new password and is signed out everywhere.",
                member.email
            ));
            Ok(())
        }
    }
}

async fn make(service: &Service, create: Create) -> anyhow::Result<()> {
    let password = read_secret("Password")?;
    let new = NewMember {
        email: create.email,
        full_name: create.name,
        password,
        roles: RoleSet::of(&[create.role]),
    };
    if service.identity().needs_setup().await? {
        service
            .identity()
            .create_organization(&create.organization)
            .await?;
        say(&format!("Made the organization {}.", create.organization));
    }
    let member = service
        .identity()
        .members()
        .create(&service.system_caller().await?, &new)
        .await?;
    say(&format!(
        "Made {}, {}, with the id {}.",
        member.email,
        member.roles.to_titles(),
        member.id
    ));
    Ok(())
}

async fn list(service: &Service) -> anyhow::Result<()> {
    let members = service
        .identity()
        .members()
        .list(&service.system_caller().await?)
        .await?;
    for member in members {
        let state = match member.state {
            OwnerState::Active => "",
            OwnerState::Disabled => "  disabled",
            OwnerState::Removed => "  removed",
        };
        let MemberView {
            id,
            email,
            full_name,
            roles,
            ..
        } = member;
        say(&format!(
            "{id}  {email}  {full_name}  {}{state}",
            roles.to_titles()
        ));
    }
    Ok(())
}

async fn find(service: &Service, email: &str) -> anyhow::Result<MemberView> {
    service
        .identity()
        .members()
        .find_by_email(email)
        .await
        .with_context(|| format!("there is no user {email}"))
}

fn role(title: &str) -> Result<Role, String> {
    Role::from_title(title).ok_or_else(|| "a role is admin, power, usage or read_only".to_owned())
}
