//! The title of the browser window.

/// Formats the title of a page. `leptos_meta` writes the result into the HTML unescaped, and a title can hold the name
/// of an object, so markup is escaped here.
pub(crate) fn window_title(title: String) -> String {
    let escaped = title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("{escaped} · Countersign")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_once() {
        let title = window_title("a & </title><b>".to_owned());
        assert_eq!(title, "a &amp; &lt;/title&gt;&lt;b&gt; · Countersign");
    }
}
