//! `countersign token …`: lists and revokes user API access tokens.

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::{
    identity::actor::RequestMeta,
    platform::{
        id::{TokenId, UserId},
        limits,
    },
};
use service::{Access, Service, TokenView};

use super::{open, read_secret, say};
use crate::config::Config;

/// The commands for tokens.
#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// List tokens, newest first, at most 10,000
    List {
        /// Only the tokens of the user with this email address
        #[arg(long)]
        email: Option<String>,
    },
    /// Revoke tokens: one by its id, all of a user, or one whose text is on standard input
    Revoke(Revoke),
}

/// Which tokens to revoke.
#[derive(Args)]
pub(crate) struct Revoke {
    /// The id of the token
    #[arg(long, conflicts_with = "email")]
    id: Option<String>,
    /// All live tokens of the user with this email address; fails if the user has no live token
    #[arg(long)]
    email: Option<String>,
}

/// Runs the command.
pub(crate) async fn run(config: &Config, command: TokenCommand) -> anyhow::Result<()> {
    let access = match command {
        TokenCommand::List { .. } => Access::Read,
        TokenCommand::Revoke(_) => Access::Change,
    };
    let service = open(config, access).await?;
    let done = match command {
        TokenCommand::List { email } => list(&service, email.as_deref()).await,
        TokenCommand::Revoke(which) => revoke(&service, which).await,
    };
    service.close().await?;
    done
}

async fn list(service: &Service, email: Option<&str>) -> anyhow::Result<()> {
    let tokens = tokens(service, email).await?;
    if i64::try_from(tokens.len()).is_ok_and(|listed| listed >= limits::PAGE_OBJECTS) {
        tracing::warn!(
            listed = tokens.len(),
            "Only the newest tokens are listed. Use --email to list those of one user."
        );
    }
    for view in tokens {
        let TokenView {
            token,
            state,
            owner_email,
            ..
        } = view;
        say(&format!(
            "{}  {}…{}  {owner_email}  {}  ends {}  {}",
            token.id,
            token.prefix,
            token.last4,
            state.words(),
            token.expires_at.to_rfc3339(),
            token.name,
        ));
    }
    Ok(())
}

async fn revoke(service: &Service, which: Revoke) -> anyhow::Result<()> {
    match which {
        Revoke {
            email: Some(email), ..
        } => revoke_all_of(service, &email).await,
        Revoke { id: Some(id), .. } => revoke_one(service, TokenId::parse(&id)?).await,
        Revoke { id: None, .. } => revoke_one(service, pasted(service).await?).await,
    }
}

async fn revoke_one(service: &Service, id: TokenId) -> anyhow::Result<()> {
    let caller = service.system_caller().await?;
    service.tokens().revoke(&caller, id).await?;
    say(&format!("Revoked the token {id}."));
    Ok(())
}

async fn revoke_all_of(service: &Service, email: &str) -> anyhow::Result<()> {
    let user_id = user(service, email).await?;
    let caller = service.system_caller().await?;
    match service
        .tokens()
        .revoke_all_of_user(&caller, user_id)
        .await?
    {
        0 => bail!("{email} has no live tokens"),
        1 => say(&format!("Revoked 1 token of {email}.")),
        count => say(&format!("Revoked {count} tokens of {email}.")),
    }
    Ok(())
}

/// The id of the token whose text is on standard input.
async fn pasted(service: &Service) -> anyhow::Result<TokenId> {
    let secret = read_secret("Token")?;
    let meta = RequestMeta::of_system(service.new_request_id(), RequestMeta::client_of(None));
    let caller = service
        .tokens()
        .authenticate(secret.trim().as_bytes(), meta)
        .await
        .context("this is not a live user token")?;
    if caller.user().is_none() {
        bail!("this is an org token; it is revoked over the API");
    }
    let credential = caller
        .identity
        .credential
        .as_ref()
        .context("this is not a live user token")?;
    Ok(TokenId(credential.id))
}

async fn tokens(service: &Service, email: Option<&str>) -> anyhow::Result<Vec<TokenView>> {
    let caller = service.system_caller().await?;
    let tokens = match email {
        Some(email) => {
            let user_id = user(service, email).await?;
            service.tokens().list_of_user(&caller, user_id).await?
        }
        None => service.tokens().list_all(&caller).await?,
    };
    Ok(tokens)
}

async fn user(service: &Service, email: &str) -> anyhow::Result<UserId> {
    let found = service.identity().members().find_by_email(email).await;
    let member = found.with_context(|| format!("there is no user {email}"))?;
    Ok(member.id)
}
