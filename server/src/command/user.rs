//! `countersign user …`: creates, lists and changes members. Access to the machine is the authorization: the commands
//! act as the system.

use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::{
    identity::{
        actor::Caller,
        role::{Role, RoleSet},
    },
    platform::idempotency::{IdempotencyKey, KeyedRequest},
    tokens::token::OwnerState,
};
use service::{Access, MemberView, NewMember, OtherTokens, PasswordChange, Service};

use super::{counted, open, read_secret, say};
use crate::config::Config;

/// The commands for users.
#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Create a user, and on an empty database the organization
    Create(Create),
    /// List users
    List,
    /// Disable a user: they cannot sign in, and their tokens are rejected
    Disable {
        /// The email address of the user
        #[arg(long)]
        email: String,
    },
    /// Enable a disabled user
    Enable {
        /// The email address of the user
        #[arg(long)]
        email: String,
    },
    /// Let a user sign in again after too many failed attempts
    Unlock {
        /// The email address of the user
        #[arg(long)]
        email: String,
    },
    /// Replace the roles of a user
    SetRole {
        /// The email address of the user
        #[arg(long)]
        email: String,
        /// The new role: admin, power, usage or read_only
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Set the password of a user, read from standard input
    SetPassword {
        /// The email address of the user
        #[arg(long)]
        email: String,
        /// Revoke all tokens of the user, too; without it, tokens that scripts use stay live
        #[arg(long)]
        revoke_tokens: bool,
        /// Has no effect: the password is always read from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// The user to create.
#[derive(Args)]
pub(crate) struct Create {
    /// The email address that they sign in with
    #[arg(long)]
    email: String,
    /// Their full name
    #[arg(long)]
    name: String,
    /// Their role: admin, power, usage or read_only
    #[arg(long, value_parser = role)]
    role: Role,
    /// Has no effect: the password is always read from standard input
    #[arg(long)]
    password_stdin: bool,
    /// The name of the organization, if this is the first user
    #[arg(long, default_value = "My organization")]
    organization: String,
    /// Identifies the command for a repeat: within a day, the same command with the same key creates no second user and
    /// prints the user that the first one created
    #[arg(long, value_name = "KEY", value_parser = IdempotencyKey::parse)]
    idempotency_key: Option<IdempotencyKey>,
}

/// Runs the command.
pub(crate) async fn run(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let service = open(config, access(&command)).await?;
    let done = execute(&service, command).await;
    service.close().await?;
    done
}

/// What the command does with the database. The first user may be created before a server starts.
const fn access(command: &UserCommand) -> Access {
    match command {
        UserCommand::Create(_) => Access::SetUp,
        UserCommand::List => Access::Read,
        UserCommand::Disable { .. }
        | UserCommand::Enable { .. }
        | UserCommand::Unlock { .. }
        | UserCommand::SetRole { .. }
        | UserCommand::SetPassword { .. } => Access::Change,
    }
}

async fn execute(service: &Service, command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Create(new) => create(service, new).await,
        UserCommand::List => list(service).await,
        UserCommand::Disable { email } => {
            let member = find(service, &email).await?;
            service
                .identity()
                .members()
                .disable(&service.system_caller().await?, member.id)
                .await?;
            say(&format!("Disabled {}.", member.email));
            Ok(())
        }
        UserCommand::Enable { email } => {
            let member = find(service, &email).await?;
            service
                .identity()
                .members()
                .enable(&service.system_caller().await?, member.id)
                .await?;
            say(&format!("Enabled {}.", member.email));
            Ok(())
        }
        UserCommand::Unlock { email } => {
            let member = find(service, &email).await?;
            service
                .identity()
                .members()
                .unlock(&service.system_caller().await?, member.id)
                .await?;
            say(&format!("Unlocked {}.", member.email));
            Ok(())
        }
        UserCommand::SetRole { email, role } => {
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
        UserCommand::SetPassword {
            email,
            revoke_tokens,
            ..
        } => set_password(service, &email, OtherTokens::revoked_if(revoke_tokens)).await,
    }
}

async fn set_password(service: &Service, email: &str, others: OtherTokens) -> anyhow::Result<()> {
    let member = find(service, email).await?;
    let password = read_secret("New password")?;
    let change = service
        .identity()
        .members()
        .set_password(
            &service.system_caller().await?,
            member.id,
            &password,
            others,
        )
        .await?;
    let email = &member.email;
    let PasswordChange {
        ended_sessions,
        ended_tokens,
        live_tokens,
    } = change;
    say(&format!("{email} has a new password."));
    say(&format!(
        "Ended: {}, {}.",
        counted(ended_sessions, "session"),
        counted(ended_tokens, "token")
    ));
    if live_tokens > 0 {
        say(&format!(
            "Still live: {}. To revoke: countersign token revoke --email {email}",
            counted(live_tokens, "token")
        ));
    }
    Ok(())
}

async fn create(service: &Service, given: Create) -> anyhow::Result<()> {
    let password = read_secret("Password")?;
    let keyed = given.idempotency_key.clone().map(|key| {
        let role = given.role.title();
        let parts = [&given.email, &given.name, role, &*password].map(str::as_bytes);
        Arc::new(KeyedRequest::new(key, "user create", &parts))
    });
    let new = NewMember {
        email: given.email,
        full_name: given.name,
        password,
        roles: RoleSet::of(&[given.role]),
    };
    if service.identity().needs_setup().await? {
        service
            .identity()
            .create_organization(&given.organization)
            .await?;
        say(&format!("Created the organization {}.", given.organization));
    }
    let caller = Caller {
        keyed,
        ..service.system_caller().await?
    };
    let member = service.identity().members().create(&caller, &new).await?;
    say(&format!(
        "Created {}, {}, with the id {}.",
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
