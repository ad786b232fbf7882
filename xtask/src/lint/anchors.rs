//! The anchors of a Markdown document, by GitHub's rules.

/// Every anchor that a link can name: one for each heading, and those written as `<a id="…">`.
pub(super) fn of(document: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut is_code = false;
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        if let Some(heading) = heading(line) {
            anchors.push(unused(slug(heading), &anchors));
        }
        let ids = line.split("<a id=\"").skip(1);
        anchors.extend(ids.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    anchors
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    (1..=6)
        .contains(&level)
        .then(|| text.strip_prefix(' '))
        .flatten()
}

/// Lower case; letters, digits, `-` and `_` stay, spaces become `-`, all else goes.
fn slug(heading: &str) -> String {
    let kept = without_links(heading.trim()).to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// `[text](target)` becomes `text`.
fn without_links(heading: &str) -> String {
    let mut pieces = heading.split("](");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text += piece.split_once(')').map_or(piece, |(_, rest)| rest);
    }
    text
}

/// A second heading of the same text gets `-1`, a third `-2`.
fn unused(slug: String, anchors: &[String]) -> String {
    let numbered = (1..).map(|number| format!("{slug}-{number}"));
    let mut candidates = std::iter::once(slug.clone()).chain(numbered);
    candidates
        .find(|candidate| !anchors.contains(candidate))
        .unwrap_or(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_follow_the_rules_of_github() {
        let document = "# The wire contract\n\n## Errors\n\n### `GET /v2/token/{id}`: a_b\n## Errors\n\
                        ## See [api.md](api.md)\n```\n# no heading\n```\n#no heading\n<a id=\"here\"></a>\n";
        assert_eq!(
            of(document),
            [
                "the-wire-contract",
                "errors",
                "get-v2tokenid-a_b",
                "errors-1",
                "see-apimd",
                "here"
            ]
        );
    }
}
