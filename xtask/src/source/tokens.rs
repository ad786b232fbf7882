//! Paths inside macro arguments and attributes, which `syn` leaves as tokens.

use proc_macro2::{TokenStream, TokenTree};

/// The segments of a path: `["crate", "tokens", "Token"]`.
pub(super) type Segments = Vec<String>;

/// Returns every path in the tokens, at any nesting depth. A single identifier is a path of one segment; fields,
/// methods, lifetimes, macro variables and paths with a leading `::` are left out.
pub(super) fn paths(tokens: TokenStream) -> Vec<Segments> {
    let mut found = Vec::new();
    scan(tokens, &mut found);
    found
}

fn scan(tokens: TokenStream, found: &mut Vec<Segments>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let start = index;
        index += 1;
        match token {
            TokenTree::Group(group) => scan(group.stream(), found),
            TokenTree::Ident(first) => {
                let mut segments = vec![name(first)];
                while let (true, Some(TokenTree::Ident(next))) =
                    (is_separator(&tokens, index), tokens.get(index + 2))
                {
                    segments.push(name(next));
                    index += 3;
                }
                if is_path(&tokens, start, index, &segments) {
                    found.push(segments);
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Whether the identifiers from `start` to `end` stand where a path can stand.
fn is_path(tokens: &[TokenTree], start: usize, end: usize, segments: &[String]) -> bool {
    let before = |distance: usize| punct(tokens, start.checked_sub(distance)?);
    let is_field_name = segments.len() == 1
        && punct(tokens, end) == Some(':')
        && punct(tokens, end + 1) != Some(':');
    match before(1) {
        Some('.') => before(2) == Some('.'),
        Some('\'') => false,
        Some(':') => before(2) != Some(':') && !is_field_name,
        Some('$') => segments[0] == "crate",
        _ => !is_field_name,
    }
}

fn is_separator(tokens: &[TokenTree], index: usize) -> bool {
    punct(tokens, index) == Some(':') && punct(tokens, index + 1) == Some(':')
}

fn punct(tokens: &[TokenTree], index: usize) -> Option<char> {
    match tokens.get(index)? {
        TokenTree::Punct(punct) => Some(punct.as_char()),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => None,
    }
}

/// Returns the paths that stand in string literals, as in `#[serde(with = "crate::json::text")]`.
pub(super) fn quoted_paths(tokens: TokenStream) -> Vec<Segments> {
    let literals = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) => None,
    });
    let paths = literals.filter_map(|literal| literal.parse::<syn::Path>().ok());
    paths
        .map(|path| {
            path.segments
                .iter()
                .map(|segment| name(&segment.ident))
                .collect()
        })
        .collect()
}

/// An identifier's text, without the prefix of a raw one.
pub(super) fn name(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let found = paths(source.parse().unwrap());
        let found: Vec<String> = found.iter().map(|segments| segments.join("::")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn paths_are_found_at_any_depth() {
        check(
            "<Part at={crate::ui::at(1)}/>",
            &["Part", "at", "crate::ui::at"],
        );
        check("$crate::select!(x)", &["crate::select", "x"]);
        check("0..super::super::LIMIT", &["super::super::LIMIT"]);
    }

    #[test]
    fn fields_methods_lifetimes_and_foreign_paths_are_left_out() {
        check("a.b.c()", &["a"]);
        check("name: 1, &'a T, ::std::fs, $x", &["T"]);
        check("vec::<crate::Id>", &["vec", "crate::Id"]);
    }
}
