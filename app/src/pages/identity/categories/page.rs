//! `/organization/categories`: the custom metric categories. The list is read and stored as a whole.

use domain::identity::custom_category::CustomCategory;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::model::platform::address::address;
use crate::{
    error::UiError,
    model::platform::{paths::CATEGORIES, viewer::administrates},
    pages::{identity::members::list::OrganizationHead, platform::frame::Frame},
    ui::{
        dialog::ask::Ask,
        form::field::{Field, PostForm},
        isolated::Isolated,
        object::{Actions, Offer, return_to},
        page::{empty::Empty, load::loaded, navigation::Section},
    },
};

const FORM: &str = "category";

/// The custom metric categories.
#[component]
pub fn CategoriesPage() -> impl IntoView {
    let (edit, delete) =
        use_query_map().with_untracked(|query| (query.get("edit"), query.get("delete")));
    view! {
        <Frame title="Custom categories" section=Section::Organization>
            <OrganizationHead at=CATEGORIES />
            {loaded(list_categories(), move |categories| view! { <Categories categories edit delete /> })}
        </Frame>
    }
}

#[component]
fn Categories(
    categories: Vec<CustomCategory>,
    edit: Option<String>,
    delete: Option<String>,
) -> impl IntoView {
    let named = |name: Option<String>| {
        let known = categories.iter().enumerate();
        name.and_then(|name| {
            known
                .clone()
                .find(|(_, category)| category.name == name)
                .map(|(place, category)| (place, category.clone()))
        })
        .filter(|_| administrates())
    };
    let (edited, to_delete) = (named(edit), named(delete));
    let is_full = categories.len() >= domain::platform::limits::CUSTOM_CATEGORIES;
    let rows = categories
        .iter()
        .enumerate()
        .map(|(place, category)| view! { <CategoryTableRow place category=category.clone() /> })
        .collect_view();
    view! {
        <p class="prose">
            {format!("Metrics can be counted under names of your own, up to {} of them.", domain::platform::limits::CUSTOM_CATEGORIES)}
        </p>
        <div class="columns">
            {if categories.is_empty() {
                view! { <Empty title="No custom categories yet">"Each category has a name, and optionally an alias and a description."</Empty> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">"Name"</th>
                                <th scope="col">"Alias"</th>
                                <th scope="col">"Description"</th>
                                <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                .into_any()
            }}
            <Editing edited=edited.map(|(_, category)| category) is_full />
        </div>
        {to_delete.map(|(place, category)| view! {
            <Ask
                heading=format!("Delete {}?", category.name)
                here=CATEGORIES.to_owned()
                return_to=return_to(&format!("category-{place}"))
                action=DeleteCategory::url()
                fields=vec![("name", category.name)]
                button="Delete"
                cancel="Keep it"
            >
                <p>"Metrics are no longer counted under this name. You can create it again."</p>
            </Ask>
        })}
    }
}

#[component]
fn CategoryTableRow(place: usize, category: CustomCategory) -> impl IntoView {
    let name = category.name.clone();
    let ask = |words, what: &str| Offer::Page(words, address(CATEGORIES, [(what, name.as_str())]));
    let offers = vec![ask("Edit", "edit"), ask("Delete", "delete")];
    view! {
        <tr>
            <th scope="row" data-label="Name"><Isolated text=category.name.clone() /></th>
            <td data-label="Alias">{category.alias}</td>
            <td data-label="Description">{category.description}</td>
            <td class="table-action">
                {administrates().then(|| view! {
                    <Actions id=format!("category-{place}") name=category.name here=CATEGORIES.to_owned() offers />
                })}
            </td>
        </tr>
    }
}

/// The form for a new or an existing category.
#[component]
fn Editing(edited: Option<CustomCategory>, is_full: bool) -> impl IntoView {
    if !administrates() {
        return view! { <p class="quiet">"Administrators create and edit categories."</p> }
            .into_any();
    }
    if is_full && edited.is_none() {
        return view! { <p class="quiet">"The maximum is reached. Delete a category to create another."</p> }.into_any();
    }
    let (heading, submit) = match &edited {
        Some(category) => (format!("Edit {}", category.name), "Save"),
        None => ("New category".to_owned(), "Create category"),
    };
    let cancel = if edited.is_some() { CATEGORIES } else { "" };
    let before = edited
        .as_ref()
        .map(|category| category.name.clone())
        .unwrap_or_default();
    let (alias, description) = edited
        .as_ref()
        .map(|category| (category.alias.clone(), category.description.clone()))
        .unwrap_or_default();
    let most = domain::platform::limits::NAME_CHARACTERS;
    let name = before.clone();
    view! {
        <section class="panel" aria-labelledby="category-heading">
            <h2 id="category-heading">{heading}</h2>
            <PostForm action=SaveCategory::url() submit cancel fields=vec![("before", before)]>
                <Field form=FORM name="name" label="Name" given=name max_length=most />
                <Field form=FORM name="alias" label="Alias (optional)" given=alias.unwrap_or_default() may_be_empty=true max_length=most />
                <Field form=FORM name="description" label="Description (optional)" given=description.unwrap_or_default() may_be_empty=true max_length=most />
            </PostForm>
        </section>
    }
    .into_any()
}

/// The custom metric categories.
///
/// # Errors
/// [`UiError::Denied`] for a caller with read-only access.
#[server(prefix = "/ui", endpoint = "category/list")]
pub async fn list_categories() -> Result<Vec<CustomCategory>, UiError> {
    use crate::request;
    let (service, caller) = request::signed_in()?;
    request::report(service.identity().list_custom_categories(&caller).await)
}

/// Creates a category, or updates the one named `before`.
///
/// # Errors
/// [`UiError::Rejected`] naming the field, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "category/save")]
pub async fn save_category(
    /// Current name; empty for a new category.
    before: String,
    /// The new name.
    name: String,
    /// Alias; may be empty.
    alias: String,
    /// Description; may be empty.
    description: String,
) -> Result<(), UiError> {
    use crate::{pages::identity::categories::server, request};
    let (service, caller) = request::signed_in()?;
    let texts = [
        ("name", &*name),
        ("alias", &*alias),
        ("description", &*description),
    ];
    let done = server::save(&service, &caller, &before, &texts).await;
    let page = if before.is_empty() {
        CATEGORIES.to_owned()
    } else {
        address(CATEGORIES, [("edit", before.as_str())])
    };
    request::Form::on(FORM, page)
        .then(CATEGORIES)
        .saying("The category is saved.")
        .keeping("name", &name)
        .keeping("alias", &alias)
        .keeping("description", &description)
        .ends(done)
}

/// Deletes a category.
///
/// # Errors
/// [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "category/delete")]
pub async fn delete_category(
    /// Name.
    name: String,
) -> Result<(), UiError> {
    use crate::{pages::identity::categories::server, request};
    let (service, caller) = request::signed_in()?;
    let done = server::delete(&service, &caller, &name).await;
    request::Form::on("delete-category", CATEGORIES)
        .saying("The category is deleted.")
        .ends(done)
}
