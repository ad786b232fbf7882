//! `/v2/dimension`, `/v2/metric`, `/v2/metrictimeseries` and `/v2/tag` (docs/contract.md#metric-catalog).

mod body;
mod schema;

use axum::{Json, extract::State, response::NoContent};
use domain::{
    audit::event::CatalogKind,
    identity::{access::Access, actor::Caller},
    ingest::catalog::names::EntryName,
    platform::document::Document,
};
use service::Service;

use self::{
    body::{entry_body, series_body},
    schema::{
        CatalogParameters, DimensionBody, DimensionFields, EntryBody, MetricBody, MetricFields,
        SeriesBody, TagBody, TagFields,
    },
};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::{DEFAULT_LIMIT, ListBody},
    parameters::Parameters,
    path::{ObjectId, PathName, PathNames},
    response::DocumentBody,
    routes::Routes,
};

/// The routes of the metric catalog.
pub(crate) fn routes() -> Routes {
    let about = "The dimensions, metrics and metric time series that data was sent for, with descriptions, properties and \
        tags.";
    let routes = Routes::of("Metric catalog", about).without_secrets();
    with_tags(with_series(with_entries(routes)))
}

fn with_entries(routes: Routes) -> Routes {
    routes
        .get(
            "/v2/dimension",
            Access::AnyCaller,
            "Search dimensions",
            search::<DimensionBody>,
        )
        .get(
            "/v2/dimension/{key}/{value}",
            Access::AnyCaller,
            "Read a dimension",
            find_dimension,
        )
        .put(
            "/v2/dimension/{key}/{value}",
            Access::Writer,
            "Replace what is known of a dimension",
            put_dimension,
        )
        .get(
            "/v2/metric",
            Access::AnyCaller,
            "Search metrics",
            search::<MetricBody>,
        )
        .get(
            "/v2/metric/{name}",
            Access::AnyCaller,
            "Read a metric",
            find::<MetricBody>,
        )
        .put(
            "/v2/metric/{name}",
            Access::Writer,
            "Create or replace a metric",
            put_metric,
        )
}

fn with_series(routes: Routes) -> Routes {
    routes
        .get(
            "/v2/metrictimeseries",
            Access::AnyCaller,
            "Search metric time series",
            search_series,
        )
        .get(
            "/v2/metrictimeseries/{id}",
            Access::AnyCaller,
            "Read a metric time series",
            find_series,
        )
}

fn with_tags(routes: Routes) -> Routes {
    routes
        .get(
            "/v2/tag",
            Access::AnyCaller,
            "Search tags",
            search::<TagBody>,
        )
        .get(
            "/v2/tag/{name}",
            Access::AnyCaller,
            "Read a tag",
            find::<TagBody>,
        )
        .put(
            "/v2/tag/{name}",
            Access::Writer,
            "Create or replace a tag",
            put_tag,
        )
        .delete(
            "/v2/tag/{name}",
            Access::Writer,
            "Delete a tag, if there is one",
            delete_tag,
        )
}

async fn search<B: EntryBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<CatalogParameters>,
) -> Result<Json<ListBody<DocumentBody<B>>>, ApiError> {
    let query = parameters.find("query").unwrap_or_default();
    let page = parameters.page(DEFAULT_LIMIT);
    let ingest = service.ingest();
    let found = ingest
        .search_entries(&caller, B::KIND, query, parameters.order_by(), page)
        .await?;
    Ok(Json(found.map(|entry| entry_body(&entry)).into()))
}

async fn find<B: EntryBody>(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
) -> Result<Json<DocumentBody<B>>, ApiError> {
    found(&service, &caller, &named(B::KIND, name)).await
}

async fn find_dimension(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathNames(key, value): PathNames,
) -> Result<Json<DocumentBody<DimensionBody>>, ApiError> {
    found(&service, &caller, &EntryName::dimension(key, value)).await
}

async fn put_metric(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
    given: JsonBody<MetricFields>,
) -> Result<Json<DocumentBody<MetricBody>>, ApiError> {
    put(&service, &caller, &EntryName::metric(name), &given).await
}

async fn put_tag(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
    given: JsonBody<TagFields>,
) -> Result<Json<DocumentBody<TagBody>>, ApiError> {
    put(&service, &caller, &EntryName::tag(name), &given).await
}

async fn put_dimension(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathNames(key, value): PathNames,
    given: JsonBody<DimensionFields>,
) -> Result<Json<DocumentBody<DimensionBody>>, ApiError> {
    put(&service, &caller, &EntryName::dimension(key, value), &given).await
}

async fn delete_tag(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    PathName(name): PathName,
) -> Result<NoContent, ApiError> {
    service.ingest().delete_tag(&caller, &name).await?;
    Ok(NoContent)
}

async fn search_series(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<CatalogParameters>,
) -> Result<Json<ListBody<DocumentBody<SeriesBody>>>, ApiError> {
    let query = parameters.find("query").unwrap_or_default();
    let page = parameters.page(DEFAULT_LIMIT);
    let found = service
        .ingest()
        .search_series(&caller, query, parameters.order_by(), page)
        .await?;
    Ok(Json(found.map(|view| series_body(&view)).into()))
}

async fn find_series(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<Json<DocumentBody<SeriesBody>>, ApiError> {
    let found = service.ingest().find_series(&caller, id).await?;
    Ok(Json(series_body(&found)))
}

async fn found<B>(
    service: &Service,
    caller: &Caller,
    name: &EntryName,
) -> Result<Json<DocumentBody<B>>, ApiError> {
    let entry = service.ingest().find_entry(caller, name).await?;
    Ok(Json(entry_body(&entry)))
}

async fn put<B>(
    service: &Service,
    caller: &Caller,
    name: &EntryName,
    given: &Document,
) -> Result<Json<DocumentBody<B>>, ApiError> {
    let entry = service.ingest().put_entry(caller, name, given).await?;
    Ok(Json(entry_body(&entry)))
}

/// The name of an entry that is named by one text.
fn named(kind: CatalogKind, name: String) -> EntryName {
    EntryName {
        kind,
        name,
        value: String::new(),
    }
}
