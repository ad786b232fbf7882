//! Describes each kind of result of a handler.

use std::borrow::Cow;

use aide::{
    OperationOutput,
    generate::GenContext,
    openapi::{Operation, Response},
};
use axum::Json;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::api::platform::{
    error::ApiError,
    response::{
        CreatedBody, DocumentBody, EmptyCreated, EmptyOk, LinesBody, NewOrChanged, SerializedBody,
    },
};

/// Errors follow from the access, the arguments and the summary.
impl OperationOutput for ApiError {
    type Inner = Self;
}

impl OperationOutput for EmptyOk {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        vec![(Some(200), empty("Done. The body is empty."))]
    }
}

impl OperationOutput for EmptyCreated {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        vec![(Some(201), empty("Done. The body is empty."))]
    }
}

impl<T: JsonSchema> OperationOutput for CreatedBody<T> {
    type Inner = T;

    fn inferred_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        let mut responses = Json::<T>::inferred_responses(context, operation);
        for (status, _) in &mut responses {
            *status = status.map(|_| 201);
        }
        responses
    }
}

impl<T: JsonSchema> OperationOutput for NewOrChanged<T> {
    type Inner = T;

    fn inferred_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        let mut responses = Json::<T>::inferred_responses(context, operation);
        responses.extend(CreatedBody::<T>::inferred_responses(context, operation));
        responses
    }
}

impl<T: JsonSchema> OperationOutput for SerializedBody<T> {
    type Inner = T;

    fn inferred_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        Json::<T>::inferred_responses(context, operation)
    }
}

impl<T: JsonSchema> OperationOutput for LinesBody<T> {
    type Inner = T;

    fn inferred_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        let mut responses = Json::<T>::inferred_responses(context, operation);
        for (_, response) in &mut responses {
            "Lines of JSON, each of this shape.".clone_into(&mut response.description);
            let json = response.content.shift_remove("application/json");
            let lines = json.map(|json| ("application/x-ndjson".to_owned(), json));
            response.content.extend(lines);
        }
        responses
    }
}

impl<T: JsonSchema> JsonSchema for DocumentBody<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

fn empty(description: &str) -> Response {
    Response {
        description: description.to_owned(),
        ..Response::default()
    }
}
