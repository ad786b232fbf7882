//! `countersign token …`: user API access tokens, from the command line.

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::{identity::actor::RequestMeta, platform::id::TokenId};
use service::{Service, TokenView};

use super::{open, read_secret, say};
use crate::config::Config;

/// What can be done to tokens.
#[derive(Subcommand)]
pub(crate) enum Act {
    /// List tokens, newest first
    List {
        /// Only this user's
        #[arg(long)]
        email: Option<String>,
    },
    /// Revoke a token: by its id, by its owner, or by pasting it on standard input
    Revoke(Revoke),
}

/// Which token to revoke.
#[derive(Args)]
pub(crate) struct Revoke {
    /// The id of the token
    #[arg(long, conflicts_with = "email")]
    id: Option<String>,
    /// All of this user's
    #[arg(long)]
    email: Option<String>,
}

/// Does it.
pub(crate) async fn run(config: &Config, act: Act) -> anyhow::Result<()> {
    let service = open(config).await?;
    let done = match act {
        Act::List { email } => list(&service, email.as_deref()).await,
        Act::Revoke(which) => revoke(&service, which).await,
    };
    service.close().await?;
    done
}

async fn list(service: &Service, email: Option<&str>) -> anyhow::Result<()> {
    for view in tokens_of(service, email).await? {
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
    let ids = match which {
        Revoke { id: Some(id), .. } => vec![TokenId::parse(&id)?],
        Revoke {
            email: Some(email), ..
        } => {
            let tokens = tokens_of(service, Some(&email)).await?;
            tokens.into_iter().map(|view| view.token.id).collect()
        }
        Revoke {
            id: None,
            email: None,
        } => vec![pasted(service).await?],
    };
    let caller = service.system_caller().await?;
    for id in ids {
        service.tokens().revoke(&caller, id).await?;
        say(&format!("The token {id} is dead."));
    }
    Ok(())
}

/// The id of the token whose text is on standard input.
async fn pasted(service: &Service) -> anyhow::Result<TokenId> {
    let secret = read_secret("Token")?;
    let meta = RequestMeta {
        id: service.new_request_id(),
        method: "".into(),
        path: String::new(),
        address: "".into(),
        client: "countersign".into(),
    };
    let caller = service
        .tokens()
        .authenticate(secret.trim().as_bytes(), meta)
        .await
        .context("this is no live token")?;
    if caller.user().is_none() {
        bail!("this is an org token, which the API revokes");
    }
    let credential = caller
        .identity
        .credential
        .as_ref()
        .context("this is no live token")?;
    Ok(TokenId(credential.id))
}

async fn tokens_of(service: &Service, email: Option<&str>) -> anyhow::Result<Vec<TokenView>> {
    let mut tokens = service
        .tokens()
        .list_all(&service.system_caller().await?)
        .await?;
    if let Some(email) = email {
        let member = service
            .identity()
            .members()
            .find_by_email(email)
            .await
            .with_context(|| format!("there is no user {email}"))?;
        tokens.retain(|view| view.token.user_id == member.id);
    }
    Ok(tokens)
}
