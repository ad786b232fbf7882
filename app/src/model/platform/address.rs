//! Addresses with a query string.

use leptos_router::location::Url;

/// The path, with the parameters as its query string if there are any.
///
/// The unreserved characters of RFC 3986 stay as they are, so that ids in addresses are readable and a link is the same
/// from the server as from the browser.
#[must_use]
pub fn address<'a>(path: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query: Vec<_> = parameters
        .into_iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// [`Url::escape`] escapes every sign on the server, but only some of them in the browser.
fn escaped(value: &str) -> String {
    let mut text = Url::escape(value);
    for (escape, sign) in [("%2D", "-"), ("%5F", "_"), ("%2E", "."), ("%7E", "~")] {
        text = text.replace(escape, sign);
    }
    for (sign, escape) in [
        ("!", "%21"),
        ("*", "%2A"),
        ("'", "%27"),
        ("(", "%28"),
        (")", "%29"),
    ] {
        text = text.replace(sign, escape);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreserved_characters_are_not_escaped() {
        assert_eq!(address("/audit", []), "/audit");
        assert_eq!(
            address("/audit", [("object", "aI-i_L.~1"), ("q", "a &%2D=é(1)")]),
            "/audit?object=aI-i_L.~1&q=a%20%26%252D%3D%C3%A9%281%29"
        );
    }
}
