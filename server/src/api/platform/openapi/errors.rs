//! Error responses: the statuses of docs/contract.md#errors, each described once and referenced.

use aide::{
    generate::GenContext,
    openapi::{
        Header, HeaderStyle, Operation, ParameterSchemaOrContent, ReferenceOr, Response, StatusCode,
    },
};
use domain::identity::access::Access;
use schemars::JsonSchema;

use super::generator::{json_content, schema_object};
use crate::api::platform::{error::ErrorBody, route::RouteSpec};

/// A status, its name in the document, and its meaning.
const ERRORS: &[(u16, &str, &str)] = &[
    (
        400,
        "BadRequest",
        "The request is malformed or breaks a rule; the message names the field.",
    ),
    (
        401,
        "Unauthorized",
        "The token is missing or not valid; the same for every reason.",
    ),
    (403, "Forbidden", "The caller is not allowed to do this."),
    (
        404,
        "NotFound",
        "It does not exist, or the caller may not know that it does.",
    ),
    (406, "NotAcceptable", "The query is missing."),
    (
        409,
        "Conflict",
        "Another change at the same time contradicts this one. Or the idempotency key was used for another request, or \
         the first request with it is still in progress; the latter has `Retry-After`.",
    ),
    (
        413,
        "PayloadTooLarge",
        "The body is larger than 1 MiB, or than 8 MiB on the ingest routes.",
    ),
    (
        415,
        "UnsupportedMediaType",
        "The body has a content encoding other than gzip or, on the ingest routes, a format that the route does not read.",
    ),
    (
        424,
        "FailedDependency",
        "The database did not confirm the change, which may be stored or not. The audit log has it under `X-Request-Id` \
         if it is stored.",
    ),
    (429, "TooManyRequests", "Too many requests; retry later."),
    (
        503,
        "ServiceUnavailable",
        "The database is unreachable, the request took too long, or a queue is full; retry later.",
    ),
];

/// Returns the error statuses that every route with this access may respond with.
pub(super) const fn of_access(access: Access) -> &'static [u16] {
    match access {
        Access::Public => &[503],
        Access::Credential | Access::AnyCaller | Access::Ingest => &[401, 503],
        Access::User | Access::Writer | Access::Administrator | Access::LogReader => {
            &[401, 403, 503]
        }
    }
}

/// The error statuses that a route may respond with because it changes what is stored (docs/contract.md#errors). Data
/// that is sent is not stored in the database.
pub(super) fn of_change(spec: &RouteSpec) -> &'static [u16] {
    match spec.access {
        Access::Ingest => &[],
        Access::Public
        | Access::Credential
        | Access::AnyCaller
        | Access::User
        | Access::Writer
        | Access::Administrator
        | Access::LogReader => {
            if spec.is_write() {
                &[409, 424]
            } else {
                &[]
            }
        }
    }
}

/// Returns who may call a route with this access, in a sentence.
pub(super) const fn allowed_callers(access: Access) -> &'static str {
    match access {
        Access::Public => "For all callers; a token is not read.",
        Access::Credential => "For any user token, also one that is no longer valid.",
        Access::AnyCaller => "For all user tokens, and for org tokens with the scope `API`.",
        Access::User => "For all user tokens.",
        Access::Writer => {
            "For user tokens of members with the role `power` or `admin`, and for org tokens with the role `power`."
        }
        Access::Administrator => "For user tokens of administrators.",
        Access::LogReader => {
            "For user tokens of administrators, and for org tokens with the scope `AUDIT`."
        }
        Access::Ingest => "For org tokens with the scope `INGEST`.",
    }
}

/// Adds a reference to an error response to an operation.
pub(crate) fn add_error(operation: &mut Operation, status: u16) {
    let known = ERRORS.iter().find(|(code, ..)| *code == status);
    let Some((code, name, _)) = known else { return };
    let responses = &mut operation.responses.get_or_insert_default().responses;
    let reference = format!("#/components/responses/{name}");
    responses.insert(StatusCode::Code(*code), ReferenceOr::ref_(&reference));
}

/// Returns all error responses, for the document's components.
pub(super) fn all<M>(context: &mut GenContext) -> M
where
    M: FromIterator<(String, ReferenceOr<Response>)>,
{
    let body = context.schema.subschema_for::<ErrorBody>();
    let errors = ERRORS.iter().map(|(status, name, description)| {
        let response = Response {
            description: (*description).to_owned(),
            headers: headers(context, *status),
            content: json_content(body.clone()),
            ..Response::default()
        };
        ((*name).to_owned(), ReferenceOr::Item(response))
    });
    errors.collect()
}

/// Every 429 and 503 has `Retry-After` (docs/contract.md#throttling).
fn headers<M: FromIterator<(String, ReferenceOr<Header>)>>(
    context: &mut GenContext,
    status: u16,
) -> M {
    let retry_after = matches!(status, 429 | 503).then(|| {
        let seconds = u32::json_schema(&mut context.schema);
        let header = Header {
            description: Some("Seconds to wait before a retry.".to_owned()),
            style: HeaderStyle::Simple,
            required: true,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(schema_object(seconds)),
            example: None,
            examples: [].into_iter().collect(),
            extensions: [].into_iter().collect(),
        };
        ("Retry-After".to_owned(), ReferenceOr::Item(header))
    });
    retry_after.into_iter().collect()
}
