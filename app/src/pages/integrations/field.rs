//! A field of an integration's form. A stored secret is not shown; an empty field keeps it, and a checkbox removes it.

use leptos::prelude::*;

use crate::{
    model::{
        integrations::form::{FORM, FieldInput, FieldSecret, FieldValue, REMOVE},
        platform::list::Choices,
    },
    ui::{
        form::field::{Choice, Field, Lines},
        list::listing::grouped,
    },
};

/// Characters of a line, of a text and of JSON. Texts hold whole lists and service keys.
const LINE_CHARACTERS: usize = 10_000;
const TEXT_CHARACTERS: usize = 100_000;
const JSON_CHARACTERS: usize = 1_000_000;

/// A field, with the checkbox that removes a stored secret where one can be removed.
#[component]
pub(super) fn SettingField(field: FieldValue) -> impl IntoView {
    let removal = match field.secret {
        FieldSecret::Removable(checked) => {
            let (name, label) = (field.name.clone(), field.label.clone());
            Some(view! { <RemovalCheckbox name label checked /> })
        }
        FieldSecret::Public | FieldSecret::NotSet | FieldSecret::Stored => None,
    };
    view! {
        <Control field />
        {removal}
    }
}

#[component]
fn RemovalCheckbox(name: String, label: String, checked: bool) -> impl IntoView {
    let id = format!("{FORM}-remove-{}", name.replace('.', "-"));
    let words = format!("Remove the stored {}", uncapitalized(&label));
    view! {
        <div class="tick">
            <input id=id.clone() type="checkbox" name=format!("{REMOVE}{name}") value="true" checked=checked />
            <label for=id>{words}</label>
        </div>
    }
}

/// A label within a sentence: "Shared secret" becomes "shared secret"; "API key" stays.
fn uncapitalized(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[component]
fn Control(field: FieldValue) -> impl IntoView {
    match field.input.clone() {
        FieldInput::Text => {
            view! { <TextArea field rows=5 max_length=TEXT_CHARACTERS hint="" /> }.into_any()
        }
        FieldInput::Lines => {
            view! { <TextArea field max_length=TEXT_CHARACTERS hint="One per line." /> }.into_any()
        }
        FieldInput::Pairs => {
            let hint = "One per line: name, colon, value.";
            view! { <TextArea field max_length=TEXT_CHARACTERS hint /> }.into_any()
        }
        FieldInput::Json => {
            view! { <TextArea field rows=5 max_length=JSON_CHARACTERS hint="As JSON." /> }
                .into_any()
        }
        FieldInput::Word(words) => {
            let choices = words.into_iter().map(|word| (word.clone(), word)).collect();
            view! { <IntegrationSelect choices not_set=is_optional(&field) field /> }.into_any()
        }
        FieldInput::Truth => {
            let choices = [("true", "Yes"), ("false", "No")]
                .map(|(value, words)| (value.to_owned(), words.to_owned()))
                .to_vec();
            view! { <IntegrationSelect choices not_set=true field /> }.into_any()
        }
        FieldInput::Number(least, most) => view! { <Number field least most /> }.into_any(),
        FieldInput::Line => view! { <Line field hint="" /> }.into_any(),
        FieldInput::Address => {
            view! { <Line field hint="Begins with https:// or http://." /> }.into_any()
        }
    }
}

#[component]
fn TextArea(
    field: FieldValue,
    #[prop(default = 3)] rows: u32,
    max_length: usize,
    hint: &'static str,
) -> impl IntoView {
    let (label, hint) = (label(&field), hint_with_secret(&field, hint));
    view! { <Lines form=FORM name=field.name label given=field.value rows max_length hint /> }
}

#[component]
fn IntegrationSelect(field: FieldValue, choices: Choices, not_set: bool) -> impl IntoView {
    let label = label(&field);
    let not_set = not_set.then(|| (String::new(), "Not set".to_owned()));
    let choices = not_set.into_iter().chain(choices).collect();
    view! { <Choice form=FORM name=field.name label choices given=field.value /> }
}

#[component]
fn Number(field: FieldValue, least: i64, most: i64) -> impl IntoView {
    let range = format!(
        "Milliseconds, from {} to {}.",
        grouped(least),
        grouped(most)
    );
    let (label, hint) = (label(&field), hint_with_secret(&field, &range));
    let may_be_empty = is_optional(&field);
    view! { <Field form=FORM name=field.name label kind="number" given=field.value may_be_empty hint range=(least, most) /> }
}

#[component]
fn Line(field: FieldValue, hint: &'static str) -> impl IntoView {
    let kind = if field.secret == FieldSecret::Public {
        "text"
    } else {
        "password"
    };
    let (label, hint) = (label(&field), hint_with_secret(&field, hint));
    let may_be_empty = is_optional(&field);
    view! { <Field form=FORM name=field.name label kind given=field.value may_be_empty max_length=LINE_CHARACTERS hint /> }
}

/// Whether the field may stay empty: a stored secret is kept.
fn is_optional(field: &FieldValue) -> bool {
    !field.required || field.secret == FieldSecret::Stored
}

fn label(field: &FieldValue) -> String {
    if field.required {
        field.label.clone()
    } else {
        format!("{} (optional)", field.label)
    }
}

fn hint_with_secret(field: &FieldValue, hint: &str) -> String {
    let about_secret = match field.secret {
        FieldSecret::Public => "",
        FieldSecret::NotSet => "Stored encrypted and not shown again.",
        FieldSecret::Stored | FieldSecret::Removable(_) => {
            "A value is stored. Leave empty to keep it."
        }
    };
    format!("{about_secret} {hint}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_within_a_sentence_keeps_its_acronyms() {
        assert_eq!(uncapitalized("Shared secret"), "shared secret");
        assert_eq!(uncapitalized("API token"), "API token");
        assert_eq!(uncapitalized("Webhook URL"), "webhook URL");
    }
}
