//! `/dashboards/{id}/permissions` and its likes: who may read and write, by a form that tells what it will change before
//! it does.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::{
        objects::permissions::{FORM, PermissionRow, PermissionsForm, Preview},
        platform::list::Choices,
    },
    pages::{
        objects::kind::{list_path, list_title, section_of},
        platform::frame::Frame,
    },
    ui::{
        failure::Failure,
        field::{Choice, Field, Tick, Ticks},
        head::{PageHead, step},
        notice::Banner,
    },
};

/// Who may read and write a dashboard.
#[component]
pub fn DashboardPermissionsPage() -> impl IntoView {
    view! { <PermissionsPage kind=ItemKind::Dashboard /> }
}

/// Who may read and write a dashboard group.
#[component]
pub fn GroupPermissionsPage() -> impl IntoView {
    view! { <PermissionsPage kind=ItemKind::DashboardGroup /> }
}

/// Who may write a detector.
#[component]
pub fn DetectorPermissionsPage() -> impl IntoView {
    view! { <PermissionsPage kind=ItemKind::Detector /> }
}

#[component]
fn PermissionsPage(kind: ItemKind) -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    view! {
        <Frame title="Permissions" section=section_of(kind)>
            {Suspend::new(async move {
                match fill_permissions(kind.label().to_owned(), id).await {
                    Ok(form) => {
                        provide_context(form.notice.clone());
                        view! { <Permissions form /> }.into_any()
                    }
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Permissions(form: PermissionsForm) -> impl IntoView {
    let kind = form.kind;
    let page = format!("{}/{}", list_path(kind), form.id);
    let trail = vec![
        step(list_path(kind), list_title(kind)),
        step(&page, &form.name),
    ];
    let asks = form.preview.is_some();
    view! {
        <PageHead title=format!("Permissions of {}", form.name) trail />
        <Banner />
        {if asks { view! { <Asking form page /> }.into_any() } else { view! { <Choosing form page /> }.into_any() }}
    }
}

/// The choices.
#[component]
fn Choosing(form: PermissionsForm, page: String) -> impl IntoView {
    let kind = form.kind;
    let tick = |value: &str, words: String, means: &str| Tick {
        value: value.to_owned(),
        words,
        means: means.to_owned(),
    };
    let mut ticks = Vec::new();
    if let Some(group) = &form.group {
        let words = format!("As its group {group}");
        ticks.push(tick("inherit", words, "What changes there changes here."));
    }
    ticks.push(tick(
        "everybody",
        "Everybody in the organization".to_owned(),
        "Writing needs the role power user or administrator, here and below.",
    ));
    ticks.push(tick(
        "these",
        "These people and teams".to_owned(),
        if kind == ItemKind::Detector {
            "Everybody may read a detector."
        } else {
            "Administrators may always read."
        },
    ));
    let legend = if kind == ItemKind::Detector {
        "Who may write"
    } else {
        "Who may read and write"
    };
    view! {
        <form method="post" class="form permissions-form">
            <input type="hidden" name="seen" value=form.seen_at.to_string() />
            <Ticks form=FORM name="mode" legend ticks given=vec![form.mode] only_one=true />
            <fieldset class="field item">
                <legend>"These people and teams"</legend>
                <div class="form">
                    <Named kind rows=form.rows />
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
                    {(kind != ItemKind::Detector).then(|| {
                        let choices = words_of(&[("nothing", "Nothing"), ("read", "Read"), ("write", "Read and write")]);
                        view! { <Choice form=FORM name="others" label="Everybody else may" choices given=form.others /> }
                    })}
                </div>
            </fieldset>
            <div class="form-actions">
                <button type="submit" class="button button-main" name="step" value="preview">"See what will change"</button>
                <a class="button" href=page>"Cancel"</a>
            </div>
        </form>
    }
}

fn words_of(choices: &[(&str, &str)]) -> Choices {
    let choices = choices.iter();
    choices
        .map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
        .collect()
}

/// Who is named, each with what they may do.
#[component]
fn Named(kind: ItemKind, rows: Vec<PermissionRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"Nobody is named yet."</p> }.into_any();
    }
    let rights: &[(&str, &str)] = if kind == ItemKind::Detector {
        &[("write", "May write"), ("nothing", "Not named any more")]
    } else {
        &[
            ("write", "May read and write"),
            ("read", "May read"),
            ("nothing", "Not named any more"),
        ]
    };
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(place, row)| {
            let id = format!("right-{place}");
            let options = rights
                .iter()
                .map(|(value, words)| view! { <option value=*value selected=*value == row.right>{*words}</option> })
                .collect_view();
            view! {
                <li>
                    <label for=id.clone()>{row.name}</label>
                    <select id=id name=format!("right.{}", row.who)>{options}</select>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="principals">{rows}</ul> }.into_any()
}

/// What saving would change, and the button that does.
#[component]
fn Asking(form: PermissionsForm, page: String) -> impl IntoView {
    let Preview { changes, warnings } = form.preview.unwrap_or_default();
    let nothing = changes.is_empty();
    let list = |items: Vec<String>| {
        items
            .into_iter()
            .map(|words| view! { <li>{words}</li> })
            .collect_view()
    };
    let rows = form
        .rows
        .into_iter()
        .map(|row| view! { <input type="hidden" name=format!("right.{}", row.who) value=row.right /> })
        .collect_view();
    view! {
        <section class="panel confirmation" aria-labelledby="changes-heading">
            <h2 id="changes-heading">"What will change"</h2>
            {if nothing {
                view! { <p>"Nothing changes for anybody."</p> }.into_any()
            } else {
                view! { <ul class="places">{list(changes)}</ul> }.into_any()
            }}
            {(!warnings.is_empty()).then(|| view! { <ul class="warnings">{list(warnings)}</ul> })}
            <form method="post">
                <input type="hidden" name="seen" value=form.seen_at.to_string() />
                <input type="hidden" name="mode" value=form.mode />
                <input type="hidden" name="others" value=form.others />
                {rows}
                <div class="form-actions">
                    {(!nothing).then(|| view! { <button type="submit" class="button button-main" name="step" value="save">"Save permissions"</button> })}
                    <button type="submit" class="button" name="step" value="change">"Change more"</button>
                    <a class="button" href=page>"Cancel"</a>
                </div>
            </form>
        </section>
    }
}

/// The form of an object's permissions. Posted to its page, it adds somebody, tells what will change, or saves.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for whoever may not change them.
#[server(prefix = "/ui", endpoint = "permissions/form")]
pub async fn fill_permissions(
    /// The kind of object.
    kind: String,
    /// The object.
    id: String,
) -> Result<PermissionsForm, UiError> {
    use crate::{
        pages::objects::permissions::form_server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let (kind, id) = (parameters::item_kind(&kind)?, parameters::id(&id)?);
    form_server::fill(&service, &caller, kind, id).await
}
