//! The notice for the next page, stored in `HttpOnly` cookies for a minute.
//!
//! The values of a rejected form can be longer than the 4,096 bytes that a browser keeps of a cookie, so they are
//! stored in several. Values that do not fit those are dropped; the reason of the rejection is kept.

use leptos_router::location::Url;

use crate::{
    model::platform::notice::Notice,
    request::cookies::{Cookie, set_cookie, take_cookie},
};

/// Lifetime of a stored notice, in seconds.
const SECONDS: i64 = 60;

/// Maximum length of a part, in bytes.
const PART: usize = 3_500;

/// Maximum number of parts. Browsers keep about 180 cookies per site; proxies accept about 32 kB of headers.
const PARTS: usize = 6;

/// Stores a notice for the next page.
pub(crate) fn store(notice: &Notice) {
    let mut text = Url::escape(&notice.to_text());
    if text.len() > PART * PARTS {
        let without_values = Notice {
            kept: Vec::new(),
            ..notice.clone()
        };
        text = Url::escape(&without_values.to_text());
    }
    for (index, part) in parts(&text).into_iter().enumerate() {
        set_cookie(Cookie::Notice(index), &part, SECONDS);
    }
}

/// Reads the stored notice and deletes its cookies.
pub(crate) fn take_notice() -> Notice {
    let parts = (0..PARTS).map_while(|index| take_cookie(Cookie::Notice(index)));
    join(parts)
        .and_then(|text| Notice::from_text(&Url::unescape(&text)))
        .unwrap_or_default()
}

/// Splits a text. The first part begins with the number of parts, because cookies of an older notice may be left.
fn parts(text: &str) -> Vec<String> {
    // Escaped text is ASCII, so any split is valid UTF-8.
    let mut parts: Vec<String> = text
        .as_bytes()
        .chunks(PART)
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .collect();
    let count = parts.len();
    if let Some(first) = parts.first_mut() {
        *first = format!("{count}.{first}");
    }
    parts
}

/// Joins parts; `None` when one is missing.
fn join(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<_> = parts.collect();
    let (first, rest) = parts.split_first()?;
    let (count, text) = first.split_once('.')?;
    let more = count.parse::<usize>().ok()?.checked_sub(1)?;
    Some(format!("{text}{}", rest.get(..more)?.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_older_notice_are_ignored() {
        for length in [0, 1, PART - 1, PART, PART + 1, PART * 3] {
            let text = "ab%20".repeat(length / 5 + 1);
            let mut parts = parts(&text);
            parts.push("left over".to_owned());
            assert_eq!(join(parts.into_iter()).as_deref(), Some(text.as_str()));
        }
        assert_eq!(join(std::iter::empty()), None);
        assert_eq!(join(["2.ab".to_owned()].into_iter()), None);
        assert_eq!(join(["nonsense".to_owned()].into_iter()), None);
    }
}
