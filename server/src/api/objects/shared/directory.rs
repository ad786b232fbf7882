//! `/v2/directory` (docs/contract.md#directory). Responses are in envelopes.

#![expect(dead_code, reason = "shapes are described and never built")]

use axum::{Json, extract::State, response::NoContent};
use domain::{identity::access::Access, objects::shared::directory::DirectoryPath};
use schemars::JsonSchema;
use serde_json::{Value, json};
use service::{DirectoryView, Service};

use super::template::{EnvelopeOf, envelope};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    path::PathInDirectory,
    response::{DocumentBody, NewOrChanged},
    routes::Routes,
};

/// The routes of the directory.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Directory",
        "A tree of paths, whose entries list templates. Paths have slashes; a space is a plus sign.",
    )
    .without_secrets()
    .get(
        "/v2/directory",
        Access::AnyCaller,
        "Read the root of the directory",
        find_root,
    )
    .get(
        "/v2/directory/{path}",
        Access::AnyCaller,
        "Read a path of the directory",
        find,
    )
    .patch(
        "/v2/directory/{path}",
        Access::Writer,
        "Create or change an entry of the directory",
        patch,
    )
    .delete(
        "/v2/directory/{path}",
        Access::Writer,
        "Delete an entry of the directory",
        delete,
    )
}

type EntryEnvelope = DocumentBody<EnvelopeOf<EntryBody, EntryBody>>;

async fn find_root(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
) -> Result<Json<EntryEnvelope>, ApiError> {
    let root = DirectoryPath::root();
    let found = service.objects().read_directory(&caller, root).await?;
    Ok(Json(envelope(entry(&found), Vec::new())))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathInDirectory(path): PathInDirectory,
) -> Result<Json<EntryEnvelope>, ApiError> {
    let found = service.objects().read_directory(&caller, path).await?;
    Ok(Json(envelope(entry(&found), Vec::new())))
}

async fn patch(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathInDirectory(path): PathInDirectory,
    given: JsonBody<EntryFields>,
) -> Result<NewOrChanged<EntryEnvelope>, ApiError> {
    let objects = service.objects();
    let (patched, is_new) = objects.patch_directory(&caller, path, &given).await?;
    let body = envelope(entry(&patched), Vec::new());
    Ok(if is_new {
        NewOrChanged::New(body)
    } else {
        NewOrChanged::Changed(body)
    })
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathInDirectory(path): PathInDirectory,
) -> Result<NoContent, ApiError> {
    service.objects().delete_directory(&caller, path).await?;
    Ok(NoContent)
}

/// Returns an entry. A path without one is empty.
fn entry(view: &DirectoryView) -> Value {
    let DirectoryView {
        path,
        entry,
        children,
    } = view;
    let stored = |field: &str| entry.as_ref().and_then(|entry| entry.document.get(field));
    let is_root = *path == DirectoryPath::root();
    let addresses = |paths: &[DirectoryPath]| -> Vec<String> {
        paths.iter().map(DirectoryPath::address).collect()
    };
    json!({
        "self": path.address(),
        "type": "#/dashify/v1/directory/Entry",
        "path": path.as_str(),
        "label": if is_root { "All dashboards" } else { path.label() },
        "templates": stored("templates").unwrap_or(&json!([])),
        "ancestors": addresses(&path.ancestors()),
        "children": addresses(children),
        "pinned": stored("pinned").unwrap_or(&json!(is_root)),
        "identity": false,
        "canonical": false,
    })
}

/// The fields of a change of an entry. Those that are absent keep their value.
#[derive(JsonSchema)]
#[schemars(rename = "DirectoryEntryGiven")]
struct EntryFields {
    /// Addresses of templates that exist.
    #[schemars(length(max = 2_000))]
    templates: Option<Vec<String>>,
    pinned: Option<bool>,
}

/// A path of the directory.
#[derive(JsonSchema)]
#[schemars(rename = "DirectoryEntry")]
pub(crate) struct EntryBody {
    #[schemars(rename = "self")]
    address: String,
    #[schemars(rename = "type")]
    kind: String,
    path: String,
    label: String,
    templates: Vec<String>,
    /// Addresses of the paths above, from the root on.
    ancestors: Vec<String>,
    /// Addresses of the paths one segment below that have an entry or lead to one.
    children: Vec<String>,
    pinned: bool,
    identity: bool,
    canonical: bool,
}
