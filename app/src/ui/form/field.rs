//! The fields of a form: label, input, hint and error. After a rejected form a field shows its error and keeps what was
//! typed; the first field with an error has the focus.

use leptos::prelude::*;

use crate::{
    model::platform::{list::Choices, notice::Notice},
    ui::form::{hidden::hidden_fields, token::FormToken},
};

/// What all kinds of fields have in common: ids, error, and the value that was typed.
struct About {
    id: String,
    hint_id: String,
    error_id: String,
    rejection: Option<String>,
    described_by: Option<String>,
    kept: Option<String>,
}

impl About {
    fn of(form: &str, name: &str, has_hint: bool) -> Self {
        let notice = use_context::<Notice>().unwrap_or_default();
        // The form says `limits[dpmQuota]`, the error `limits.dpmQuota`.
        let error_field = name.replace('[', ".").replace(']', "");
        let rejection = notice
            .rejection_of(form, &error_field)
            .or_else(|| notice.rejection_of(form, name));
        let id = format!("{form}-{}", error_field.replace('.', "-"));
        let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
        let described_by: Vec<_> = [
            rejection.is_some().then(|| error_id.clone()),
            has_hint.then(|| hint_id.clone()),
        ]
        .into_iter()
        .flatten()
        .collect();
        Self {
            described_by: (!described_by.is_empty()).then(|| described_by.join(" ")),
            kept: notice.kept_of(form, name),
            id,
            hint_id,
            error_id,
            rejection,
        }
    }

    fn is_rejected(&self) -> bool {
        self.rejection.is_some()
    }
}

/// Hint and error below a field.
#[component]
fn Below(
    hint_id: String,
    hint: Option<String>,
    error_id: String,
    rejection: Option<String>,
) -> impl IntoView {
    view! {
        {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        {rejection.map(|rejection| view! { <p class="field-error" id=error_id>{rejection}</p> })}
    }
}

/// A labelled input.
#[component]
pub fn Field(
    /// Name of the form in notices.
    form: &'static str,
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// The type of the input: `text`, `email`, `password`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Value of `autocomplete`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Hint below the field.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Initial value.
    #[prop(optional, into)]
    given: Option<String>,
    /// Whether the field may be empty.
    #[prop(optional)]
    may_be_empty: bool,
    /// Whether the field has the focus when the page opens.
    #[prop(optional)]
    focused: bool,
    /// Maximum length in characters.
    #[prop(default = 254)]
    max_length: usize,
    /// Minimum and maximum of a number.
    #[prop(optional)]
    range: Option<(i64, i64)>,
    /// Suggestions.
    #[prop(optional)]
    choices: Choices,
) -> impl IntoView {
    let hint = hint.filter(|hint| !hint.is_empty());
    let about = About::of(form, &name, hint.is_some());
    let list_id = (!choices.is_empty()).then(|| format!("{}-choices", about.id));
    let list = list_id.clone().map(|id| {
        let options = choices
            .into_iter()
            .map(|(value, words)| view! { <option value=value label=words></option> })
            .collect_view();
        view! { <datalist id=id>{options}</datalist> }
    });
    view! {
        <div class="field">
            <label for=about.id.clone()>{label}</label>
            <input
                id=about.id.clone()
                name=name
                type=kind
                autocomplete=autocomplete
                required=!may_be_empty
                autofocus=focused || about.is_rejected()
                maxlength=(kind != "number").then(|| max_length.to_string())
                min=range.map(|(least, _)| least.to_string())
                max=range.map(|(_, most)| most.to_string())
                value=about.kept.clone().or(given)
                list=list_id
                spellcheck="false"
                autocapitalize=(kind != "text").then_some("none")
                aria-invalid=about.is_rejected().then_some("true")
                aria-describedby=about.described_by.clone()
            />
            {list}
            <Below hint_id=about.hint_id hint error_id=about.error_id rejection=about.rejection />
        </div>
    }
}

/// A labelled text area.
#[component]
pub fn Lines(
    /// Name of the form in notices.
    form: &'static str,
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// Hint below the field.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Initial value.
    #[prop(optional, into)]
    given: Option<String>,
    /// Number of visible lines.
    #[prop(default = 3)]
    rows: u32,
    /// Maximum length in characters.
    #[prop(default = 1_000)]
    max_length: usize,
) -> impl IntoView {
    let hint = hint.filter(|hint| !hint.is_empty());
    let about = About::of(form, &name, hint.is_some());
    let text = in_textarea(&about.kept.clone().or(given).unwrap_or_default());
    view! {
        <div class="field">
            <label for=about.id.clone()>{label}</label>
            <textarea
                id=about.id.clone()
                name=name
                rows=rows.to_string()
                maxlength=max_length.to_string()
                autofocus=about.is_rejected()
                aria-invalid=about.is_rejected().then_some("true")
                aria-describedby=about.described_by.clone()
            >
                {text}
            </textarea>
            <Below hint_id=about.hint_id hint error_id=about.error_id rejection=about.rejection />
        </div>
    }
}

/// Escapes a text for a `<textarea>`. Leptos 0.8 does not escape it, so a text could close the element and continue as
/// markup. A browser drops a newline right after the tag, so one is added.
#[must_use]
pub fn in_textarea(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

/// A labelled `<select>`.
#[component]
pub fn Choice(
    /// Name of the form in notices.
    form: &'static str,
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// The options.
    choices: Choices,
    /// Hint below the field.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The initial choice.
    #[prop(optional, into)]
    given: Option<String>,
) -> impl IntoView {
    let about = About::of(form, &name, hint.is_some());
    let chosen = about.kept.clone().or(given).unwrap_or_default();
    let options = choices
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=about.id.clone()>{label}</label>
            <select
                id=about.id.clone()
                name=name
                autofocus=about.is_rejected()
                aria-invalid=about.is_rejected().then_some("true")
                aria-describedby=about.described_by.clone()
            >
                {options}
            </select>
            <Below hint_id=about.hint_id hint error_id=about.error_id rejection=about.rejection />
        </div>
    }
}

/// A checkbox or radio button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOption {
    /// Value in the form.
    pub value: String,
    /// Label.
    pub words: String,
    /// Hint; may be empty.
    pub means: String,
}

/// A group of checkboxes, or of radio buttons.
#[component]
pub fn CheckGroup(
    /// Name of the form in notices.
    form: &'static str,
    /// Name of the field, without brackets.
    name: &'static str,
    /// Legend of the group.
    legend: &'static str,
    /// The checkboxes.
    options: Vec<CheckOption>,
    /// The values that are checked at first.
    given: Vec<String>,
    /// Hint below the group.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether they are radio buttons.
    #[prop(optional)]
    only_one: bool,
) -> impl IntoView {
    let notice = use_context::<Notice>().unwrap_or_default();
    let checked = notice.all_kept_of(form, name).unwrap_or(given);
    let about = About::of(form, name, hint.is_some());
    let sent_as = if only_one {
        name.to_owned()
    } else {
        format!("{name}[]")
    };
    let boxes = options
        .into_iter()
        .enumerate()
        .map(|(place, option)| {
            let id = format!("{}-{place}", about.id);
            let means_id = format!("{id}-means");
            let has_meaning = !option.means.is_empty();
            view! {
                <div class="tick">
                    <input
                        id=id.clone()
                        type=if only_one { "radio" } else { "checkbox" }
                        name=sent_as.clone()
                        checked=checked.contains(&option.value)
                        value=option.value
                        aria-describedby=has_meaning.then(|| means_id.clone())
                    />
                    <label for=id>{option.words}</label>
                    {has_meaning.then(|| view! { <p class="hint" id=means_id>{option.means}</p> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field ticks" aria-describedby=about.described_by.clone()>
            <legend>{legend}</legend>
            {boxes}
            <Below hint_id=about.hint_id hint error_id=about.error_id rejection=about.rejection />
        </fieldset>
    }
}

/// A form with its submit button and an optional link to cancel.
#[component]
pub fn PostForm(
    /// URL that the form is posted to.
    action: &'static str,
    /// Label of the submit button.
    submit: &'static str,
    /// URL of the link to cancel; empty for none.
    #[prop(optional, into)]
    cancel: Option<String>,
    /// Hidden fields.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// Fields.
    children: Children,
) -> impl IntoView {
    let hidden = hidden_fields(fields);
    view! {
        <form method="post" action=action class="form">
            <FormToken action=action />
            {hidden}
            {children()}
            <div class="form-actions">
                <button type="submit" class="button button-main">{submit}</button>
                {cancel.filter(|href| !href.is_empty()).map(|href| view! { <a class="button" href=href>"Cancel"</a> })}
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_textarea() {
        let text = in_textarea("</textarea><img src=x> &amp; \n");
        assert_eq!(text, "\n&lt;/textarea>&lt;img src=x> &amp;amp; \n");
    }
}
