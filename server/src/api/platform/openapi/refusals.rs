//! How a call may be refused: the statuses of docs/contract.md#errors, each described once and referred to.

use aide::{
    generate::GenContext,
    openapi::{
        Header, HeaderStyle, MediaType, Operation, ParameterSchemaOrContent, ReferenceOr, Response,
        SchemaObject, StatusCode,
    },
};
use domain::identity::access::Access;
use schemars::{JsonSchema, Schema};

use crate::api::platform::error::ErrorBody;

/// A status with its name in the document and what it means.
const REFUSALS: &[(u16, &str, &str)] = &[
    (
        400,
        "BadRequest",
        "The request cannot be read, or a rule refuses it; the message names the field.",
    ),
    (
        401,
        "Unauthorized",
        "No token, or one that does not work; the same for every reason.",
    ),
    (403, "Forbidden", "The caller may see it and may not do it."),
    (
        404,
        "NotFound",
        "There is none, or the caller may not know of it.",
    ),
    (406, "NotAcceptable", "Nothing was asked for."),
    (
        413,
        "PayloadTooLarge",
        "The body is larger than 1 MiB, or than 8 MiB where data is sent.",
    ),
    (
        415,
        "UnsupportedMediaType",
        "The body is compressed by something else than gzip.",
    ),
    (
        429,
        "TooManyRequests",
        "Too many of these; later it will do.",
    ),
    (
        503,
        "ServiceUnavailable",
        "The database cannot be asked, it took too long, or there is no room; please try again.",
    ),
];

/// How anybody may be refused by a route of this access, whatever it does.
pub(super) const fn of_access(access: Access) -> &'static [u16] {
    match access {
        Access::Public => &[503],
        Access::Credential | Access::AnyCaller | Access::Ingest => &[401, 503],
        Access::User | Access::Writer | Access::Administrator => &[401, 403, 503],
    }
}

/// Who may call a route of this access.
pub(super) const fn who(access: Access) -> &'static str {
    match access {
        Access::Public => "For everybody; no token is looked at.",
        Access::Credential => "For whoever has the token.",
        Access::AnyCaller => "For every user token, and for org tokens with the scope `API`.",
        Access::User => "For every user token.",
        Access::Writer => {
            "For user tokens of members with the role `power` or `admin`, and for org tokens with the role `power`."
        }
        Access::Administrator => "For user tokens of administrators.",
        Access::Ingest => "For org tokens with the scope `INGEST`.",
    }
}

/// Says that an operation may answer with this refusal.
pub(crate) fn add(operation: &mut Operation, status: u16) {
    let known = REFUSALS.iter().find(|(code, ..)| *code == status);
    let Some((code, name, _)) = known else { return };
    let responses = &mut operation.responses.get_or_insert_default().responses;
    let reference = format!("#/components/responses/{name}");
    responses.insert(StatusCode::Code(*code), ReferenceOr::ref_(&reference));
}

/// All of them, for the document to refer to.
pub(super) fn all<M>(context: &mut GenContext) -> M
where
    M: FromIterator<(String, ReferenceOr<Response>)>,
{
    let body = context.schema.subschema_for::<ErrorBody>();
    let refusals = REFUSALS.iter().map(|(status, name, description)| {
        let response = Response {
            description: (*description).to_owned(),
            headers: headers(context, *status),
            content: content(body.clone()),
            ..Response::default()
        };
        ((*name).to_owned(), ReferenceOr::Item(response))
    });
    refusals.collect()
}

/// JSON of this schema.
pub(super) fn content<M: FromIterator<(String, MediaType)>>(schema: Schema) -> M {
    let media = MediaType {
        schema: Some(object(schema)),
        ..MediaType::default()
    };
    [("application/json".to_owned(), media)]
        .into_iter()
        .collect()
}

pub(crate) fn object(json_schema: Schema) -> SchemaObject {
    SchemaObject {
        json_schema,
        external_docs: None,
        example: None,
    }
}

/// When to come back is said with every refusal that passes by itself (docs/contract.md#throttling).
fn headers<M: FromIterator<(String, ReferenceOr<Header>)>>(
    context: &mut GenContext,
    status: u16,
) -> M {
    let retry_after = matches!(status, 429 | 503).then(|| {
        let header = Header {
            description: Some("Seconds after which to try again.".to_owned()),
            style: HeaderStyle::Simple,
            required: true,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(object(u32::json_schema(&mut context.schema))),
            example: None,
            examples: [].into_iter().collect(),
            extensions: [].into_iter().collect(),
        };
        ("Retry-After".to_owned(), ReferenceOr::Item(header))
    });
    retry_after.into_iter().collect()
}
