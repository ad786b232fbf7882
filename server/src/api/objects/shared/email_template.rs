//! `/v2/alert/emailtemplate` (docs/contract.md#email-templates).

#![expect(dead_code, reason = "shapes are described and never built")]

use std::collections::BTreeMap;

use domain::{audit::event::SharedKind, identity::access::Access, objects::object::Object};
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{SharedBody, collection, create_with_created, delete, list};
use crate::api::platform::{
    routes::Routes,
    schema::{IdText, PageParameters, Stamps},
};

/// The routes of email templates.
pub(crate) fn routes() -> Routes {
    let routes = Routes::of(
        "Email templates",
        "The texts of mails about alerts. They are stored, and no mails are sent.",
    );
    collection!(
        routes,
        EmailTemplateBody,
        "/v2/alert/emailtemplate",
        Access::Writer,
        "an email template",
        "email templates",
        list::<EmailTemplateBody>,
        create_with_created::<EmailTemplateBody>,
        delete::<EmailTemplateBody>,
    )
}

impl SharedBody for EmailTemplateBody {
    type Request = EmailTemplateFields;
    type ListParameters = EmailTemplateParameters;

    const KIND: SharedKind = SharedKind::EmailTemplate;

    /// Returns the stamps under the names that the Go client reads.
    fn managed(template: &Object) -> Vec<(&'static str, Value)> {
        vec![
            ("createdOnMs", json!(template.created.at.as_millis())),
            ("createdBy", json!(template.created.by.actor_id)),
            ("updatedOnMs", json!(template.updated.at.as_millis())),
            ("updatedBy", json!(template.updated.by.actor_id)),
        ]
    }
}

/// The fields of a request for an email template.
#[derive(JsonSchema)]
#[schemars(rename = "EmailTemplateGiven", rename_all = "camelCase")]
pub(crate) struct EmailTemplateFields {
    /// Required for a new template.
    #[schemars(length(min = 1, max = 1_000))]
    name: Option<String>,
    trigger_subject: Option<String>,
    trigger_body: Option<String>,
    resolved_subject: Option<String>,
    resolved_body: Option<String>,
    #[schemars(length(max = 2_000))]
    to: Option<Vec<String>>,
    #[schemars(length(max = 2_000))]
    cc: Option<Vec<String>>,
    #[schemars(length(max = 2_000))]
    bcc: Option<Vec<String>>,
    custom_headers: Option<BTreeMap<String, String>>,
}

/// An email template.
#[derive(JsonSchema)]
#[schemars(
    rename = "EmailTemplate",
    rename_all = "camelCase",
    extend("additionalProperties" = true)
)]
pub(crate) struct EmailTemplateBody {
    id: IdText,
    name: String,
    trigger_subject: String,
    trigger_body: String,
    resolved_subject: String,
    resolved_body: String,
    to: Vec<String>,
    cc: Vec<String>,
    bcc: Vec<String>,
    custom_headers: BTreeMap<String, String>,
    /// The same as `created`.
    created_on_ms: i64,
    /// The same as `creator`.
    created_by: IdText,
    /// The same as `lastUpdated`.
    updated_on_ms: i64,
    /// The same as `lastUpdatedBy`.
    updated_by: IdText,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of email templates.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct EmailTemplateParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
