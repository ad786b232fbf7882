//! `/docs`: the API, rendered from its OpenAPI document. Public; it needs no scripts.

mod document;

use leptos::{prelude::*, serde_json::Value};
use leptos_meta::Title;

use crate::ui::page::title::window_title;

pub use document::ApiDocument;

use document::{Answer, Call, Field, Piece, Subject};

use crate::{
    error::UiError,
    ui::page::{failure::Failure, mark::Mark},
};

/// All operations and schemas of the API.
#[component]
pub fn DocsPage() -> impl IntoView {
    let Some(ApiDocument(read)) = use_context::<ApiDocument>() else {
        return view! { <main id="main"><Failure error=UiError::Internal /></main> }.into_any();
    };
    let document = read();
    let subjects = document::subjects(document);
    view! {
        <Title text="API" formatter=window_title />
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="bar">
            <a class="brand" href="/">
                <Mark />
                "Countersign"
            </a>
        </header>
        <div class="reference">
            <Contents subjects=subjects.iter().map(|subject| subject.name).collect() />
            <main id="main" tabindex="-1">
                <header class="page-head">
                    <h1>"API"</h1>
                    <p class="page-actions"><a class="button" href="/openapi.json">"openapi.json"</a></p>
                </header>
                <p class="reference-prose"><Prose text=document::text(&document["info"], "description") /></p>
                {subjects.into_iter().map(|subject| view! { <Noun document subject /> }).collect_view()}
                <Shapes document />
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Contents(subjects: Vec<&'static str>) -> impl IntoView {
    let link =
        |name: &'static str| view! { <li><a href=format!("#{}", anchor(name))>{name}</a></li> };
    view! {
        <nav class="reference-contents" aria-label="On this page">
            <ul>{subjects.into_iter().chain(Some(SHAPES)).map(link).collect_view()}</ul>
        </nav>
    }
}

/// Heading of the schemas.
const SHAPES: &str = "Shapes";

#[component]
fn Noun(document: &'static Value, subject: Subject) -> impl IntoView {
    let id = anchor(subject.name);
    view! {
        <section class="reference-part" aria-labelledby=id>
            <h2 id=anchor(subject.name)>{subject.name}</h2>
            <p class="reference-prose"><Prose text=subject.description /></p>
            {subject.calls.into_iter().map(|call| view! { <CallDetails document call /> }).collect_view()}
        </section>
    }
}

#[component]
fn CallDetails(document: &'static Value, call: Call) -> impl IntoView {
    let method = call.method.to_uppercase();
    let parameters = document::parameters(call);
    let body = document::body(call);
    view! {
        <details class="call">
            <summary>
                <span class=format!("method method-{}", call.method)>{method}</span>
                <code>{call.path}</code>
                <span class="call-line">{document::text(call.operation, "summary")}</span>
            </summary>
            // A link to an element inside opens the details.
            <div class="call-body" id=document::text(call.operation, "operationId")>
                <p><Prose text=document::text(call.operation, "description") /></p>
                {(!parameters.is_empty()).then(|| view! {
                    <h3>"Parameters"</h3>
                    <FieldTable fields=parameters />
                })}
                {(!body.is_empty()).then(|| view! {
                    <h3>"Body"</h3>
                    <p><Words pieces=body /></p>
                })}
                <h3>"Responses"</h3>
                <dl class="definitions">
                    {document::answers(document, call).into_iter().map(|answer| view! { <AnswerLine answer /> }).collect_view()}
                </dl>
            </div>
        </details>
    }
}

#[component]
fn AnswerLine(answer: Answer) -> impl IntoView {
    let words = (!answer.words.is_empty()).then(|| view! { " " <Words pieces=answer.words /> });
    view! {
        <div>
            <dt><code>{answer.status}</code></dt>
            <dd><Prose text=answer.description /> {words}</dd>
        </div>
    }
}

#[component]
fn FieldTable(fields: Vec<Field>) -> impl IntoView {
    let row = |field: Field| {
        let place = match (field.place, field.required) {
            ("", true) => "always",
            ("", false) => "may be left out",
            ("path", _) => "in the path",
            (_, true) => "in the query, always",
            (_, false) => "in the query",
        };
        view! {
            <tr>
                <th scope="row" data-label="Name"><code>{field.name}</code></th>
                <td data-label="Type"><Words pieces=field.words /></td>
                <td data-label="In">{place}</td>
                <td data-label="About"><Prose text=field.description /></td>
            </tr>
        }
    };
    view! {
        <table class="table reference-fields">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"In"</th>
                    <th scope="col">"About"</th>
                </tr>
            </thead>
            <tbody>{fields.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Words(pieces: Vec<Piece>) -> impl IntoView {
    let piece = |piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Shape(name) => view! { <a href=format!("#shape-{name}")>{name}</a> }.into_any(),
    };
    pieces.into_iter().map(piece).collect_view()
}

/// Text with code between backticks.
#[component]
fn Prose(text: &'static str) -> impl IntoView {
    let part = |(place, part): (usize, &'static str)| match place % 2 {
        0 => part.into_any(),
        _ => view! { <code>{part}</code> }.into_any(),
    };
    let parts = text
        .split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty());
    parts.map(part).collect_view()
}

#[component]
fn Shapes(document: &'static Value) -> impl IntoView {
    let shape = |(name, schema): (&'static String, &'static Value)| {
        view! {
            <details class="call">
                <summary>
                    <code>{name.as_str()}</code>
                    <span class="call-line"><Prose text=document::text(schema, "description") /></span>
                </summary>
                <div class="call-body" id=format!("shape-{name}")>
                    <Shape schema />
                </div>
            </details>
        }
    };
    let id = anchor(SHAPES);
    view! {
        <section class="reference-part" aria-labelledby=id>
            <h2 id=anchor(SHAPES)>{SHAPES}</h2>
            <p class="reference-prose">"Objects in requests and responses."</p>
            {document::shapes(document).map(shape).collect_view()}
        </section>
    }
}

#[component]
fn Shape(schema: &'static Value) -> impl IntoView {
    let fields = document::fields(schema);
    let choices = document::choices(schema);
    let choice = |schema: &'static Value| {
        let fields = document::fields(schema);
        if fields.is_empty() {
            return view! { <p><Words pieces=document::words(schema) /></p> }.into_any();
        }
        let title = schema["properties"]["type"]["const"].as_str();
        view! {
            <h3>{title.unwrap_or("or")}</h3>
            <FieldTable fields />
        }
        .into_any()
    };
    let is_plain = fields.is_empty() && choices.is_empty();
    view! {
        {is_plain.then(|| view! { <p><Words pieces=document::words(schema) /></p> })}
        {(!fields.is_empty()).then(|| view! { <FieldTable fields /> })}
        {choices.into_iter().map(choice).collect_view()}
    }
}

/// The id of a section.
fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}
