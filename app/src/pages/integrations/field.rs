//! A field of an integration's form: how it is filled in, and what it is for a secret.

use leptos::prelude::*;

use crate::{
    model::integrations::form::{FORM, FormValue, Input, REMOVE, Secret},
    ui::{
        field::{Choice, Field, Lines},
        list::grouped,
    },
};

/// A field as it is filled in; below a secret that may go, the tick that removes it.
#[component]
pub(crate) fn OneField(field: FormValue) -> impl IntoView {
    let removal = match field.secret {
        Secret::Removable(chosen) => {
            Some(view! { <Removal of=field.name.clone() label=field.label.clone() chosen /> })
        }
        Secret::No | Secret::NotSet | Secret::Stored => None,
    };
    view! {
        <FillIn field />
        {removal}
    }
}

#[component]
fn Removal(of: String, label: String, chosen: bool) -> impl IntoView {
    let id = format!("{FORM}-remove-{}", of.replace('.', "-"));
    let words = format!("Remove the stored {}", within_a_sentence(&label));
    view! {
        <div class="tick">
            <input id=id.clone() type="checkbox" name=format!("{REMOVE}{of}") value="true" checked=chosen />
            <label for=id>{words}</label>
        </div>
    }
}

/// "Shared secret" as it stands within a sentence; "API key" stays what it is.
fn within_a_sentence(label: &str) -> String {
    let mut signs = label.chars();
    match (signs.next(), signs.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(signs).collect()
        }
        _ => label.to_owned(),
    }
}

#[component]
fn FillIn(field: FormValue) -> impl IntoView {
    let FormValue {
        name,
        label,
        input,
        value,
        required,
        secret,
    } = field;
    let optional = !required || secret == Secret::Stored;
    let label = if required {
        label
    } else {
        format!("{label} (optional)")
    };
    let about_secret = match secret {
        Secret::No => None,
        Secret::NotSet => Some("Encrypted where it is stored, and not shown again."),
        Secret::Stored | Secret::Removable(_) => Some("One is stored. Leave it empty to keep it."),
    };
    let hint = |words: &str| {
        let about_secret = about_secret.unwrap_or_default();
        format!("{about_secret} {words}").trim().to_owned()
    };
    match input {
        Input::Text => view! { <Lines form=FORM name label given=value rows=5 max_length=100_000 hint=hint("") /> }.into_any(),
        Input::Lines => view! { <Lines form=FORM name label given=value max_length=100_000 hint=hint("One a line.") /> }.into_any(),
        Input::Pairs => view! { <Lines form=FORM name label given=value max_length=100_000 hint=hint("One a line: a name, a colon, a value.") /> }.into_any(),
        Input::Json => view! { <Lines form=FORM name label given=value rows=5 max_length=1_000_000 hint=hint("As JSON.") /> }.into_any(),
        Input::Word(words) => {
            let nothing = optional.then(|| (String::new(), "Not set".to_owned()));
            let choices = nothing.into_iter().chain(words.into_iter().map(|word| (word.clone(), word))).collect();
            view! { <Choice form=FORM name label choices given=value /> }.into_any()
        }
        Input::Truth => {
            let choices = [("", "Not set"), ("true", "Yes"), ("false", "No")].map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
            view! { <Choice form=FORM name label choices given=value /> }.into_any()
        }
        Input::Number(least, most) => {
            let words = format!("Milliseconds, from {} to {}.", grouped(least), grouped(most));
            view! { <Field form=FORM name label kind="number" given=value may_be_empty=optional hint=hint(&words) range=(least, most) /> }.into_any()
        }
        Input::Line | Input::Address => {
            let words = if input == Input::Address { "Begins with https:// or http://." } else { "" };
            let kind = if secret == Secret::No { "text" } else { "password" };
            view! { <Field form=FORM name label kind given=value may_be_empty=optional max_length=10_000 hint=hint(words) /> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_within_a_sentence_keeps_its_capitals() {
        assert_eq!(within_a_sentence("Shared secret"), "shared secret");
        assert_eq!(within_a_sentence("API token"), "API token");
        assert_eq!(within_a_sentence("Webhook URL"), "webhook URL");
    }
}
