//! The fields of the form of permissions.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    model::objects::permissions::{FORM, PermissionRow, PermissionsForm},
    ui::{
        form::field::{CheckGroup, CheckOption, Choice, Field},
        isolated::Isolated,
    },
};

/// All fields: inherited, open to all members, or restricted to listed users and teams.
#[component]
pub(super) fn Fields(form: PermissionsForm) -> impl IntoView {
    let is_detector = form.kind == ItemKind::Detector;
    let legend = if is_detector {
        "Who can write"
    } else {
        "Who can read and write"
    };
    let modes = modes(form.group, is_detector);
    view! {
        <CheckGroup form=FORM name="mode" legend options=modes given=vec![form.mode] only_one=true />
        <fieldset class="field item">
            <legend>"These users and teams"</legend>
            <div class="form">
                <PermissionRows rows=form.rows is_detector />
                <div class="form-line">
                    <Field
                        form=FORM
                        name="add"
                        label="Add by email or team name"
                        may_be_empty=true
                        choices=form.choices
                    />
                    <button type="submit" class="button" name="step" value="add">"Add"</button>
                </div>
                {(!is_detector).then(|| view! { <OthersField given=form.others /> })}
            </div>
        </fieldset>
    }
}

fn modes(group: Option<String>, is_detector: bool) -> Vec<CheckOption> {
    let mode = |value: &str, words: &str, means: &str| CheckOption {
        value: value.to_owned(),
        words: words.to_owned(),
        means: means.to_owned(),
    };
    let inherit = group.map(|group| {
        let label = format!("The same as the group {group}");
        mode("inherit", &label, "Later changes of the group apply too.")
    });
    let readers = if is_detector {
        "All members can read detectors."
    } else {
        "Administrators can always read."
    };
    let own = [
        mode(
            "all",
            "All members of the organization",
            "Writing requires the role power user or administrator, here and below.",
        ),
        mode("these", "These users and teams", readers),
    ];
    inherit.into_iter().chain(own).collect()
}

/// The listed users and teams, each with its right.
#[component]
fn PermissionRows(rows: Vec<PermissionRow>, is_detector: bool) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"No users or teams yet."</p> }.into_any();
    }
    let rights: &[(&str, &str)] = if is_detector {
        &[("write", "Can write"), ("nothing", "Remove")]
    } else {
        &[
            ("write", "Can read and write"),
            ("read", "Can read"),
            ("nothing", "Remove"),
        ]
    };
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| view! { <PermissionTableRow index row rights /> })
        .collect_view();
    view! { <ul class="principals">{rows}</ul> }.into_any()
}

#[component]
fn PermissionTableRow(
    index: usize,
    row: PermissionRow,
    rights: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let id = format!("right-{index}");
    let options = rights
        .iter()
        .map(|(value, label)| view! { <option value=*value selected=*value == row.right>{*label}</option> })
        .collect_view();
    view! {
        <li>
            <label for=id.clone()><Isolated text=row.name /></label>
            <select id=id name=format!("right.{}", row.principal)>{options}</select>
        </li>
    }
}

/// What members who are not listed may do.
#[component]
fn OthersField(given: String) -> impl IntoView {
    let choices = [
        ("nothing", "Nothing"),
        ("read", "Read"),
        ("write", "Read and write"),
    ];
    let choices = choices.map(|(value, label)| (value.to_owned(), label.to_owned()));
    view! { <Choice form=FORM name="others" label="All other members can" choices=choices.to_vec() given /> }
}
