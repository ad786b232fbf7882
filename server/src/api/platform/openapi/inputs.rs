//! Describes each kind of argument of a handler, and the errors that it may cause.

use aide::{
    OperationInput,
    generate::GenContext,
    openapi::{
        HeaderStyle, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle,
        ReferenceOr, RequestBody,
    },
    operation::{ParamLocation, parameters_from_schema},
};
use domain::{audit::event::ObjectType, platform::limits};
use schemars::{JsonSchema, Schema, generate::SchemaSettings, json_schema};
use serde_json::Value;

use super::{
    errors::add_error,
    generator::{generator, given_in, json_content, schema_object},
};
use crate::{
    api::platform::{
        body::{DeferredBody, JsonBody, JsonListBody, RequiredJsonListBody},
        caller::{Authenticated, Meta, PresentedSecret},
        idempotency::Keyed,
        parameters::Parameters,
        path::{ObjectId, ObjectIds, PathInDirectory, PathName, PathNames, TypeAndId},
        schema::IdText,
    },
    middleware::public_url::PublicUrl,
};

// The caller follows from the route's access, and is not a parameter.
impl OperationInput for Authenticated {}
impl OperationInput for PresentedSecret {}
impl OperationInput for Meta {}
// The header follows from the route, which creates something.
impl OperationInput for Keyed {}
impl OperationInput for PublicUrl {}

impl OperationInput for ObjectId {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let id = context.schema.subschema_for::<IdText>();
        add_variables(operation, [id]);
    }
}

impl OperationInput for ObjectIds {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let id = context.schema.subschema_for::<IdText>();
        add_variables(operation, [id.clone(), id]);
    }
}

impl OperationInput for PathName {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        add_variables(operation, [name()]);
    }
}

impl OperationInput for PathNames {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        add_variables(operation, [name(), name()]);
    }
}

impl OperationInput for PathInDirectory {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        add_variables(
            operation,
            [json_schema!({"type": "string", "minLength": 1, "maxLength": 249})],
        );
    }
}

impl OperationInput for TypeAndId {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let labels: Vec<&str> = ObjectType::all().map(ObjectType::label).collect();
        let kind = json_schema!({"type": "string", "enum": labels});
        let id = context.schema.subschema_for::<IdText>();
        add_variables(operation, [kind, id]);
    }
}

impl<P: JsonSchema> OperationInput for Parameters<P> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let mut generator = generator(SchemaSettings::for_deserialize);
        let schema = P::json_schema(&mut generator);
        let parameters = parameters_from_schema(context, schema, ParamLocation::Query);
        let definitions = generator.take_definitions(true);
        context.schema.definitions_mut().extend(definitions);
        for mut parameter in parameters {
            let format = &mut parameter.parameter_data_mut().format;
            if let ParameterSchemaOrContent::Schema(schema) = format {
                as_parameter(&mut schema.json_schema);
            }
            operation.parameters.push(ReferenceOr::Item(parameter));
        }
        add_error(operation, 400);
    }
}

impl<T: JsonSchema> OperationInput for JsonBody<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        set_body(operation, given::<T>(context), true);
    }
}

impl<T: JsonSchema> OperationInput for JsonListBody<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        set_body(operation, given::<Option<Vec<T>>>(context), false);
    }
}

impl<T: JsonSchema> OperationInput for RequiredJsonListBody<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        set_body(operation, given::<Vec<T>>(context), true);
    }
}

impl<B: OperationInput> OperationInput for DeferredBody<B> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        B::operation_input(context, operation);
    }
}

/// Adapts a schema to a query: a parameter may be absent but not `null`, and its description is outside the schema.
fn as_parameter(schema: &mut Schema) {
    schema.remove("description");
    if let Some(Value::Array(types)) = schema.get("type")
        && let Some(only) = types.iter().find(|kind| *kind != "null").cloned()
    {
        schema.insert("type".to_owned(), only);
    }
    if let Some(Value::Array(mut words)) = schema.remove("enum") {
        words.retain(|word| !word.is_null());
        schema.insert("enum".to_owned(), words.into());
    }
    if let Some(Value::Array(choices)) = schema.remove("anyOf") {
        let is_something = |choice: &&Value| choice["type"] != "null";
        let only = choices.iter().find(is_something).and_then(Value::as_object);
        *schema = only.cloned().unwrap_or_default().into();
    }
}

fn given<T: JsonSchema>(context: &mut GenContext) -> Schema {
    given_in::<T>(&mut context.schema)
}

fn set_body(operation: &mut Operation, schema: Schema, required: bool) {
    operation.request_body = Some(ReferenceOr::Item(RequestBody {
        content: json_content(schema),
        required,
        ..RequestBody::default()
    }));
    for status in [400, 413, 415] {
        add_error(operation, status);
    }
}

fn name() -> Schema {
    json_schema!({"type": "string", "minLength": 1})
}

/// Adds variables of the path, which get their names when the path is known. A malformed one is a 400, an unknown one a
/// 404.
fn add_variables<const N: usize>(operation: &mut Operation, schemas: [Schema; N]) {
    for schema in schemas {
        let parameter_data = parameter(String::new(), None, true, schema);
        operation
            .parameters
            .push(ReferenceOr::Item(Parameter::Path {
                parameter_data,
                style: PathStyle::Simple,
            }));
    }
    add_error(operation, 400);
    add_error(operation, 404);
}

/// Adds the header with an idempotency key, and the conflict that it may cause.
pub(super) fn add_idempotency_key(operation: &mut Operation) {
    let about = "Names the request, so that it can be repeated: within a day, the same request with the same key gets the \
        same response and creates nothing.";
    let schema = json_schema!({
        "type": "string",
        "minLength": 1,
        "maxLength": limits::IDEMPOTENCY_KEY_CHARACTERS,
    });
    let header = Parameter::Header {
        parameter_data: parameter("Idempotency-Key".to_owned(), Some(about), false, schema),
        style: HeaderStyle::Simple,
    };
    operation.parameters.push(ReferenceOr::Item(header));
    add_error(operation, 409);
}

fn parameter(
    name: String,
    description: Option<&str>,
    required: bool,
    schema: Schema,
) -> ParameterData {
    ParameterData {
        name,
        description: description.map(str::to_owned),
        required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema_object(schema)),
        example: None,
        examples: [].into_iter().collect(),
        explode: None,
        extensions: [].into_iter().collect(),
    }
}
