//! The fields of a form: label, input, hint, and why it was refused. Inside a page with a notice a field shows why it
//! was refused and keeps what was typed; the first that was refused has the focus.

use leptos::prelude::*;

use crate::model::platform::{list::Choices, notice::Notice};

/// What a field is, whatever one fills it in with.
struct About {
    id: String,
    hint_id: String,
    error_id: String,
    refusal: Option<String>,
    described_by: Option<String>,
    kept: Option<String>,
}

impl About {
    fn of(form: &str, name: &str, has_hint: bool) -> Self {
        let notice = use_context::<Notice>().unwrap_or_default();
        // The form says `limits[dpmQuota]`, the error `limits.dpmQuota`.
        let refused_as = name.replace('[', ".").replace(']', "");
        let refusal = notice
            .refusal_of(form, &refused_as)
            .or_else(|| notice.refusal_of(form, name));
        let id = format!("{form}-{}", refused_as.replace('.', "-"));
        let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
        let described_by: Vec<_> = [
            refusal.is_some().then(|| error_id.clone()),
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
            refusal,
        }
    }

    fn is_refused(&self) -> bool {
        self.refusal.is_some()
    }
}

/// What stands below a field.
#[component]
fn Below(
    hint_id: String,
    hint: Option<String>,
    error_id: String,
    refusal: Option<String>,
) -> impl IntoView {
    view! {
        {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        {refusal.map(|refusal| view! { <p class="field-error" id=error_id>{refusal}</p> })}
    }
}

/// A labelled input.
#[component]
pub fn Field(
    /// The form it belongs to, as the notice calls it.
    form: &'static str,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// The kind of input: `text`, `email`, `password`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What to know before typing.
    #[prop(optional, into)]
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
    /// The least and the most a number may be.
    #[prop(optional)]
    range: Option<(i64, i64)>,
    /// What may be chosen instead of typed.
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
                autofocus=focused || about.is_refused()
                maxlength=(kind != "number").then(|| max_length.to_string())
                min=range.map(|(least, _)| least.to_string())
                max=range.map(|(_, most)| most.to_string())
                value=about.kept.clone().or(given)
                list=list_id
                spellcheck="false"
                autocapitalize=(kind != "text").then_some("none")
                aria-invalid=about.is_refused().then_some("true")
                aria-describedby=about.described_by.clone()
            />
            {list}
            <Below hint_id=about.hint_id hint error_id=about.error_id refusal=about.refusal />
        </div>
    }
}

/// A labelled field for several lines.
#[component]
pub fn Lines(
    /// The form it belongs to, as the notice calls it.
    form: &'static str,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What stands in it before anything was typed.
    #[prop(optional, into)]
    given: Option<String>,
    /// Lines that are seen at once.
    #[prop(default = 3)]
    rows: u32,
    /// Characters it takes at most.
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
                autofocus=about.is_refused()
                aria-invalid=about.is_refused().then_some("true")
                aria-describedby=about.described_by.clone()
            >
                {text}
            </textarea>
            <Below hint_id=about.hint_id hint error_id=about.error_id refusal=about.refusal />
        </div>
    }
}

/// A text as the content of a `<textarea>`. Leptos 0.8 writes it as it is, so that a text could close the element and go
/// on as markup. A browser drops a newline right behind the tag, so that one of the text's own would be lost.
#[must_use]
pub fn in_textarea(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

/// A labelled choice of one among several.
#[component]
pub fn Choice(
    /// The form it belongs to, as the notice calls it.
    form: &'static str,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What may be chosen.
    choices: Choices,
    /// What to know before choosing.
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
                autofocus=about.is_refused()
                aria-invalid=about.is_refused().then_some("true")
                aria-describedby=about.described_by.clone()
            >
                {options}
            </select>
            <Below hint_id=about.hint_id hint error_id=about.error_id refusal=about.refusal />
        </div>
    }
}

/// One thing that can be ticked: its value, its words, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// What is sent.
    pub value: String,
    /// What it is called.
    pub words: String,
    /// What it means; may be empty.
    pub means: String,
}

/// Several things that can be ticked, or the one that can be picked.
#[component]
pub fn Ticks(
    /// The form it belongs to, as the notice calls it.
    form: &'static str,
    /// Its name in the form, without brackets.
    name: &'static str,
    /// What they are.
    legend: &'static str,
    /// The things.
    ticks: Vec<Tick>,
    /// The initially ticked choices.
    given: Vec<String>,
    /// What to know before ticking.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether only one can be picked.
    #[prop(optional)]
    only_one: bool,
) -> impl IntoView {
    let notice = use_context::<Notice>().unwrap_or_default();
    let ticked = notice.all_kept_of(form, name).unwrap_or(given);
    let about = About::of(form, name, hint.is_some());
    let sent_as = if only_one {
        name.to_owned()
    } else {
        format!("{name}[]")
    };
    let boxes = ticks
        .into_iter()
        .enumerate()
        .map(|(place, tick)| {
            let id = format!("{}-{place}", about.id);
            let means_id = format!("{id}-means");
            let has_meaning = !tick.means.is_empty();
            view! {
                <div class="tick">
                    <input
                        id=id.clone()
                        type=if only_one { "radio" } else { "checkbox" }
                        name=sent_as.clone()
                        checked=ticked.contains(&tick.value)
                        value=tick.value
                        aria-describedby=has_meaning.then(|| means_id.clone())
                    />
                    <label for=id>{tick.words}</label>
                    {has_meaning.then(|| view! { <p class="hint" id=means_id>{tick.means}</p> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field ticks" aria-describedby=about.described_by.clone()>
            <legend>{legend}</legend>
            {boxes}
            <Below hint_id=about.hint_id hint error_id=about.error_id refusal=about.refusal />
        </fieldset>
    }
}

/// A form that stands on a page of its own, or in a panel: its fields, and the button that sends it.
#[component]
pub fn Form(
    /// Where it is posted.
    action: &'static str,
    /// The words of its button.
    submit: &'static str,
    /// The page that is left as it was, when the form has a way out; empty for none.
    #[prop(optional, into)]
    cancel: Option<String>,
    /// What is sent with it and not seen.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// Its fields.
    children: Children,
) -> impl IntoView {
    let hidden = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <form method="post" action=action class="form">
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
