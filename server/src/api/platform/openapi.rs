//! The API's own description: an OpenAPI 3.1 document, made of the table of routes.
//!
//! What a route's path, access and summary do not say, its handler's signature does: [`inputs`] tells what each kind of
//! argument takes and how it may be refused, [`outputs`] what each kind of answer gives. So nothing is written twice, and
//! what is not written does not compile. The document is made once, when somebody first asks for it.

mod inputs;
mod outputs;
mod refusals;

use std::sync::OnceLock;

use aide::{
    OperationInput, OperationOutput,
    generate::{GenContext, in_context},
    openapi::{
        ApiKeyLocation, Components, Info, License, OpenApi, Operation, Parameter, PathItem, Paths,
        ReferenceOr, SchemaObject, SecurityScheme, StatusCode, Tag,
    },
};
use axum::{
    body::Bytes,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use domain::identity::access::Access;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

pub(crate) use self::{
    inputs::given_in,
    refusals::{add as add_refusal, object},
};
use crate::api::platform::{
    response::JSON,
    route::{Declared, RouteSpec, Routes},
};

/// The name of the one way to say who calls, which is the header's too.
const TOKEN: &str = "X-SF-TOKEN";

const ABOUT: &str = "The control plane of Splunk Observability Cloud as its clients know it, served by Countersign. \
    Times are milliseconds since 1970 UTC. In a request `null` means \"not given\", and fields that are not described are \
    ignored. Every answer carries `X-Request-Id`.";

/// The document, for people and for tools.
#[must_use]
pub fn document() -> Value {
    let document = in_context(|context| {
        context.schema = generator(SchemaSettings::for_serialize);
        make(context, &crate::api::routes())
    });
    serde_json::to_value(document).unwrap_or_default()
}

/// The same, kept.
#[must_use]
pub fn shared() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(document)
}

/// The document as it is read: a line for each thing.
#[must_use]
pub fn text() -> String {
    format!("{:#}", shared())
}

/// `GET /openapi.json`.
pub(crate) async fn serve() -> Response {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = TEXT.get_or_init(|| shared().to_string().into());
    let headers = [
        (CONTENT_TYPE, JSON),
        (CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    (headers, text.clone()).into_response()
}

/// Adds to an operation what a handler's signature says of it.
pub(crate) fn describe<I, O>(context: &mut GenContext, operation: &mut Operation)
where
    I: OperationInput,
    O: OperationOutput,
{
    I::operation_input(context, operation);
    for (status, mut response) in O::inferred_responses(context, operation) {
        if response.description.is_empty() {
            response.description = "What was asked for.".to_owned();
        }
        let status = StatusCode::Code(status.unwrap_or(200));
        let responses = &mut operation.responses.get_or_insert_default().responses;
        responses.insert(status, ReferenceOr::Item(response));
    }
}

/// A generator of schemas of JSON Schema 2020-12, which is that of OpenAPI 3.1.
fn generator(contract: impl FnOnce(SchemaSettings) -> SchemaSettings) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    contract(settings).into_generator()
}

fn make(context: &mut GenContext, routes: &Routes) -> OpenApi {
    let mut paths = Paths::default();
    let mut tags: Vec<Tag> = Vec::new();
    for declared in routes.declared() {
        let subject = declared.subject;
        if tags.iter().all(|tag| tag.name != subject.name) {
            tags.push(Tag {
                name: subject.name.to_owned(),
                description: Some(subject.description.to_owned()),
                ..Tag::default()
            });
        }
        let operation = operation(context, declared);
        let path = paths.paths.entry(declared.spec.path.to_owned());
        let path = path.or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = path {
            *slot(item, declared.spec.method) = Some(operation);
        }
    }
    OpenApi {
        info: Info {
            title: "Countersign".to_owned(),
            description: Some(ABOUT.to_owned()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            license: Some(License {
                name: "Apache-2.0".to_owned(),
                identifier: Some("Apache-2.0".to_owned()),
                ..License::default()
            }),
            ..Info::default()
        },
        paths: Some(paths),
        components: Some(components(context)),
        tags,
        ..OpenApi::default()
    }
}

fn operation(context: &mut GenContext, declared: &Declared) -> Operation {
    let spec = declared.spec;
    let mut operation = Operation {
        tags: vec![declared.subject.name.to_owned()],
        summary: Some(declared.summary.line.to_owned()),
        description: Some(refusals::who(spec.access).to_owned()),
        operation_id: Some(operation_id(spec)),
        ..Operation::default()
    };
    (declared.describe)(context, &mut operation);
    name_path_parameters(&mut operation, spec.path);
    for status in refusals::of_access(spec.access) {
        refusals::add(&mut operation, *status);
    }
    for status in &declared.summary.refusals {
        refusals::add(&mut operation, status.as_u16());
    }
    if spec.access != Access::Public {
        operation.security = vec![[(TOKEN.to_owned(), Vec::new())].into_iter().collect()];
    }
    if let Some(responses) = &mut operation.responses {
        responses.responses.sort_unstable_keys();
    }
    operation
}

/// `GET /v2/team/{id}/members` is `get_team_id_members`: unique, and the same as long as the route is.
fn operation_id(spec: RouteSpec) -> String {
    let words = spec.path.split('/').skip(2);
    let words = words.map(|word| word.trim_matches(['{', '}']).replace('-', "_"));
    let words: Vec<String> = std::iter::once(spec.method.to_lowercase())
        .chain(words)
        .collect();
    words.join("_")
}

/// Arguments take a path's variables in their order; the path has their names.
fn name_path_parameters(operation: &mut Operation, path: &str) {
    let mut names = path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    for parameter in &mut operation.parameters {
        if let ReferenceOr::Item(Parameter::Path { parameter_data, .. }) = parameter {
            parameter_data.name = names.next().unwrap_or_default().to_owned();
        }
    }
}

fn slot<'a>(item: &'a mut PathItem, method: &str) -> &'a mut Option<Operation> {
    match method {
        "POST" => &mut item.post,
        "PUT" => &mut item.put,
        "PATCH" => &mut item.patch,
        "DELETE" => &mut item.delete,
        _ => &mut item.get,
    }
}

fn components(context: &mut GenContext) -> Components {
    let responses = refusals::all(context);
    let mut schemas: Vec<_> = context.schema.take_definitions(true).into_iter().collect();
    schemas.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let schemas = schemas.into_iter().filter_map(|(name, schema)| {
        let json_schema = schema.try_into().ok()?;
        let schema = SchemaObject {
            json_schema,
            external_docs: None,
            example: None,
        };
        Some((name, schema))
    });
    let token = SecurityScheme::ApiKey {
        location: ApiKeyLocation::Header,
        name: TOKEN.to_owned(),
        description: Some(
            "A user API access token, or an org token: with the scope API to call, with INGEST to send data.".to_owned(),
        ),
        extensions: [].into_iter().collect(),
    };
    Components {
        schemas: schemas.collect(),
        responses,
        security_schemes: [(TOKEN.to_owned(), ReferenceOr::Item(token))]
            .into_iter()
            .collect(),
        ..Components::default()
    }
}
