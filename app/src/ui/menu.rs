//! The Actions menu of an object. A popover of links, so it works with scripts off; awake, it is an ARIA menu button:
//! arrows, Home, End, first letters, Escape.

use leptos::{
    ev::KeyboardEvent,
    html::{Button, Div},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys,
};

/// The Actions menu of the object with this id and name.
#[island]
pub(crate) fn ActionsMenu(
    /// The object's id; the button is `actions-<id>`.
    id: String,
    /// The object's name: the button's accessible description.
    name: String,
    /// What the items are called and where they lead.
    items: Vec<(String, String)>,
) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let menu = NodeRef::<Div>::new();
    let button_id = format!("actions-{id}");
    let menu_id = format!("menu-{id}");
    let name_id = format!("menu-name-{id}");
    let on_button_key = move |event: KeyboardEvent| {
        let place = match event.key().as_str() {
            "ArrowDown" => Place::First,
            "ArrowUp" => Place::Last,
            _ => return,
        };
        event.prevent_default();
        if let Some(button) = button.get_untracked() {
            button.click();
        }
        focus(menu, &place);
    };
    let on_menu_key = move |event: KeyboardEvent| {
        let key = event.key();
        let place = match key.as_str() {
            "ArrowDown" => Place::Next,
            "ArrowUp" => Place::Previous,
            "Home" => Place::First,
            "End" => Place::Last,
            "Tab" => {
                if let Some(button) = button.get_untracked() {
                    button.click();
                }
                return;
            }
            letter if letter.chars().count() == 1 && !event.ctrl_key() && !event.meta_key() => {
                Place::StartingWith(letter.to_lowercase())
            }
            _ => return,
        };
        event.prevent_default();
        focus(menu, &place);
    };
    let on_toggle = move |_| {
        let open = menu
            .get_untracked()
            .is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
        if open && focused_in(menu).is_none() {
            focus(menu, &Place::First);
        }
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="actions"
            id=button_id.clone()
            popovertarget=menu_id.clone()
            aria-haspopup="menu"
            aria-describedby=name_id.clone()
            on:keydown=on_button_key
        >
            "Actions"
        </button>
        <span id=name_id hidden>{name}</span>
        <div
            node_ref=menu
            id=menu_id
            class="menu"
            popover="auto"
            role="menu"
            aria-labelledby=button_id
            on:keydown=on_menu_key
            on:toggle=on_toggle
        >
            {items
                .into_iter()
                .map(|(words, href)| view! { <a role="menuitem" href=href>{words}</a> })
                .collect_view()}
        </div>
    }
}

/// Where in the menu the focus goes.
enum Place {
    First,
    Last,
    Next,
    Previous,
    StartingWith(String),
}

fn focus(menu: NodeRef<Div>, place: &Place) {
    let items = items_of(menu);
    let count = items.len();
    if count == 0 {
        return;
    }
    let now = focused_in(menu);
    let target = match place {
        Place::First => Some(0),
        Place::Last => Some(count - 1),
        Place::Next => Some(now.map_or(0, |at| (at + 1) % count)),
        Place::Previous => Some(now.map_or(count - 1, |at| (at + count - 1) % count)),
        Place::StartingWith(letter) => (1..=count)
            .map(|step| (now.unwrap_or(count - 1) + step) % count)
            .find(|at| words_of(&items[*at]).starts_with(letter.as_str())),
    };
    if let Some(item) = target.and_then(|at| items.get(at)) {
        // A focus that fails leaves the focus where it was, which is what we would do about it.
        let _ = item.focus();
    }
}

fn items_of(menu: NodeRef<Div>) -> Vec<web_sys::HtmlElement> {
    let found = menu
        .get_untracked()
        .and_then(|menu| menu.query_selector_all("[role=menuitem]").ok());
    found.map_or_else(Vec::new, |list| {
        (0..list.length())
            .filter_map(|at| list.item(at))
            .filter_map(|node| node.dyn_into().ok())
            .collect()
    })
}

fn focused_in(menu: NodeRef<Div>) -> Option<usize> {
    let focused = document().active_element()?;
    items_of(menu)
        .iter()
        .position(|item| item.is_same_node(Some(&focused)))
}

fn words_of(item: &web_sys::HtmlElement) -> String {
    item.text_content()
        .unwrap_or_default()
        .trim()
        .to_lowercase()
}
