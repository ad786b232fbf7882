//! Schemas of requests and responses about templates.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{Anything, IdText};

/// A result, and what it refers to.
#[derive(JsonSchema)]
#[schemars(rename = "EnvelopeOf{T}")]
pub(crate) struct Envelope<T, I> {
    data: T,
    /// Always empty: an error is an error response.
    errors: Vec<Anything>,
    includes: Vec<I>,
}

/// The fields of a request for a template.
#[derive(JsonSchema)]
#[schemars(rename = "TemplateGiven", rename_all = "camelCase")]
pub(crate) struct TemplateFields {
    #[schemars(rename = "type")]
    kind: TemplateType,
    /// Required for a new template.
    #[schemars(length(min = 1, max = 1_000))]
    title: Option<String>,
    /// The document, stored as given.
    spec: Anything,
    metadata: MetadataGiven,
    /// Stored as given.
    signalview: Option<Anything>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum TemplateType {
    #[schemars(rename = "#/dashify/v1/templates/Record")]
    Record,
}

#[derive(JsonSchema)]
#[schemars(rename = "TemplateMetadataGiven", rename_all = "camelCase")]
struct MetadataGiven {
    root_element: RootElement,
    /// Addresses of templates, which need not exist.
    #[schemars(length(max = 2_000))]
    imports: Option<Vec<String>>,
    /// Stored and not returned. An update that omits it keeps it.
    datasource: Option<Datasource>,
}

/// The kind of document.
#[derive(JsonSchema)]
#[schemars(inline)]
enum RootElement {
    Dashboard,
    Chart,
}

#[derive(JsonSchema)]
#[schemars(rename = "TemplateDatasource", rename_all = "camelCase")]
struct Datasource {
    #[schemars(rename = "type")]
    kind: Option<DatasourceType>,
    program_text: Option<String>,
    slo_id: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum DatasourceType {
    #[schemars(rename = "SPLUNK_O11Y")]
    Observability,
    #[schemars(rename = "SPLUNK_O11Y_SLO")]
    Slo,
}

/// A template.
#[derive(JsonSchema)]
#[schemars(rename = "Template", rename_all = "camelCase")]
pub(crate) struct TemplateBody {
    id: IdText,
    #[schemars(rename = "self")]
    address: String,
    #[schemars(rename = "type")]
    kind: TemplateType,
    title: String,
    spec: Anything,
    metadata: Metadata,
    signalview: Option<Anything>,
    /// Addresses of the entries of the directory that list it.
    directory_entries: Vec<String>,
    /// In the form of RFC 3339.
    created_at: String,
    created_by: IdText,
    /// In the form of RFC 3339.
    updated_at: String,
    updated_by: IdText,
}

#[derive(JsonSchema)]
#[schemars(rename = "TemplateMetadata", rename_all = "camelCase")]
struct Metadata {
    root_element: RootElement,
    imports: Vec<String>,
}

/// A page of addresses. The templates themselves are in `includes`.
#[derive(JsonSchema)]
#[schemars(rename = "TemplatePage")]
pub(crate) struct PageBody {
    #[schemars(rename = "type")]
    kind: String,
    #[schemars(rename = "self")]
    address: String,
    next: Option<String>,
    prev: Option<String>,
    /// The number of matches, on all pages.
    #[schemars(range(min = 0))]
    count: i64,
    items: Vec<String>,
}

/// Query parameters of a template.
#[derive(JsonSchema)]
pub(crate) struct ImportParameters {
    /// Also returns the templates that it imports, directly or through others.
    import: Option<Import>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Import {
    #[schemars(rename = "ALL_CHILDREN")]
    AllChildren,
}

/// Query parameters of a search for templates. A parameter that is given several times matches any of its values.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct SearchParameters {
    /// A part of the title; case is ignored.
    search: Option<String>,
    root_element: Option<Vec<RootElement>>,
    #[schemars(length(max = 200))]
    id: Option<Vec<IdText>>,
    /// Whole titles.
    #[schemars(length(max = 200))]
    title: Option<Vec<String>>,
    /// `title`, `createdAt` or `updatedAt`; a leading `-` reverses the order. The first counts.
    order_by: Option<Vec<String>>,
    /// The number of results to skip.
    #[schemars(range(min = 0))]
    offset: Option<i64>,
    /// The largest number of results.
    #[schemars(range(min = 1, max = 200))]
    size: Option<i64>,
    /// Also returns the templates that these import, directly or through others.
    import: Option<Import>,
}
