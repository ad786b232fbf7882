//! Shared objects (docs/contract.md#shared-objects): the handlers of all their kinds. A kind is a file of this folder,
//! which implements [`SharedBody`] on the type that describes its response.

pub(crate) mod alert_muting;
pub(crate) mod archival;
pub(crate) mod data_link;
pub(crate) mod directory;
pub(crate) mod email_template;
pub(crate) mod metric_ruleset;
pub(crate) mod navigator;
pub(crate) mod slo;
pub(crate) mod template;

use axum::{Json, extract::State, http::StatusCode, response::NoContent};
use domain::{audit::event::SharedKind, objects::object::Object, platform::page::Page};
use schemars::JsonSchema;
use serde_json::Value;
use service::{ListQuery, Service};

use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    object_body::object_body,
    parameters::Parameters,
    path::ObjectId,
    response::{CreatedBody, DocumentBody, EmptyOk},
    route::Summary,
};

/// A kind of shared object, with the shapes of its requests and responses.
pub(crate) trait SharedBody: JsonSchema + Send + Sync + Sized + 'static {
    /// The fields of a request.
    type Request: JsonSchema + Send + Sync + 'static;
    /// The query parameters of the list.
    type ListParameters: JsonSchema + Send + Sync + 'static;

    const KIND: SharedKind;

    /// Returns the filters and the order of a list.
    fn query(parameters: &Parameters<Self::ListParameters>) -> Result<ListQuery, ApiError> {
        list_query(parameters)
    }

    /// Returns fields of a response that only the server sets, besides those of every object.
    fn managed(_object: &Object) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

/// Adds the routes of a kind: list, create, read, replace, delete. The kind in words is in the summaries.
macro_rules! collection {
    (
        $routes:expr, $body:ty, $path:literal, $write:expr, $one:literal, $many:literal,
        $list:expr, $create:expr, $delete:expr $(,)?
    ) => {
        $routes
            .get(
                $path,
                domain::identity::access::Access::AnyCaller,
                concat!("List ", $many),
                $list,
            )
            .create($path, $write, concat!("Create ", $one), $create)
            .get(
                concat!($path, "/{id}"),
                domain::identity::access::Access::AnyCaller,
                concat!("Read ", $one),
                $crate::api::objects::shared::find::<$body>,
            )
            .put(
                concat!($path, "/{id}"),
                $write,
                $crate::api::objects::shared::replacing::<$body>(concat!("Replace ", $one)),
                $crate::api::objects::shared::update::<$body>,
            )
            .delete(
                concat!($path, "/{id}"),
                $write,
                concat!("Delete ", $one),
                $delete,
            )
    };
}

use collection;

/// Returns what a replacement does, and that it may name an old version.
fn replacing<B: SharedBody>(line: &'static str) -> Summary {
    let summary = Summary::new(line);
    if B::KIND.is_versioned() {
        summary.or(StatusCode::CONFLICT)
    } else {
        summary
    }
}

async fn list<B: SharedBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<B::ListParameters>,
) -> Result<Json<ListBody<DocumentBody<B>>>, ApiError> {
    let query = B::query(&parameters)?;
    let page = parameters.page(DEFAULT_LIMIT);
    let objects = service.objects();
    let found = objects.list_shared(B::KIND, &caller, &query, page).await?;
    let with_webhooks = found.results.iter().collect();
    objects.record_webhook_reads(&caller, with_webhooks).await?;
    Ok(list_body(found))
}

async fn find<B: SharedBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<B>>, ApiError> {
    let objects = service.objects();
    let found = objects.find_shared(B::KIND, &caller, id).await?;
    objects.record_webhook_reads(&caller, vec![&found]).await?;
    Ok(Json(body(&found)))
}

async fn create<B: SharedBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<B::Request>,
) -> Result<Json<DocumentBody<B>>, ApiError> {
    let objects = service.objects();
    let created = objects.create_shared(B::KIND, &caller, &given).await?;
    Ok(Json(body(&created)))
}

/// Like [`create`], for kinds of which the Go client accepts only 201 (docs/contract.md#statuses).
async fn create_with_created<B: SharedBody>(
    service: State<Service>,
    caller: Authenticated,
    given: JsonBody<B::Request>,
) -> Result<CreatedBody<DocumentBody<B>>, ApiError> {
    let Json(created) = create::<B>(service, caller, given).await?;
    Ok(CreatedBody(created))
}

async fn update<B: SharedBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<B::Request>,
) -> Result<Json<DocumentBody<B>>, ApiError> {
    let objects = service.objects();
    let updated = objects.update_shared(B::KIND, &caller, id, &given).await?;
    Ok(Json(body(&updated)))
}

async fn delete<B: SharedBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    let objects = service.objects();
    objects.delete_shared(B::KIND, &caller, id).await?;
    Ok(NoContent)
}

/// Like [`delete`], for kinds of which the Go client accepts only 200 (docs/contract.md#statuses).
async fn delete_with_ok<B: SharedBody>(
    service: State<Service>,
    caller: Authenticated,
    id: ObjectId,
) -> Result<EmptyOk, ApiError> {
    let NoContent = delete::<B>(service, caller, id).await?;
    Ok(EmptyOk)
}

async fn validate<B: SharedBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<B::Request>,
) -> Result<NoContent, ApiError> {
    let objects = service.objects();
    objects.validate_shared(B::KIND, &caller, &given).await?;
    Ok(NoContent)
}

fn list_body<B: SharedBody>(found: Page<Object>) -> Json<ListBody<DocumentBody<B>>> {
    Json(found.map(|object| body(&object)).into())
}

fn body<B: SharedBody>(object: &Object) -> DocumentBody<B> {
    let mut body = object_body(object, B::KIND.defaults(), B::managed(object));
    let name = body.shift_remove("name");
    if let Some((field, name)) = B::KIND.name_field().zip(name) {
        // After the id.
        body.shift_insert(1, field.to_owned(), name);
    }
    body.into()
}
