//! A page of a list, as every list asks for it: one statement counts what the filter lets through, another lists it.

/// The rows of a page, and how many there are in all, [`domain::platform::limits::PAGE_OBJECTS`] at most. `$bound` binds the values
/// of the filter to a query; what the list may be long and where it begins are bound after them.
macro_rules! page_of {
    ($conn:expr, $page:expr, $count:expr, $list:expr, $row:ty, |$query:ident| $bound:expr) => {{
        let count = $crate::platform::dialect::on!($conn, c => {
            let $query = sqlx::query_scalar::<_, i64>($count);
            $bound.bind(domain::platform::limits::PAGE_OBJECTS).fetch_one(c).await
        })?;
        // No page begins behind what is counted: a client would loop for what it was not promised.
        let limit = $page.limit.min(count.saturating_sub($page.offset));
        let rows: Vec<$row> = if limit > 0 {
            $crate::platform::dialect::on!($conn, c => {
                let $query = sqlx::query_as::<_, $row>($list);
                $bound.bind(limit).bind($page.offset).fetch_all(c).await
            })?
        } else {
            Vec::new()
        };
        (count, rows)
    }};
}

pub(crate) use page_of;
