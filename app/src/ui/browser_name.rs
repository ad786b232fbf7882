//! The name of a browser, such as "Firefox 128 on Windows", from its `User-Agent` (RFC 9110). It helps users recognise
//! their browsers and proves nothing: a client can send any name.

/// Browsers by the text before their version. Most also send the names of others, so the order matters.
const BROWSERS: [(&str, &str); 5] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// Operating systems by a part of their name. Android and iOS also send Linux and macOS.
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The name of the browser; `None` when it is unknown.
#[must_use]
pub(super) fn in_words(client: &str) -> Option<String> {
    let (name, rest) = BROWSERS.iter().find_map(|(word, name)| {
        let (_, rest) = client.split_once(word)?;
        Some((*name, rest))
    })?;
    if name == "Safari" && !client.contains("Safari/") {
        return None;
    }
    let version: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let system = SYSTEMS.iter().find(|(word, _)| client.contains(word));
    let system = system.map_or("an unknown system", |(_, system)| system);
    Some(format!("{name} {version} on {system}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(client: &str, expected: Option<&str>) {
        assert_eq!(in_words(client).as_deref(), expected, "{client}");
    }

    #[test]
    fn browsers_are_distinguished_though_their_user_agents_name_each_other() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        check(
            &format!("{windows} {webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87"),
            Some("Edge 126 on Windows"),
        );
        check(
            &format!(
                "Mozilla/5.0 (Linux; Android 14) {webkit} Chrome/126.0.0.0 Mobile Safari/537.36"
            ),
            Some("Chrome 126 on Android"),
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            Some("Firefox 128 on Linux"),
        );
        let safari = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
        check(
            &format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {safari}"),
            Some("Safari 17 on macOS"),
        );
        check(
            &format!("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {safari}"),
            Some("Safari 17 on iOS"),
        );
    }

    #[test]
    fn what_is_no_browser_is_not_called_one() {
        for client in ["", "curl/8.5.0", "python-requests/2.32", "Version/", "🦊"] {
            check(client, None);
        }
    }
}
