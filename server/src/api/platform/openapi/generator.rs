//! Generates schemas of types.

use aide::openapi::{MediaType, SchemaObject};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};

/// Returns a generator for JSON Schema 2020-12, which OpenAPI 3.1 uses.
pub(super) fn generator(
    contract: impl FnOnce(SchemaSettings) -> SchemaSettings,
) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    contract(settings).into_generator()
}

/// Returns the schema of a value in a request, which is wider than in a response: a field may be absent or `null`.
pub(crate) fn given_in<T: JsonSchema>(into: &mut SchemaGenerator) -> Schema {
    let mut generator = generator(SchemaSettings::for_deserialize);
    let schema = generator.subschema_for::<T>();
    let definitions = generator.take_definitions(true);
    into.definitions_mut().extend(definitions);
    schema
}

/// Returns a schema without documentation of its own.
pub(crate) fn schema_object(json_schema: Schema) -> SchemaObject {
    SchemaObject {
        json_schema,
        external_docs: None,
        example: None,
    }
}

/// Returns content of this schema.
pub(crate) fn media_type(schema: Schema) -> MediaType {
    MediaType {
        schema: Some(schema_object(schema)),
        ..MediaType::default()
    }
}

/// Returns JSON of this schema, for the `content` of a request or a response.
pub(super) fn json_content<M: FromIterator<(String, MediaType)>>(schema: Schema) -> M {
    [("application/json".to_owned(), media_type(schema))]
        .into_iter()
        .collect()
}
