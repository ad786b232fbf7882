//! The labels that a program publishes: a small tokenizer, not an engine (docs/contract.md#detectors).

/// The labels a program publishes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// Labels that are string literals.
    pub labels: Vec<String>,
    /// Whether a label is computed, so that any text may be a label.
    pub any: bool,
}

/// Finds the `publish` calls of a program. Comments and string contents are skipped.
#[must_use]
pub fn published(program: &str) -> Published {
    let tokens = tokens(program);
    let mut published = Published::default();
    for (index, token) in tokens.iter().enumerate() {
        let is_definition = index > 0 && tokens[index - 1] == ProgramToken::Name("def");
        if *token == ProgramToken::Name("publish")
            && !is_definition
            && tokens.get(index + 1) == Some(&ProgramToken::Sign('('))
        {
            match label(&tokens[index + 2..]) {
                Label::None => {}
                Label::Text(text) => published.labels.push(text),
                Label::Computed => published.any = true,
            }
        }
    }
    published
}

#[derive(Debug, PartialEq)]
enum ProgramToken<'a> {
    Name(&'a str),
    Text(String),
    Sign(char),
}

enum Label {
    None,
    Text(String),
    Computed,
}

/// The label among the arguments: the argument named `label`, else the first positional one.
fn label(tokens: &[ProgramToken<'_>]) -> Label {
    let arguments = arguments(tokens);
    let named = arguments.iter().find_map(|argument| match argument {
        [
            ProgramToken::Name("label"),
            ProgramToken::Sign('='),
            value @ ..,
        ] => Some(value),
        _ => None,
    });
    let first = arguments.first().copied().filter(|argument| {
        !argument.is_empty()
            && !matches!(
                argument,
                [ProgramToken::Name(_), ProgramToken::Sign('='), ..]
            )
    });
    match named.or(first) {
        None => Label::None,
        Some([ProgramToken::Text(text)]) => Label::Text(text.clone()),
        Some(_) => Label::Computed,
    }
}

/// The arguments of a call, up to its closing parenthesis.
fn arguments<'t, 'a>(tokens: &'t [ProgramToken<'a>]) -> Vec<&'t [ProgramToken<'a>]> {
    let (mut arguments, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            ProgramToken::Sign('(' | '[' | '{') => depth += 1,
            ProgramToken::Sign(')' | ']' | '}') if depth == 0 => {
                arguments.push(&tokens[start..index]);
                return arguments;
            }
            ProgramToken::Sign(')' | ']' | '}') => depth -= 1,
            ProgramToken::Sign(',') if depth == 0 => {
                arguments.push(&tokens[start..index]);
                start = index + 1;
            }
            ProgramToken::Name(_) | ProgramToken::Text(_) | ProgramToken::Sign(_) => {}
        }
    }
    arguments
}

fn tokens(program: &str) -> Vec<ProgramToken<'_>> {
    let mut tokens = Vec::new();
    let mut rest = program;
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if first == '\'' || first == '"' {
            let (text, after) = text(rest, first);
            tokens.push(ProgramToken::Text(text));
            rest = after;
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            tokens.push(ProgramToken::Name(&rest[..end]));
            rest = &rest[end..];
        } else {
            if !first.is_whitespace() {
                tokens.push(ProgramToken::Sign(first));
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

/// A string literal and the rest behind it. An unterminated literal extends to the end of the program.
fn text(from: &str, quote: char) -> (String, &str) {
    let triple: String = [quote; 3].iter().collect();
    let end = if from.starts_with(&triple) {
        triple
    } else {
        quote.to_string()
    };
    let mut rest = &from[end.len()..];
    let mut text = String::new();
    while let Some(first) = rest.chars().next() {
        if rest.starts_with(&end) {
            return (text, &rest[end.len()..]);
        }
        rest = &rest[first.len_utf8()..];
        if first != '\\' {
            text.push(first);
            continue;
        }
        let Some(escaped) = rest.chars().next() else {
            break;
        };
        rest = &rest[escaped.len_utf8()..];
        match escaped {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            '\'' | '"' | '\\' => text.push(escaped),
            other => text.extend(['\\', other]),
        }
    }
    (text, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(program: &str, labels: &[&str], any: bool) {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        assert_eq!(published(program), Published { labels, any }, "{program}");
    }

    #[test]
    fn labels_are_found_in_every_spelling() {
        check("A = data('cpu').publish('A', enable=False)", &["A"], false);
        check(
            "data('cpu').publish(\"two words\")\ndetect(A).publish(label='x')",
            &["two words", "x"],
            false,
        );
        check(
            "data('cpu').publish(enable=False, label = 'x' )",
            &["x"],
            false,
        );
        check("data('cpu') . publish (\n  'x'\n)", &["x"], false);
        check(r"data('cpu').publish('it\'s')", &["it's"], false);
        check(
            "data('cpu').publish('''long\nlabel''')",
            &["long\nlabel"],
            false,
        );
        check(
            "detect(when(A > 90, '5m')).publish('CPU', metric=f(1, [2, 3]))",
            &["CPU"],
            false,
        );
    }

    #[test]
    fn a_computed_label_is_any() {
        check("data('cpu').publish(label=x)", &[], true);
        check("data('cpu').publish(x)", &[], true);
        check("data('cpu').publish('a' + b)", &[], true);
    }

    #[test]
    fn comments_strings_and_definitions_publish_nothing() {
        check("# data('cpu').publish('x')\ndata('cpu')", &[], false);
        check("data(\"a.publish('x')\")", &[], false);
        check("data('cpu').publish()", &[], false);
        check("data('cpu').publish(enable=True)", &[], false);
        check("def publish(x):\n  return x", &[], false);
        check("data('cpu').republish('x')", &[], false);
    }

    #[test]
    fn an_unterminated_string_extends_to_the_end() {
        check("data('cpu).publish('x')", &[], false);
        check("data('cpu').publish('x'", &[], false);
        check("'\\", &[], false);
    }
}
