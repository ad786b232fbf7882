//! The objects that are linked to a team.

use leptos::prelude::*;

use crate::{
    model::{
        identity::team::LinkedObject,
        platform::{list::ListPage, paths::object_page},
    },
    ui::{isolated::Isolated, list::listing::counted, page::empty::Empty},
};

/// The objects that name a team.
#[component]
pub fn TeamLinks(
    /// The first objects, and the count of all.
    linked: ListPage<LinkedObject>,
) -> impl IntoView {
    let left_out = linked.count - i64::try_from(linked.rows.len()).unwrap_or(0);
    let links = linked
        .rows
        .iter()
        .map(|linked| {
            let name = linked.name.clone();
            let named = match object_page(linked.kind, &linked.id) {
                Some(page) => view! { <a href=page><Isolated text=name /></a> }.into_any(),
                None => view! { <Isolated text=name /> }.into_any(),
            };
            view! { <li>{named} " " <span class="quiet">{linked.kind.words()}</span></li> }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="links-heading">
            <h2 id="links-heading">"Linked objects"</h2>
            {if linked.rows.is_empty() {
                view! { <Empty title="No linked objects">"No detector or dashboard group that you can read names this team."</Empty> }
                    .into_any()
            } else {
                view! {
                    <ul class="places">{links}</ul>
                    {(left_out > 0).then(|| view! { <p class="hint">{counted(left_out, "more object is", "more objects are")} " linked."</p> })}
                }
                .into_any()
            }}
        </section>
    }
}
