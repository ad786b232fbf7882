//! Shared objects (docs/contract.md#shared-objects): the handlers of all their kinds. A kind is a file of this folder,
//! which implements [`SharedBody`] on the type that describes its response.

pub(crate) mod alert_muting;
pub(crate) mod data_link;
pub(crate) mod slo;

use axum::{Json, extract::State, response::NoContent};
use domain::{audit::event::SharedKind, objects::object::Object, platform::page::Page};
use schemars::JsonSchema;
use service::{ListQuery, Service};

use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    object_body::object_body,
    parameters::Parameters,
    path::ObjectId,
    response::{CreatedBody, DocumentBody},
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
    let mut body = object_body(object, B::KIND.defaults(), []);
    if !B::KIND.has_name() {
        body.shift_remove("name");
    }
    body.into()
}
