//! What every list has: search, filters, sort, a count, pages and an empty state. The state of all of it is the address,
//! so that it works with scripts off, can be shared, and is kept across a reload.
//!
//! A page reads its [`ListPlace`], asks the service for what it says, and wraps its rows in [`Listing`] and [`Table`].

use leptos::prelude::*;

use crate::{
    model::platform::list::PAGE_SIZE,
    ui::{empty::Empty, list_place::ListPlace},
};

/// What the things of a list are called: one, several.
pub type Noun = (&'static str, &'static str);

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    title: &'static str,
    sort: &'static str,
    descends_first: bool,
}

impl Column {
    /// A column nothing is sorted by.
    #[must_use]
    pub const fn plain(title: &'static str) -> Self {
        Self::sorted(title, "")
    }

    /// A column the list can be sorted by: by this field, from A to Z at first.
    #[must_use]
    pub const fn sorted(title: &'static str, sort: &'static str) -> Self {
        Self {
            title,
            sort,
            descends_first: false,
        }
    }

    /// A column the list can be sorted by, the newest or the most at first.
    #[must_use]
    pub const fn newest(title: &'static str, sort: &'static str) -> Self {
        Self {
            descends_first: true,
            ..Self::sorted(title, sort)
        }
    }

    /// The column of the Actions menus.
    pub const ACTIONS: Self = Self::plain("Actions");

    /// What the address says to sort by this column first, and the other way round.
    fn ways(&self) -> [String; 2] {
        let (up, down) = (self.sort.to_owned(), format!("-{}", self.sort));
        if self.descends_first {
            [down, up]
        } else {
            [up, down]
        }
    }

    /// The two ways in words, for a choice.
    const fn words(&self) -> [&'static str; 2] {
        if self.descends_first {
            ["newest first", "oldest first"]
        } else {
            ["A to Z", "Z to A"]
        }
    }
}

/// A list: search, filters and sort above it, the count, and pages below. Where nothing is found it says so; where
/// there is nothing at all it shows `empty`, the next step.
#[component]
pub fn Listing(
    /// What the address asks for.
    place: ListPlace,
    /// What the things are called.
    noun: Noun,
    /// How many there are in all.
    count: i64,
    /// The columns, for the choice of sort on narrow screens.
    #[prop(optional)]
    columns: &'static [Column],
    /// Fields that filter the list: see [`Filter`].
    #[prop(optional_no_strip)]
    filters: Option<AnyView>,
    /// What is shown where there is nothing yet.
    empty: AnyView,
    /// The things.
    children: Children,
) -> impl IntoView {
    let (one, many) = noun;
    let narrowed = place.is_narrowed();
    let path = place.path.clone();
    let label = format!("Search {many}");
    view! {
        <form class="search" method="get" action=path.clone() role="search">
            <label class="visually-hidden" for="search">{label.clone()}</label>
            <input id="search" type="search" name="q" value=place.search.clone() placeholder=label autocomplete="off" maxlength="100" />
            {filters}
            <Sort place=place.clone() columns />
            <button type="submit" class="button">"Search"</button>
            <p class="count" role="status">{counted(count, one, many)}</p>
        </form>
        {if count > 0 {
            children().into_any()
        } else if narrowed {
            view! {
                <Empty title=format!("No {one} matches")>
                    <a href=path>{format!("Show all {many}")}</a>
                </Empty>
            }
            .into_any()
        } else {
            empty
        }}
        <Pages place count />
    }
}

/// A choice that filters a list; choosing nothing lets everything through.
#[component]
pub fn Filter(
    /// The list's address.
    place: ListPlace,
    /// Its name in the address.
    name: &'static str,
    /// What it is about: "State".
    label: &'static str,
    /// The text of the choice that does not filter; without it, `choices` begins with that choice.
    #[prop(optional)]
    any: &'static str,
    /// Each choice: its value, and its words. A choice with an empty value does not filter.
    choices: Vec<(String, String)>,
) -> impl IntoView {
    let any = (!any.is_empty()).then(|| (String::new(), any.to_owned()));
    let choices = any.into_iter().chain(choices);
    let id = format!("filter-{name}");
    let now = place.filter(name).to_owned();
    let options = choices.map(|(value, words)| {
        let selected = value == now;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <label class="visually-hidden" for=id.clone()>{label}</label>
        <select id=id name=name>{options.collect_view()}</select>
    }
}

/// On narrow screens, where a table has no head, the sort is chosen here; on wide ones it is only carried along.
#[component]
fn Sort(place: ListPlace, columns: &'static [Column]) -> impl IntoView {
    let options: Vec<_> = columns
        .iter()
        .filter(|column| !column.sort.is_empty())
        .flat_map(|column| {
            let title = column.title;
            let words = column.words().map(|words| format!("{title}, {words}"));
            column.ways().into_iter().zip(words)
        })
        .map(|(value, words)| {
            let selected = value == place.sort;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect();
    (!options.is_empty()).then(|| {
        view! {
            <label class="visually-hidden sort" for="sort">"Sort by"</label>
            <select id="sort" class="sort" name="sort">{options}</select>
        }
    })
}

/// A table whose head sorts it.
#[component]
pub fn Table(
    /// The list's address.
    place: ListPlace,
    /// Its columns.
    columns: &'static [Column],
    /// Its rows.
    children: Children,
) -> impl IntoView {
    let heads = columns
        .iter()
        .map(|column| view! { <Head place=place.clone() column=*column /> })
        .collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{children()}</tbody>
        </table>
    }
}

#[component]
fn Head(place: ListPlace, column: Column) -> impl IntoView {
    if column == Column::ACTIONS {
        return view! { <th scope="col"><span class="visually-hidden">{column.title}</span></th> }
            .into_any();
    }
    if column.sort.is_empty() {
        return view! { <th scope="col">{column.title}</th> }.into_any();
    }
    let [first, second] = column.ways();
    let descends = place.sort.starts_with('-');
    let is_sorted = place.sort == first || place.sort == second;
    let order = if descends { "descending" } else { "ascending" };
    let next = if place.sort == first { second } else { first };
    view! {
        <th scope="col" aria-sort=is_sorted.then_some(order)>
            <a href=place.address(&next, 1)>{column.title}</a>
        </th>
    }
    .into_any()
}

/// The links to the pages before and after this one, when there are any.
#[component]
fn Pages(place: ListPlace, count: i64) -> impl IntoView {
    let (page, last) = (place.page, last_page(count));
    let href = move |page: i64| place.address(&place.sort, page);
    (last > 1).then(|| {
        view! {
            <nav class="pages" aria-label="Pages">
                {(page > 1).then(|| view! { <a class="button" rel="prev" href=href((page - 1).min(last))>"Previous"</a> })}
                <span>{format!("Page {page} of {last}")}</span>
                {(page < last).then(|| view! { <a class="button" rel="next" href=href(page + 1)>"Next"</a> })}
            </nav>
        }
    })
}

/// "1 dashboard", "12 dashboards", "1,200 dashboards".
#[must_use]
pub fn counted(count: i64, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{} {many}", grouped(count))
    }
}

/// A whole number with its thousands set apart.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

const fn last_page(count: i64) -> i64 {
    (count + PAGE_SIZE - 1) / PAGE_SIZE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_sorted_one_way_and_then_the_other() {
        assert_eq!(Column::sorted("Name", "name").ways(), ["name", "-name"]);
        assert_eq!(Column::newest("Made", "made").ways(), ["-made", "made"]);
    }

    #[test]
    fn things_are_counted_in_words_and_pages() {
        assert_eq!(counted(1, "token", "tokens"), "1 token");
        assert_eq!(counted(0, "token", "tokens"), "0 tokens");
        assert_eq!(counted(12_345, "token", "tokens"), "12,345 tokens");
        assert_eq!(grouped(-1_000), "-1,000");
        assert_eq!([0, 1, 50, 51].map(last_page), [0, 1, 1, 2]);
    }
}
