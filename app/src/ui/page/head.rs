//! The head of a page: breadcrumbs, heading and actions.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::isolated::Isolated;

/// A breadcrumb: URL and label.
pub type Breadcrumb = (String, String);

/// Creates a breadcrumb.
#[must_use]
pub fn step(href: impl Into<String>, words: impl Into<String>) -> Breadcrumb {
    (href.into(), words.into())
}

/// Window title, breadcrumbs and heading of a page, with actions beside the heading.
#[component]
pub fn PageHead(
    /// Heading.
    #[prop(into)]
    title: String,
    /// Window title, where heading and first breadcrumb are not distinctive.
    #[prop(optional, into)]
    window: Option<String>,
    /// Breadcrumbs, from the top.
    #[prop(optional)]
    breadcrumbs: Vec<Breadcrumb>,
    /// Buttons, an Actions menu, or a state.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let window = window.unwrap_or_else(|| title_with_section(&title, &breadcrumbs));
    view! {
        <Title text=window />
        <Breadcrumbs breadcrumbs here=title.clone() />
        <header class="page-head">
            <h1>{title}</h1>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}

/// The window title. It includes the first breadcrumb, because a dashboard and a detector may have the same name.
fn title_with_section(title: &str, breadcrumbs: &[Breadcrumb]) -> String {
    match breadcrumbs.first() {
        Some((_, words)) => format!("{title} · {words}"),
        None => title.to_owned(),
    }
}

#[component]
fn Breadcrumbs(breadcrumbs: Vec<Breadcrumb>, here: String) -> impl IntoView {
    let links = breadcrumbs
        .iter()
        .map(|(href, words)| view! { <li><a href=href.clone()><Isolated text=words.clone() /></a></li> })
        .collect_view();
    (!breadcrumbs.is_empty()).then(|| {
        view! {
            <nav class="breadcrumb" aria-label="Breadcrumb">
                <ol>
                    {links}
                    <li aria-current="page"><Isolated text=here /></li>
                </ol>
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_tells_what_kind_of_thing_its_page_is_about() {
        let breadcrumbs = [step("/teams", "Teams"), step("/teams/A", "Checkout")];
        assert_eq!(
            title_with_section("Edit Checkout", &breadcrumbs),
            "Edit Checkout · Teams"
        );
        assert_eq!(title_with_section("Teams", &[]), "Teams");
    }
}
