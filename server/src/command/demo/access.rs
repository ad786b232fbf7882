//! Members of the demonstration, how they sign in, and the tokens they and their scripts use.

use anyhow::Context as _;
use domain::{
    identity::{
        actor::{Caller, RequestMeta},
        role::RoleSet,
    },
    platform::id::UserId,
};
use serde_json::json;
use service::{NewMember, Service};

use super::{
    objects::document,
    people::{ADA, BROWSER, CURL, GRACE, KAREN, PASSWORD, Person},
};

/// Creates the organization and its members. Returns the ids of those who are not administrators.
pub(super) async fn create_organization(service: &Service) -> anyhow::Result<[UserId; 2]> {
    let identity = service.identity();
    identity.create_organization("Analytical Engines").await?;
    join(service, &ADA).await?;
    Ok([join(service, &GRACE).await?, join(service, &KAREN).await?])
}

async fn join(service: &Service, person: &Person) -> anyhow::Result<UserId> {
    let new = NewMember {
        email: person.email.to_owned(),
        full_name: person.name.to_owned(),
        password: PASSWORD.to_owned(),
        roles: RoleSet::of(&[person.role]),
    };
    let system = service.system_caller().await?;
    let member = service.identity().members().create(&system, &new).await?;
    Ok(member.id)
}

/// Signs a member in to a browser.
pub(super) async fn browser(
    service: &Service,
    person: &Person,
    address: &str,
) -> anyhow::Result<Caller> {
    let identity = service.identity();
    let meta = meta(service, "/signin", address, BROWSER);
    let signed_in = identity.sign_in(person.email, PASSWORD, &meta).await?;
    let cookie = signed_in.cookie.reveal();
    let caller = identity.authenticate_session(cookie, meta).await?;
    caller.context("the browser is signed in")
}

/// A script with a token that a member got by email address and password. Also returns the token's text.
pub(super) async fn script(
    service: &Service,
    person: &Person,
    address: &str,
    client: &str,
) -> anyhow::Result<(Caller, String)> {
    let meta = meta(service, "/v2/session", address, client);
    let (issued, _) = service
        .identity()
        .issue_session_token(person.email, PASSWORD, None, &meta)
        .await?;
    with_token(service, issued.secret.reveal(), address, client).await
}

/// A script with a token that was generated in this browser. Also returns the token's text.
pub(super) async fn script_of_browser(
    service: &Service,
    browser: &Caller,
    token_name: &str,
) -> anyhow::Result<(Caller, String)> {
    let issued = service.tokens().generate(browser, token_name).await?;
    let address = &browser.request.address;
    with_token(service, issued.secret.reveal(), address, CURL).await
}

async fn with_token(
    service: &Service,
    secret: &str,
    address: &str,
    client: &str,
) -> anyhow::Result<(Caller, String)> {
    let meta = meta(service, "/v2/dashboard", address, client);
    let tokens = service.tokens();
    let caller = tokens.authenticate(secret.as_bytes(), meta).await?;
    Ok((caller, secret.to_owned()))
}

fn meta(service: &Service, path: &str, address: &str, client: &str) -> RequestMeta {
    RequestMeta {
        id: service.new_request_id(),
        method: "POST".into(),
        path: path.to_owned(),
        address: address.into(),
        client: client.into(),
    }
}

/// Issues an org token with the role `power` and returns its secret.
pub(super) async fn issue_org_token(service: &Service) -> anyhow::Result<String> {
    let system = service.system_caller().await?;
    let given = document(json!({"name": "ci", "authScopes": ["API"], "roles": ["power"]}));
    let issued = service.tokens().org().issue(&system, &given).await?;
    let secret = issued.secret.context("the system may read the secret")?;
    Ok(secret.as_str().to_owned())
}
