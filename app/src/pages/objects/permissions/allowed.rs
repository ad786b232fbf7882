//! The users and teams that may do something, as a list.

use leptos::prelude::*;

use crate::{model::objects::permissions::Allowed, ui::isolated::Isolated};

/// The list, or a text for all members or no one.
#[component]
pub fn AllowedList(
    /// The users and teams.
    allowed: Allowed,
    /// The text for all members.
    all_members: &'static str,
    /// The text for no one.
    #[prop(default = "No one")]
    no_one: &'static str,
) -> impl IntoView {
    match allowed {
        Allowed::AllMembers => all_members.into_any(),
        Allowed::These(names) if names.is_empty() => no_one.into_any(),
        Allowed::These(names) => {
            let items = names
                .into_iter()
                .map(|name| view! { <li><Isolated text=name /></li> })
                .collect_view();
            view! { <ul class="plain-list">{items}</ul> }.into_any()
        }
    }
}
