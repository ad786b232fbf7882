//! The handlers that object kinds share: list, find, create, update, delete and validate.
//!
//! A kind implements [`ObjectKind`] on the type that describes its response, and its routes name the handlers:
//! `.get("/v2/chart/{id}", …, find::<Chart>)`. Where a kind differs, it has a handler of its own.

use axum::{Json, extract::State, response::NoContent};
use domain::{
    identity::actor::Caller,
    objects::object::Object,
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
    },
};
use schemars::JsonSchema;
use service::{ListQuery, Service, ServiceError, Validation};

use super::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody, list_query},
    parameters::Parameters,
    path::ObjectId,
    response::{DocumentBody, EmptyOk},
    schema::{ToCreate, ToUpdate, ValidationParameters},
};

/// The future of a service operation.
pub(crate) trait Operation<T>: Future<Output = Result<T, ServiceError>> + Send {}

impl<T, F: Future<Output = Result<T, ServiceError>> + Send> Operation<T> for F {}

/// A kind of object: its operations in the service, and the shapes of its requests and responses.
///
/// The implementing type is the shape of the response.
pub(crate) trait ObjectKind: JsonSchema + Send + Sync + Sized + 'static {
    /// The fields of a request, besides the name.
    type Fields: JsonSchema + Send + Sync + 'static;
    /// The query parameters of the list.
    type ListParameters: JsonSchema + Send + Sync + 'static;
    /// What the service returns for an object.
    type View: Send;

    /// Objects in a page of the list when the request has no limit.
    const DEFAULT_LIMIT: i64 = DEFAULT_LIMIT;

    /// Returns the body of a response.
    fn body(view: &Self::View) -> DocumentBody<Self>;

    /// The object, if its kind has notifications, which may contain secrets.
    fn with_notifications(_view: &Self::View) -> Option<&Object> {
        None
    }

    fn list(
        service: &Service,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> impl Operation<Page<Self::View>>;

    fn find(service: &Service, caller: &Caller, id: Id) -> impl Operation<Self::View>;

    fn create(service: &Service, caller: &Caller, given: &Document) -> impl Operation<Self::View>;

    fn update(
        service: &Service,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> impl Operation<Self::View>;

    fn delete(service: &Service, caller: &Caller, id: Id) -> impl Operation<()>;
}

/// Implements the operations of an [`ObjectKind`] with methods of the handle that has its objects, in the order of the
/// trait: `operations!(objects: list_charts, find_chart, …)`.
macro_rules! operations {
    (
        $room:ident $(.$handle:ident)?:
        $list:ident, $find:ident, $create:ident $(($option:expr))?, $update:ident, $delete:ident
    ) => {
        async fn list(
            service: &service::Service,
            caller: &domain::identity::actor::Caller,
            query: &service::ListQuery,
            page: domain::platform::page::OffsetPage,
        ) -> Result<domain::platform::page::Page<Self::View>, service::ServiceError> {
            service.$room()$(.$handle())?.$list(caller, query, page).await
        }

        async fn find(
            service: &service::Service,
            caller: &domain::identity::actor::Caller,
            id: domain::platform::id::Id,
        ) -> Result<Self::View, service::ServiceError> {
            service.$room()$(.$handle())?.$find(caller, id).await
        }

        async fn create(
            service: &service::Service,
            caller: &domain::identity::actor::Caller,
            given: &domain::platform::document::Document,
        ) -> Result<Self::View, service::ServiceError> {
            service.$room()$(.$handle())?.$create(caller, given $(, $option)?).await
        }

        async fn update(
            service: &service::Service,
            caller: &domain::identity::actor::Caller,
            id: domain::platform::id::Id,
            given: &domain::platform::document::Document,
        ) -> Result<Self::View, service::ServiceError> {
            service.$room()$(.$handle())?.$update(caller, id, given).await
        }

        async fn delete(
            service: &service::Service,
            caller: &domain::identity::actor::Caller,
            id: domain::platform::id::Id,
        ) -> Result<(), service::ServiceError> {
            service.$room()$(.$handle())?.$delete(caller, id).await
        }
    };
}
pub(crate) use operations;

/// A kind whose objects can be validated without being created.
pub(crate) trait Validated: ObjectKind {
    /// Kinds whose parts are not validated ignore the mode.
    fn validate(
        service: &Service,
        caller: &Caller,
        given: &Document,
        mode: Validation,
    ) -> impl Operation<()>;
}

pub(crate) async fn list<K: ObjectKind>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<K::ListParameters>,
) -> Result<Json<ListBody<DocumentBody<K>>>, ApiError> {
    let query = list_query(&parameters)?;
    let page = parameters.page(K::DEFAULT_LIMIT);
    let found = K::list(&service, &caller, &query, page).await?;
    let objects = found.results.iter().filter_map(K::with_notifications);
    service
        .objects()
        .record_webhook_reads(&caller, objects.collect())
        .await?;
    Ok(Json(found.map(|view| K::body(&view)).into()))
}

pub(crate) async fn find<K: ObjectKind>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<K>>, ApiError> {
    let found = K::find(&service, &caller, id).await?;
    let object = K::with_notifications(&found).into_iter();
    service
        .objects()
        .record_webhook_reads(&caller, object.collect())
        .await?;
    Ok(Json(K::body(&found)))
}

pub(crate) async fn create<K: ObjectKind>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<K::Fields>>,
) -> Result<Json<DocumentBody<K>>, ApiError> {
    let created = K::create(&service, &caller, &given).await?;
    Ok(Json(K::body(&created)))
}

pub(crate) async fn update<K: ObjectKind>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<ToUpdate<K::Fields>>,
) -> Result<Json<DocumentBody<K>>, ApiError> {
    let updated = K::update(&service, &caller, id, &given).await?;
    Ok(Json(K::body(&updated)))
}

pub(crate) async fn delete<K: ObjectKind>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    K::delete(&service, &caller, id).await?;
    Ok(NoContent)
}

/// Like [`delete`], for kinds of which the Go client accepts only 200 (docs/contract.md#statuses).
pub(crate) async fn delete_with_ok<K: ObjectKind>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<EmptyOk, ApiError> {
    K::delete(&service, &caller, id).await?;
    Ok(EmptyOk)
}

pub(crate) async fn validate<K: Validated>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<ToCreate<K::Fields>>,
) -> Result<NoContent, ApiError> {
    K::validate(&service, &caller, &given, Validation::Full).await?;
    Ok(NoContent)
}

/// Like [`validate`], for kinds whose request may choose the mode.
pub(crate) async fn validate_in_mode<K: Validated>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<ValidationParameters>,
    given: JsonBody<ToCreate<K::Fields>>,
) -> Result<NoContent, ApiError> {
    let mode = Validation::parse(parameters.find("validationMode"))?;
    K::validate(&service, &caller, &given, mode).await?;
    Ok(NoContent)
}
