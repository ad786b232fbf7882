//! Converts between the form of an access token and the document that the service reads.

use domain::{
    identity::actor::Caller,
    objects::permissions::{AclEntry, Principal, Right},
    platform::{document::Document, id::UserId},
};
use leptos::serde_json::{Value, json};
use service::{OrgTokenDetail, Service};

use crate::{
    error::UiError,
    model::{
        document::{from_texts, text},
        tokens::access_token_input::{AccessTokenDraft, AccessTokenInput, LIMITS},
    },
    pages::{
        objects::permissions::principals::{find_principal, users},
        tokens::org_tokens::{limits, server},
    },
    request::{Form, if_visible, parameters, report},
};

/// Creates a token and returns its id.
pub(crate) async fn create(
    service: &Service,
    caller: &Caller,
    input: &AccessTokenInput,
    scopes: &[String],
    days: &str,
) -> Result<String, UiError> {
    let mut given = document(input)?;
    let seconds = server::seconds(days, "secondsUntilExpiry")?;
    given.insert("secondsUntilExpiry".to_owned(), seconds.into());
    if scopes.is_empty() {
        return Err(UiError::rejected("authScopes", "Choose at least one."));
    }
    given.insert("authScopes".to_owned(), json!(scopes));
    given.insert("roles".to_owned(), json!([input.role]));
    let readers = readers(service, caller, input).await?;
    given.insert("permissions".to_owned(), permissions(&readers));
    let made = report(service.tokens().org().issue(caller, &given).await)?;
    Ok(made.token.id.to_string())
}

/// Updates a token. The readers are only sent when they changed, because a list from the API can hold more than the
/// form shows.
pub(crate) async fn update(
    service: &Service,
    caller: &Caller,
    id: &str,
    input: &AccessTokenInput,
) -> Result<(), UiError> {
    let found = service
        .tokens()
        .org()
        .find_detail(caller, parameters::id(id)?)
        .await;
    let token = report(found)?.org_token.token;
    let mut given = token.document.clone();
    given.extend(document(input)?);
    given.insert("disabled".to_owned(), token.disabled_at.is_some().into());
    if !input.role.is_empty() {
        given.insert("roles".to_owned(), json!([input.role]));
    }
    let readers = readers(service, caller, input).await?;
    let present = token.acl.unwrap_or_default();
    let present: Vec<_> = present.iter().map(|entry| entry.principal).collect();
    if readers.len() != present.len() || readers.iter().any(|reader| !present.contains(reader)) {
        given.insert("permissions".to_owned(), permissions(&readers));
    }
    report(
        service
            .tokens()
            .org()
            .update(caller, &token.name, &given)
            .await,
    )
    .map(drop)
}

/// The initial values of the form of this token.
pub(crate) async fn draft(
    service: &Service,
    caller: &Caller,
    found: OrgTokenDetail,
) -> Result<AccessTokenDraft, UiError> {
    let token = found.org_token.token;
    let entries = token.acl.clone().unwrap_or_default();
    let visibility = match entries.as_slice() {
        [] => "administrators",
        entries if entries.iter().any(is_all_members) => "all",
        _ => "these",
    };
    Ok(AccessTokenDraft {
        calls_api: token.auth_scopes.iter().any(|scope| scope == "API"),
        input: AccessTokenInput {
            name: token.name,
            description: text(&token.document, "description").to_owned(),
            role: token.role.title().to_owned(),
            visibility: visibility.to_owned(),
            readers: lines(service, caller, &entries).await?,
            limits: limits::of(&token.document),
        },
    })
}

fn is_all_members(entry: &AclEntry) -> bool {
    matches!(entry.principal, Principal::Organization(_))
}

/// Keeps the typed values for a rejected form.
pub(crate) fn kept(mut form: Form, input: &AccessTokenInput) -> Form {
    for (name, field, _) in LIMITS {
        if let Some(typed) = input.limits.get(*field) {
            form = form.keeping(name, typed);
        }
    }
    form.keeping("name", &input.name)
        .keeping("description", &input.description)
        .keeping("roles", &input.role)
        .keeping("visibility", &input.visibility)
        .keeping("readers", &input.readers)
}

fn document(input: &AccessTokenInput) -> Result<Document, UiError> {
    let mut given = from_texts(&[("name", &input.name), ("description", &input.description)]);
    given.insert("limits".to_owned(), limits::parse(&input.limits)?.into());
    Ok(given)
}

/// Who may see the token by this form: administrators only, all members, or the listed members and teams.
async fn readers(
    service: &Service,
    caller: &Caller,
    input: &AccessTokenInput,
) -> Result<Vec<Principal>, UiError> {
    match input.visibility.as_str() {
        "all" => return Ok(vec![Principal::Organization(caller.organization_id())]),
        "these" => {}
        "administrators" => return Ok(Vec::new()),
        _ => return Err(UiError::rejected("visibility", "Choose one.")),
    }
    let mut readers = Vec::new();
    for line in input
        .readers
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let reader = find_principal(service, caller, line).await?;
        let reader = reader.ok_or_else(|| {
            UiError::rejected("readers", format!("No member or team is called {line}."))
        })?;
        if !readers.contains(&reader) {
            readers.push(reader);
        }
    }
    if readers.is_empty() {
        return Err(UiError::rejected(
            "readers",
            "Name at least one member or team.",
        ));
    }
    Ok(readers)
}

fn permissions(readers: &[Principal]) -> Value {
    if readers.is_empty() {
        return Value::Null;
    }
    let entries = readers.iter().map(|reader| {
        let entry = AclEntry {
            principal: *reader,
            rights: vec![Right::Read],
        };
        entry.to_value()
    });
    json!({"acl": entries.collect::<Vec<_>>()})
}

/// The members and teams of a list, one per line, as the form takes them. Deleted ones are left out.
async fn lines(
    service: &Service,
    caller: &Caller,
    entries: &[AclEntry],
) -> Result<String, UiError> {
    let members = service.identity().members();
    let ids = users(entries.iter().map(|entry| entry.principal));
    let people = report(members.find_all(caller, &ids).await)?;
    let email = |id: UserId| people.iter().find(|person| person.id == id);
    let mut lines = Vec::new();
    for entry in entries {
        match entry.principal {
            Principal::User(id) => lines.extend(email(id).map(|person| person.email.clone())),
            Principal::Team(id) => {
                let found = service.identity().teams().find(caller, id.0).await;
                if let Some(team) = if_visible(found)? {
                    lines.push(team.team.name);
                }
            }
            Principal::Organization(_) => {}
        }
    }
    Ok(lines.join("\n"))
}
