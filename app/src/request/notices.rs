//! Handing a notice to the next page: in cookies only we write, for a minute.
//!
//! What was typed into a refused form can be longer than the 4,096 bytes a browser keeps of one cookie, so it travels in
//! several. What does not even fit those is not kept; that the form was refused, and why, is told all the same.

use leptos_router::location::Url;

use crate::{
    model::platform::notice::Notice,
    request::cookies::{Cookie, set_cookie, take_cookie},
};

/// Seconds a notice waits for the page that shows it.
const SECONDS: i64 = 60;

/// Bytes of one part.
const PART: usize = 3_500;

/// Parts at most: browsers keep some 180 cookies of a site, servers in front of us some 32 kB of headers.
const PARTS: usize = 6;

/// Gives the notice to the page that comes next.
pub(crate) fn hand_over(notice: &Notice) {
    let mut text = Url::escape(&notice.to_text());
    if text.len() > PART * PARTS {
        let shorter = Notice {
            kept: Vec::new(),
            ..notice.clone()
        };
        text = Url::escape(&shorter.to_text());
    }
    for (place, part) in parts(&text).into_iter().enumerate() {
        set_cookie(Cookie::Notice(place), &part, SECONDS);
    }
}

/// What the last form has to say, taken away from the browser as it is read.
pub(crate) fn take_notice() -> Notice {
    let parts = (0..PARTS).map_while(|place| take_cookie(Cookie::Notice(place)));
    whole(parts)
        .and_then(|text| Notice::from_text(&Url::unescape(&text)))
        .unwrap_or_default()
}

/// The text cut into parts, the first of which begins with how many there are: others may be left of an older notice.
fn parts(text: &str) -> Vec<String> {
    // Escaped text is ASCII, so that it can be cut anywhere.
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

/// The text of these parts; `None` when one is missing.
fn whole(parts: impl Iterator<Item = String>) -> Option<String> {
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
    fn a_long_notice_comes_back_whole_whatever_an_older_one_left() {
        for length in [0, 1, PART - 1, PART, PART + 1, PART * 3] {
            let text = "ab%20".repeat(length / 5 + 1);
            let mut parts = parts(&text);
            parts.push("left over".to_owned());
            assert_eq!(whole(parts.into_iter()).as_deref(), Some(text.as_str()));
        }
        assert_eq!(whole(std::iter::empty()), None);
        assert_eq!(whole(["2.ab".to_owned()].into_iter()), None);
        assert_eq!(whole(["nonsense".to_owned()].into_iter()), None);
    }
}
