//! Search and pages of a list, as GET forms and links: their state is the address.

use leptos::prelude::*;
use leptos_router::location::Url;

/// Things on one page of a list.
pub const PAGE_SIZE: i64 = 50;

/// The search field above a list.
#[component]
pub fn Search(
    /// What is searched, for the label: "Search dashboards".
    label: &'static str,
    /// The list's path.
    action: &'static str,
    /// What was searched for.
    query: String,
    /// How many there are, in words: "12 dashboards".
    count: String,
) -> impl IntoView {
    view! {
        <form class="search" method="get" action=action role="search">
            <label class="unseen" for="search">{label}</label>
            <input id="search" type="search" name="q" value=query placeholder=label autocomplete="off" maxlength="100" />
            <button type="submit" class="button">"Search"</button>
            <p class="count" role="status">{count}</p>
        </form>
    }
}

/// The links to the pages before and after this one, when there are any.
#[component]
pub fn Pages(
    /// The list's path.
    path: &'static str,
    /// What was searched for.
    query: String,
    /// This page, the first is 1.
    page: i64,
    /// How many things the whole list has.
    count: i64,
) -> impl IntoView {
    let last = last_page(count);
    let href = move |page: i64| format!("{path}?q={}&page={page}", Url::escape(&query));
    (last > 1).then(|| {
        view! {
            <nav class="pages" aria-label="Pages">
                {(page > 1).then(|| view! { <a class="button" rel="prev" href=href(page - 1)>"Previous"</a> })}
                <span>{format!("Page {page} of {last}")}</span>
                {(page < last).then(|| view! { <a class="button" rel="next" href=href(page + 1)>"Next"</a> })}
            </nav>
        }
    })
}

/// The page that the address asks for: nonsense is the first.
#[must_use]
pub fn asked_page(text: Option<&str>) -> i64 {
    text.and_then(|text| text.parse().ok())
        .filter(|page| (1..=200).contains(page))
        .unwrap_or(1)
}

/// "1 dashboard", "12 dashboards".
#[must_use]
pub fn counted(count: i64, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

const fn last_page(count: i64) -> i64 {
    (count + PAGE_SIZE - 1) / PAGE_SIZE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_asks_for_the_first_page() {
        for (text, page) in [
            (None, 1),
            (Some("0"), 1),
            (Some("-1"), 1),
            (Some("x"), 1),
            (Some("7"), 7),
            (Some("201"), 1),
        ] {
            assert_eq!(asked_page(text), page, "{text:?}");
        }
    }

    #[test]
    fn things_are_counted_in_words_and_pages() {
        assert_eq!(counted(1, "token", "tokens"), "1 token");
        assert_eq!(counted(0, "token", "tokens"), "0 tokens");
        assert_eq!([0, 1, 50, 51].map(last_page), [0, 1, 1, 2]);
    }
}
