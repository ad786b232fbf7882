//! The preview of an edited document: the changed lines, unknown fields and changed permissions.

use leptos::prelude::*;

use crate::{
    model::objects::document::{DiffLine, DocumentDifference, DocumentForm, FIELD},
    pages::objects::{parts::Confirmation, permissions::changes::PermissionChanges},
    ui::form::field::in_textarea,
};

/// What saving changes, with the button that saves.
#[component]
pub(super) fn Preview(
    form: DocumentForm,
    difference: DocumentDifference,
    page: String,
) -> impl IntoView {
    let DocumentDifference {
        lines,
        unknown,
        permissions,
    } = difference;
    let has_permissions = !permissions.changes.is_empty();
    let is_changed = !lines.is_empty() || has_permissions || !permissions.warnings.is_empty();
    let text = in_textarea(&form.text);
    view! {
        <section class="panel" aria-labelledby="changes-heading">
            <h2 id="changes-heading">"What will change"</h2>
            {(!is_changed).then(|| view! { <p>"Nothing changes."</p> })}
            {(!lines.is_empty()).then(|| view! { <ChangedLines lines /> })}
            {(!unknown.is_empty()).then(|| view! { <p class="warnings">"Unknown fields, which are not stored: " {unknown.join(", ")} "."</p> })}
            {has_permissions.then(|| view! { <h3>"Permissions"</h3> })}
            <PermissionChanges preview=permissions />
            <Confirmation base_updated_at=form.base_updated_at save=is_changed.then_some("Save") page>
                <textarea name=FIELD hidden>{text}</textarea>
            </Confirmation>
        </section>
    }
}

#[component]
fn ChangedLines(lines: Vec<DiffLine>) -> impl IntoView {
    let lines = lines
        .into_iter()
        .map(|line| match line {
            DiffLine::Same(text) => view! { <span>{format!("  {text}\n")}</span> }.into_any(),
            DiffLine::Removed(text) => view! { <del>{format!("- {text}\n")}</del> }.into_any(),
            DiffLine::Added(text) => view! { <ins>{format!("+ {text}\n")}</ins> }.into_any(),
            DiffLine::Gap => view! { <span class="quiet">"  …\n"</span> }.into_any(),
        })
        .collect_view();
    view! {
        <pre class="diff" tabindex="0" role="region" aria-label="Changed lines"><code>{lines}</code></pre>
    }
}
