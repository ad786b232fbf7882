//! One field of a form: label, input, hint, and why it was refused.

use leptos::prelude::*;

use super::notice::Notice;

/// A labelled input. Inside a page with a notice it shows why it was refused, and keeps what was typed.
#[component]
pub fn Field(
    /// The form it belongs to, as the notice calls it.
    form: &'static str,
    /// Its name in the form.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// The kind of input: `text`, `email`, `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What to know before typing.
    #[prop(optional)]
    hint: Option<String>,
    /// What stands in it before anything was typed.
    #[prop(optional, into)]
    given: Option<String>,
    /// Whether it may stay empty.
    #[prop(optional)]
    may_be_empty: bool,
    /// Whether the page begins here.
    #[prop(optional)]
    focused: bool,
    /// Characters it takes at most.
    #[prop(default = 254)]
    max_length: usize,
) -> impl IntoView {
    let notice = use_context::<Notice>().unwrap_or_default();
    let refusal = notice.refusal_of(form, name);
    let id = format!("{form}-{name}");
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described_by = [
        refusal.as_ref().map(|_| error_id.clone()),
        hint.as_ref().map(|_| hint_id.clone()),
    ];
    let described_by = described_by
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                required=!may_be_empty
                autofocus=focused
                maxlength=max_length.to_string()
                value=notice.kept_of(form, name).or(given)
                spellcheck="false"
                autocapitalize=(kind != "text").then_some("none")
                aria-invalid=refusal.is_some().then_some("true")
                aria-describedby=(!described_by.is_empty()).then_some(described_by)
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {refusal.map(|refusal| view! { <p class="field-error" id=error_id>{refusal}</p> })}
        </div>
    }
}
