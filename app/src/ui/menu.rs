//! The Actions menu of an object: a popover of links, which works without scripts. With scripts it is an ARIA menu
//! button with arrow keys, Home, End, first letters and Escape.

use leptos::{
    ev::KeyboardEvent,
    html::{Button, Div},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};

/// The Actions menu of the object with this id and name.
#[island]
pub(crate) fn ActionsMenu(
    /// The object's id; the button is `actions-<id>`.
    id: String,
    /// The object's name: the button's accessible description.
    name: String,
    /// Labels and addresses of the items.
    items: Vec<(String, String)>,
) -> impl IntoView {
    let menu = Menu::default();
    let button_id = format!("actions-{id}");
    let menu_id = format!("menu-{id}");
    let name_id = format!("menu-name-{id}");
    view! {
        <button
            node_ref=menu.button
            type="button"
            class="actions"
            id=button_id.clone()
            popovertarget=menu_id.clone()
            aria-haspopup="menu"
            aria-describedby=name_id.clone()
            on:keydown=move |event| menu.on_button_key(&event)
        >
            "Actions"
        </button>
        <span id=name_id hidden>{name}</span>
        <div
            node_ref=menu.popover
            id=menu_id
            class="menu"
            popover="auto"
            role="menu"
            aria-labelledby=button_id
            on:keydown=move |event| menu.on_menu_key(&event)
            on:toggle=move |_| menu.on_toggle()
        >
            {items
                .into_iter()
                .map(|(words, href)| view! { <a role="menuitem" href=href>{words}</a> })
                .collect_view()}
        </div>
    }
}

/// The button and the popover that it opens.
#[derive(Clone, Copy, Default)]
struct Menu {
    button: NodeRef<Button>,
    popover: NodeRef<Div>,
}

impl Menu {
    fn on_button_key(self, event: &KeyboardEvent) {
        let target = match event.key().as_str() {
            "ArrowDown" => FocusTarget::First,
            "ArrowUp" => FocusTarget::Last,
            _ => return,
        };
        event.prevent_default();
        self.press_button();
        self.focus(&target);
    }

    fn on_menu_key(self, event: &KeyboardEvent) {
        let key = event.key();
        let target = match key.as_str() {
            "ArrowDown" => FocusTarget::Next,
            "ArrowUp" => FocusTarget::Previous,
            "Home" => FocusTarget::First,
            "End" => FocusTarget::Last,
            "Tab" => return self.press_button(),
            letter if letter.chars().count() == 1 && !event.ctrl_key() && !event.meta_key() => {
                FocusTarget::StartingWith(letter.to_lowercase())
            }
            _ => return,
        };
        event.prevent_default();
        self.focus(&target);
    }

    fn on_toggle(self) {
        let popover = self.popover.get_untracked();
        let is_open = popover.is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
        if is_open && focused(&self.items()).is_none() {
            self.focus(&FocusTarget::First);
        }
    }

    /// Opens the menu, or closes it.
    fn press_button(self) {
        if let Some(button) = self.button.get_untracked() {
            button.click();
        }
    }

    fn focus(self, target: &FocusTarget) {
        let items = self.items();
        let index = index_of(target, &items, focused(&items));
        if let Some(item) = index.and_then(|at| items.get(at)) {
            // A failure leaves the focus where it is.
            let _ = item.focus();
        }
    }

    fn items(self) -> Vec<HtmlElement> {
        let found = self.popover.get_untracked();
        let found = found.and_then(|menu| menu.query_selector_all("[role=menuitem]").ok());
        found.map_or_else(Vec::new, |list| {
            (0..list.length())
                .filter_map(|at| list.item(at))
                .filter_map(|node| node.dyn_into().ok())
                .collect()
        })
    }
}

fn focused(items: &[HtmlElement]) -> Option<usize> {
    let focused = document().active_element()?;
    items
        .iter()
        .position(|item| item.is_same_node(Some(&focused)))
}

/// The item that gets the focus.
enum FocusTarget {
    First,
    Last,
    Next,
    Previous,
    StartingWith(String),
}

/// The index of the target; the search for a letter starts after the focused item and wraps around.
fn index_of(target: &FocusTarget, items: &[HtmlElement], focused: Option<usize>) -> Option<usize> {
    let count = items.len();
    if count == 0 {
        return None;
    }
    match target {
        FocusTarget::First => Some(0),
        FocusTarget::Last => Some(count - 1),
        FocusTarget::Next => Some(focused.map_or(0, |at| (at + 1) % count)),
        FocusTarget::Previous => Some(focused.map_or(count - 1, |at| (at + count - 1) % count)),
        FocusTarget::StartingWith(letter) => (1..=count)
            .map(|step| (focused.unwrap_or(count - 1) + step) % count)
            .find(|at| label_of(&items[*at]).starts_with(letter.as_str())),
    }
}

fn label_of(item: &HtmlElement) -> String {
    item.text_content()
        .unwrap_or_default()
        .trim()
        .to_lowercase()
}
