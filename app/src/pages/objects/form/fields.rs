//! The fields of the form, by the kind of object.

use domain::{objects::permissions::ItemKind, platform::limits::OBJECT_NAME_CHARACTERS};
use leptos::prelude::*;

use crate::{
    model::{
        objects::form::{FORM, FirstRule, ObjectForm},
        platform::list::Choices,
    },
    ui::form::field::{Choice, Field, Lines},
};

/// Severities of rules, the most severe first.
const SEVERITIES: [&str; 5] = ["Critical", "Major", "Minor", "Warning", "Info"];

const PROGRAM_HINT: &str = "SignalFlow. A program publishes what it finds under a label: detect(…).publish('CPU is high').";

/// All fields. Group and first rule are settings of new objects only.
#[component]
pub(super) fn Fields(form: ObjectForm) -> impl IntoView {
    let (kind, is_new) = (form.kind, form.id.is_empty());
    let is_detector = kind == ItemKind::Detector;
    let has_group = is_new && kind == ItemKind::Dashboard;
    view! {
        <Field form=FORM name="name" label="Name" given=form.name focused=true max_length=OBJECT_NAME_CHARACTERS />
        <Lines form=FORM name="description" label="Description (optional)" given=form.description max_length=10_000 />
        {has_group.then(|| view! { <GroupField groups=form.groups given=form.group /> })}
        {is_detector.then(|| view! {
            <div class="code">
                <Lines form=FORM name="programText" label="Program" given=form.program rows=8 max_length=500_000 hint=PROGRAM_HINT />
            </div>
        })}
        {(is_new && is_detector).then(|| view! { <FirstRuleFields rule=form.first_rule /> })}
        {(kind != ItemKind::DashboardGroup).then(|| view! {
            <Lines form=FORM name="tags" label="Tags (optional)" given=form.tags max_length=20_000 hint="One per line." />
        })}
    }
}

#[component]
fn GroupField(groups: Choices, given: String) -> impl IntoView {
    let new_group = (String::new(), "A new group of the same name".to_owned());
    let choices = std::iter::once(new_group).chain(groups).collect();
    view! { <Choice form=FORM name="groupId" label="Group" choices given hint="Groups that you can write." /> }
}

#[component]
fn FirstRuleFields(rule: FirstRule) -> impl IntoView {
    let severities = SEVERITIES.map(|severity| (severity.to_owned(), severity.to_owned()));
    view! {
        <fieldset class="field item">
            <legend>"First rule"</legend>
            <div class="form">
                <Field form=FORM name="label" label="Label (optional)" given=rule.label may_be_empty=true hint="A label that the program publishes. Without one the detector is created without rules." />
                <Choice form=FORM name="severity" label="Severity" choices=severities.to_vec() given=rule.severity />
                <Field form=FORM name="email" label="Email to notify (optional)" kind="email" given=rule.email may_be_empty=true />
            </div>
        </fieldset>
    }
}
