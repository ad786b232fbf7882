//! `/v2/template` (docs/contract.md#templates). Responses are in envelopes.

use axum::{Json, extract::State, response::NoContent};
use domain::{
    audit::event::SharedKind,
    identity::access::Access,
    objects::{
        object::Object,
        shared::template::{ROOT_ELEMENTS, address_of},
    },
    platform::{document::Document, id::Id, page::OffsetPage},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use service::{Service, TemplateSearch, TemplateView};

use self::schema::{
    Envelope, ImportParameters, PageBody, SearchParameters, TemplateBody, TemplateFields,
};
use crate::api::platform::{
    body::JsonBody,
    caller::Authenticated,
    error::ApiError,
    list::DEFAULT_LIMIT,
    parameters::Parameters,
    path::ObjectId,
    response::{CreatedBody, DocumentBody},
    routes::Routes,
};

mod schema;

pub(super) use schema::Envelope as EnvelopeOf;

/// The largest number of templates in a page: each may have as many bytes as a request.
const MOST_IN_PAGE: i64 = 200;

/// The routes of templates.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Templates",
        "Documents that dashboards and charts are made of. They are stored and not rendered.",
    )
    .without_secrets()
    .get(
        "/v2/template",
        Access::AnyCaller,
        "Search for templates",
        search,
    )
    .create("/v2/template", Access::Writer, "Create a template", create)
    .get(
        "/v2/template/{id}",
        Access::AnyCaller,
        "Read a template",
        find,
    )
    .put(
        "/v2/template/{id}",
        Access::Writer,
        "Replace a template",
        update,
    )
    .delete(
        "/v2/template/{id}",
        Access::Writer,
        "Delete a template",
        delete,
    )
}

const KIND: SharedKind = SharedKind::Template;

type OneBody = DocumentBody<Envelope<TemplateBody, TemplateBody>>;

async fn search(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<SearchParameters>,
) -> Result<Json<DocumentBody<Envelope<PageBody, TemplateBody>>>, ApiError> {
    let search = search_of(&parameters)?;
    let mut page = OffsetPage::parse(
        parameters.find("size"),
        parameters.find("offset"),
        DEFAULT_LIMIT,
    );
    page.limit = page.limit.min(MOST_IN_PAGE);
    let objects = service.objects();
    let found = objects.search_templates(&caller, &search, page).await?;
    let mut included: Vec<Value> = found.results.iter().map(template).collect();
    if wants_imports(&parameters)? {
        let imported = objects.imported_templates(&caller, &found.results).await?;
        included.extend(imported.iter().map(template));
    }
    let data = json!({
        "type": "#/dashify/v1/common/Collection",
        "self": address(&parameters, page, page.offset),
        "next": page.next_offset(found.count).map(|offset| address(&parameters, page, offset)),
        "prev": page.previous_offset().map(|offset| address(&parameters, page, offset)),
        "count": found.count,
        "items": found.results.iter().map(|view| address_of(view.template.id)).collect::<Vec<_>>(),
    });
    Ok(Json(envelope(data, included)))
}

async fn create(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    given: JsonBody<TemplateFields>,
) -> Result<CreatedBody<OneBody>, ApiError> {
    let created = service
        .objects()
        .create_shared(KIND, &caller, &given)
        .await?;
    Ok(CreatedBody(one(&service, created).await?))
}

async fn find(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    parameters: Parameters<ImportParameters>,
) -> Result<Json<OneBody>, ApiError> {
    let objects = service.objects();
    let with_imports = wants_imports(&parameters)?;
    let found = vec![objects.find_template(&caller, id).await?];
    let included = if with_imports {
        objects.imported_templates(&caller, &found).await?
    } else {
        Vec::new()
    };
    let data = found.first().map_or(Value::Null, template);
    Ok(Json(envelope(
        data,
        included.iter().map(template).collect(),
    )))
}

async fn update(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
    given: JsonBody<TemplateFields>,
) -> Result<Json<OneBody>, ApiError> {
    let objects = service.objects();
    let updated = objects.update_shared(KIND, &caller, id, &given).await?;
    Ok(Json(one(&service, updated).await?))
}

async fn delete(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    ObjectId(id): ObjectId,
) -> Result<NoContent, ApiError> {
    service.objects().delete_shared(KIND, &caller, id).await?;
    Ok(NoContent)
}

async fn one(service: &Service, stored: Object) -> Result<OneBody, ApiError> {
    let views = service.objects().view_templates(vec![stored]).await?;
    let data = views.first().map_or(Value::Null, template);
    Ok(envelope(data, Vec::new()))
}

/// Returns the body of a response: the result and what it refers to.
pub(super) fn envelope<B>(data: Value, included: Vec<Value>) -> DocumentBody<B> {
    let mut body = Document::new();
    body.insert("data".to_owned(), data);
    body.insert("errors".to_owned(), json!([]));
    body.insert("includes".to_owned(), Value::Array(included));
    body.into()
}

/// Returns a template. The datasource is stored and not returned (docs/contract.md#templates).
fn template(view: &TemplateView) -> Value {
    let TemplateView {
        template,
        listed_at,
    } = view;
    let field = |name: &str| template.document.get(name).unwrap_or(&Value::Null);
    let metadata = field("metadata");
    let imports = metadata.get("imports").cloned();
    let listed_at: Vec<String> = listed_at.iter().map(|path| path.address()).collect();
    json!({
        "id": template.id,
        "self": address_of(template.id),
        "type": field("type"),
        "title": template.name,
        "spec": field("spec"),
        "metadata": {
            "rootElement": metadata.get("rootElement"),
            "imports": imports.unwrap_or_else(|| json!([])),
        },
        "signalview": field("signalview"),
        "directoryEntries": listed_at,
        "createdAt": template.created.at.to_rfc3339(),
        "createdBy": template.created.by.actor_id,
        "updatedAt": template.updated.at.to_rfc3339(),
        "updatedBy": template.updated.by.actor_id,
    })
}

fn search_of(parameters: &Parameters<SearchParameters>) -> Result<TemplateSearch, ApiError> {
    let all = |name| parameters.all(name).map(str::to_owned).collect::<Vec<_>>();
    let root_elements = all("rootElement");
    if root_elements
        .iter()
        .any(|root| !ROOT_ELEMENTS.contains(&root.as_str()))
    {
        let words = ROOT_ELEMENTS.join(", ");
        return Err(ApiError::bad_request(format!(
            "rootElement: must be one of {words}"
        )));
    }
    let ids: Result<Vec<Id>, _> = parameters.all("id").map(Id::parse).collect();
    Ok(TemplateSearch {
        text: parameters.find("search").unwrap_or_default().to_owned(),
        root_elements,
        ids: ids?,
        titles: all("title"),
        order_by: parameters.order_by().to_owned(),
    })
}

fn wants_imports<P>(parameters: &Parameters<P>) -> Result<bool, ApiError> {
    match parameters.find("import") {
        None => Ok(false),
        Some("ALL_CHILDREN") => Ok(true),
        Some(_) => Err(ApiError::bad_request("import: must be ALL_CHILDREN")),
    }
}

/// Returns the address of a page of a search.
fn address(parameters: &Parameters<SearchParameters>, page: OffsetPage, offset: i64) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let kept = parameters.given().iter();
    let kept = kept.filter(|(name, _)| name != "offset" && name != "size");
    let kept = kept.map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let own = [format!("offset={offset}"), format!("size={}", page.limit)];
    let query: Vec<String> = kept.chain(own).collect();
    format!("/v2/template?{}", query.join("&"))
}
