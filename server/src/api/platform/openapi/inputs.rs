//! What each kind of argument a handler has takes from the request, and how it may be refused for that.

use aide::{
    OperationInput,
    generate::GenContext,
    openapi::{
        Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, ReferenceOr,
        RequestBody,
    },
    operation::{ParamLocation, parameters_from_schema},
};
use domain::audit::event::ObjectType;
use schemars::{JsonSchema, Schema, generate::SchemaSettings, json_schema};
use serde_json::Value;

use super::{
    generator,
    refusals::{add, content, object},
};
use crate::{
    api::platform::{
        auth_guard::{By, PresentedSecret},
        body::{JsonBody, JsonListBody, Later, RequiredJsonListBody},
        path::{ObjectId, ObjectIds, Parameters, Segment, WordAndId},
        schema::IdText,
    },
    middleware::{public_url::PublicUrl, request_meta::Meta},
};

// Who calls, and from where, is said by the route's access and by no parameter.
impl OperationInput for By {}
impl OperationInput for PresentedSecret {}
impl OperationInput for Meta {}
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

impl OperationInput for Segment {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        add_variables(
            operation,
            [json_schema!({"type": "string", "minLength": 1})],
        );
    }
}

impl OperationInput for WordAndId {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let labels: Vec<&str> = ObjectType::ALL.into_iter().map(ObjectType::label).collect();
        let word = json_schema!({"type": "string", "enum": labels});
        let id = context.schema.subschema_for::<IdText>();
        add_variables(operation, [word, id]);
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
                settle(&mut schema.json_schema);
            }
            operation.parameters.push(ReferenceOr::Item(parameter));
        }
        add(operation, 400);
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

impl<B: OperationInput> OperationInput for Later<B> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        B::operation_input(context, operation);
    }
}

/// The schema of what a request may give, which is more than what an answer shows: a field may be left out or be null.
pub(crate) fn given_in<T: JsonSchema>(into: &mut schemars::SchemaGenerator) -> Schema {
    let mut generator = generator(SchemaSettings::for_deserialize);
    let schema = generator.subschema_for::<T>();
    let definitions = generator.take_definitions(true);
    into.definitions_mut().extend(definitions);
    schema
}

/// A parameter may be left out, but there is no null in a query; and its description stands beside its schema.
fn settle(schema: &mut Schema) {
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
        content: content(schema),
        required,
        ..RequestBody::default()
    }));
    add(operation, 400);
    add(operation, 413);
}

/// The variables of the path, whose names are given them when the path is known. One that is malformed is refused, and
/// one that nothing is called by is not found.
fn add_variables<const N: usize>(operation: &mut Operation, schemas: [Schema; N]) {
    for schema in schemas {
        let parameter_data = ParameterData {
            name: String::new(),
            description: None,
            required: true,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(object(schema)),
            example: None,
            examples: [].into_iter().collect(),
            explode: None,
            extensions: [].into_iter().collect(),
        };
        operation
            .parameters
            .push(ReferenceOr::Item(Parameter::Path {
                parameter_data,
                style: PathStyle::Simple,
            }));
    }
    add(operation, 400);
    add(operation, 404);
}
