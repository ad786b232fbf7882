//! Renders a table of routes as an OpenAPI document.

use aide::{
    generate::{GenContext, in_context},
    openapi::{
        ApiKeyLocation, Components, Info, License, OpenApi, Operation, Parameter, PathItem, Paths,
        ReferenceOr, SecurityScheme, Tag,
    },
};
use domain::identity::access::Access;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{
    errors,
    generator::{generator, schema_object},
    inputs,
};
use crate::api::platform::{
    route::{DeclaredRoute, RouteSpec},
    routes::Routes,
};

/// The name of the only security scheme, and of its header.
const TOKEN: &str = "X-SF-TOKEN";

const ABOUT: &str = "The control plane of Splunk Observability Cloud as its clients use it, served by Countersign. \
    Times are milliseconds since 1970 UTC. In a request `null` means \"not given\", and fields that are not described are \
    ignored. Every response has `X-Request-Id`.";

/// Returns the document.
pub(crate) fn render(routes: &Routes) -> Value {
    let document = in_context(|context| {
        context.schema = generator(SchemaSettings::for_serialize);
        open_api(context, routes)
    });
    serde_json::to_value(document).unwrap_or_default()
}

fn open_api(context: &mut GenContext, routes: &Routes) -> OpenApi {
    let mut paths = Paths::default();
    for declared in routes.declared() {
        let operation = operation(context, declared);
        let path = paths.paths.entry(declared.spec.path.to_owned());
        let path = path.or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = path {
            *slot(item, declared.spec.method) = Some(operation);
        }
    }
    OpenApi {
        info: info(),
        paths: Some(paths),
        components: Some(components(context)),
        tags: tags(routes.declared()),
        ..OpenApi::default()
    }
}

fn info() -> Info {
    Info {
        title: "Countersign".to_owned(),
        description: Some(ABOUT.to_owned()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        license: Some(License {
            name: "Apache-2.0".to_owned(),
            identifier: Some("Apache-2.0".to_owned()),
            ..License::default()
        }),
        ..Info::default()
    }
}

/// Returns one tag for each noun, in the order of declaration.
fn tags(routes: &[DeclaredRoute]) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    for subject in routes.iter().map(|declared| declared.subject) {
        if tags.iter().all(|tag| tag.name != subject.name) {
            tags.push(Tag {
                name: subject.name.to_owned(),
                description: Some(subject.description.to_owned()),
                ..Tag::default()
            });
        }
    }
    tags
}

fn operation(context: &mut GenContext, declared: &DeclaredRoute) -> Operation {
    let spec = declared.spec;
    let mut operation = Operation {
        tags: vec![declared.subject.name.to_owned()],
        summary: Some(declared.summary.line.to_owned()),
        description: Some(errors::allowed_callers(spec.access).to_owned()),
        operation_id: Some(operation_id(spec)),
        ..Operation::default()
    };
    (declared.describe)(context, &mut operation);
    name_path_parameters(&mut operation, spec.path);
    if spec.creates {
        inputs::add_idempotency_key(&mut operation);
    }
    let errors_of_route = [errors::of_access(spec.access), errors::of_change(&spec)];
    for status in errors_of_route.into_iter().flatten() {
        errors::add_error(&mut operation, *status);
    }
    for status in &declared.summary.errors {
        errors::add_error(&mut operation, status.as_u16());
    }
    if spec.access != Access::Public {
        operation.security = vec![[(TOKEN.to_owned(), Vec::new())].into_iter().collect()];
    }
    if let Some(responses) = &mut operation.responses {
        responses.responses.sort_unstable_keys();
    }
    operation
}

/// Returns an id that is unique and changes only with the route: `GET /v2/team/{id}/members` is `get_team_id_members`.
fn operation_id(spec: RouteSpec) -> String {
    let words = spec.path.split('/').skip(2);
    let words = words.map(|word| word.trim_matches(['{', '}']).replace('-', "_"));
    let words: Vec<String> = std::iter::once(spec.method.to_lowercase())
        .chain(words)
        .collect();
    words.join("_")
}

/// Names the path's variables. Arguments add them in order, without names.
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
    let responses = errors::all(context);
    let mut schemas: Vec<_> = context.schema.take_definitions(true).into_iter().collect();
    schemas.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let schemas = schemas.into_iter().filter_map(|(name, schema)| {
        let schema = schema.try_into().ok()?;
        Some((name, schema_object(schema)))
    });
    let scheme = ReferenceOr::Item(token_scheme());
    Components {
        schemas: schemas.collect(),
        responses,
        security_schemes: [(TOKEN.to_owned(), scheme)].into_iter().collect(),
        ..Components::default()
    }
}

fn token_scheme() -> SecurityScheme {
    let about = "A user API access token, or an org token: with the scope API for calls, with INGEST to send data.";
    SecurityScheme::ApiKey {
        location: ApiKeyLocation::Header,
        name: TOKEN.to_owned(),
        description: Some(about.to_owned()),
        extensions: [].into_iter().collect(),
    }
}
