//! What every list has: search, filters, sort, a count, pages and an empty state. The state of all of it is the
//! address, so that it works with scripts off, can be shared, and is kept across a reload.
//!
//! A page parses its [`ListPlace`], reads the rows from the service, and wraps them in [`Listing`] and [`Table`].

use domain::platform::limits;
use leptos::prelude::*;

use crate::{
    model::platform::list::PAGE_SIZE,
    ui::{list::place::ListPlace, page::empty::Empty},
};

/// Singular and plural of what a list contains.
pub type Noun = (&'static str, &'static str);

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    title: &'static str,
    sort: &'static str,
    descends_first: bool,
}

impl Column {
    /// A column that cannot be sorted.
    #[must_use]
    pub const fn plain(title: &'static str) -> Self {
        Self::sorted(title, "")
    }

    /// A column sorted by this field, at first from A to Z.
    #[must_use]
    pub const fn sorted(title: &'static str, sort: &'static str) -> Self {
        Self {
            title,
            sort,
            descends_first: false,
        }
    }

    /// A column sorted by this field, at first from the newest or largest.
    #[must_use]
    pub const fn newest(title: &'static str, sort: &'static str) -> Self {
        Self {
            descends_first: true,
            ..Self::sorted(title, sort)
        }
    }

    /// The column of the Actions menus.
    pub const ACTIONS: Self = Self::plain("Actions");

    /// The title, which rows repeat as the label of their cell.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// The two values of `sort` for this column, the default direction first.
    fn ways(&self) -> [String; 2] {
        let (up, down) = (self.sort.to_owned(), format!("-{}", self.sort));
        if self.descends_first {
            [down, up]
        } else {
            [up, down]
        }
    }

    /// Labels of the two directions.
    const fn words(&self) -> [&'static str; 2] {
        if self.descends_first {
            ["newest first", "oldest first"]
        } else {
            ["A to Z", "Z to A"]
        }
    }
}

/// A list with its search form above and links to pages below. Without rows it shows that nothing matches the filters,
/// or `empty` when there are no filters.
#[component]
pub fn Listing(
    /// The parsed URL.
    place: ListPlace,
    /// Singular and plural of the rows.
    noun: Noun,
    /// Number of rows on all pages.
    count: i64,
    /// Columns, for the sort menu on narrow screens.
    #[prop(optional)]
    columns: &'static [Column],
    /// [`Filter`] fields.
    #[prop(optional_no_strip)]
    filters: Option<AnyView>,
    /// Empty state.
    empty: AnyView,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let narrowed = place.is_narrowed();
    view! {
        <SearchForm place=place.clone() noun count columns filters />
        {if count > 0 {
            children().into_any()
        } else if narrowed {
            view! { <NoMatch path=place.path.clone() noun /> }.into_any()
        } else {
            empty
        }}
        <Pages place count />
    }
}

/// The form above a list: search, filters, the sort menu and the number of rows.
#[component]
pub fn SearchForm(
    /// The parsed URL.
    place: ListPlace,
    /// Singular and plural of the rows.
    noun: Noun,
    /// Number of rows on all pages, unless the page shows it elsewhere.
    #[prop(into)]
    count: Option<i64>,
    /// Columns, for the sort menu on narrow screens.
    columns: &'static [Column],
    /// [`Filter`] fields.
    filters: Option<AnyView>,
) -> impl IntoView {
    let (one, many) = noun;
    let label = format!("Search {many}");
    let path = place.path.clone();
    view! {
        <form class="search" method="get" action=path role="search">
            <label class="visually-hidden" for="search">{label.clone()}</label>
            <input id="search" type="search" name="q" value=place.search.clone() placeholder=label autocomplete="off" maxlength="100" />
            {filters}
            <Sort place columns />
            <button type="submit" class="button">"Search"</button>
            {count.map(|count| view! { <p class="count" role="status">{counted(count, one, many)}</p> })}
        </form>
    }
}

/// What a list shows when nothing matches its filters.
#[component]
pub fn NoMatch(
    /// The path of the list.
    path: String,
    /// Singular and plural of the rows.
    noun: Noun,
) -> impl IntoView {
    let (one, many) = noun;
    view! {
        <Empty title=format!("No {one} matches")>
            <a href=path>{format!("Show all {many}")}</a>
        </Empty>
    }
}

/// A `<select>` that filters a list.
#[component]
pub fn Filter(
    /// The parsed URL.
    place: ListPlace,
    /// Name of the query parameter.
    name: &'static str,
    /// Label, such as "State".
    label: &'static str,
    /// The text of the choice that does not filter; without it, `choices` begins with that choice.
    #[prop(optional)]
    any: &'static str,
    /// Values and labels. An empty value does not filter.
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

/// The sort menu for narrow screens, where tables have no head. On wide screens it keeps the sort order in the form.
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

/// A table with sort links in its head.
#[component]
pub fn Table(
    /// The parsed URL.
    place: ListPlace,
    /// Columns.
    columns: &'static [Column],
    /// Rows.
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

/// Links to the previous and the next page.
#[component]
pub fn Pages(
    /// The parsed URL.
    place: ListPlace,
    /// Number of rows on all pages.
    count: i64,
) -> impl IntoView {
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
        format!("{} {many}", limited(count))
    }
}

/// A count of rows, which are counted up to [`limits::PAGE_OBJECTS`].
#[must_use]
pub fn limited(count: i64) -> String {
    let more = if count == limits::PAGE_OBJECTS {
        " or more"
    } else {
        ""
    };
    grouped(count) + more
}

/// A whole number with commas between thousands.
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
        assert_eq!(Column::newest("Created", "made").ways(), ["-made", "made"]);
    }

    #[test]
    fn things_are_counted_in_words_and_pages() {
        assert_eq!(counted(1, "token", "tokens"), "1 token");
        assert_eq!(counted(0, "token", "tokens"), "0 tokens");
        assert_eq!(counted(12_345, "token", "tokens"), "12,345 tokens");
        assert_eq!(counted(10_000, "token", "tokens"), "10,000 or more tokens");
        assert_eq!(grouped(-1_000), "-1,000");
        assert_eq!([0, 1, 50, 51].map(last_page), [0, 1, 1, 2]);
    }
}
