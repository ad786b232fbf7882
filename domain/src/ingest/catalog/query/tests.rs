//! Parsing, printing and matching queries.

use proptest::prelude::*;

use super::{
    parser::{CHARACTERS, DEPTH},
    *,
};

#[test]
fn a_query_is_printed_by_its_structure() {
    let check = |query: &str, printed: &str| {
        assert_eq!(Query::parse(query).unwrap().to_string(), printed, "{query}");
    };
    check("", "");
    check("  ", "");
    check("a b", "a AND b");
    check("a AND b OR c", "(a AND b) OR c");
    check("a AND (b OR c)", "a AND (b OR c)");
    check("!a NOT (b c)", "NOT a AND NOT (b AND c)");
    check("!!a NOT !b", "a AND b");
    check("((a))", "a");
    check("host:web-1", "host:web-1");
    check("host:(a OR b*)", "host:a OR host:b*");
    check("host:(a (b OR c))", "host:a AND (host:b OR host:c)");
    check("host:a:b", r"host:a\:b");
    check(r#"host:"a b""#, r"host:a\ b");
    check(r#""AND" \OR"#, r"\AND AND \OR");
    check(r#"a:"""#, r#"a:"""#);
    check("a*b*", "a*b*");
    check(r#""a*""#, r"a\*");
    check("ANDy ORs not", "ANDy AND ORs AND not");
}

#[test]
fn a_mistake_is_rejected_with_its_position() {
    let deep = format!("{}a{}", "(".repeat(DEPTH + 1), ")".repeat(DEPTH + 1));
    let check = |query: &str, position: &str| {
        let rejected = Query::parse(query).unwrap_err();
        assert_eq!(rejected.field, "query");
        assert!(
            rejected.message.contains(position),
            "{query}: {}",
            rejected.message
        );
    };
    check("(a", "(character 1)");
    check("a)", "(character 2)");
    check("a AND", "(character 6)");
    check("AND a", "(character 1)");
    check("a OR OR b", "(character 6)");
    check("()", "(character 2)");
    check("!", "(character 2)");
    check("host:", "(character 6)");
    check("host: a", "(character 6)");
    check(":a", "(character 1)");
    check("ä \"b", "(character 3)");
    check("a\\", "(character 2)");
    check(&deep, &format!("(character {})", DEPTH + 1));
    check(&"a ".repeat(101), "(character 201)");
    check(&"a".repeat(2_001), "longer than 2000 characters");
}

#[test]
fn a_pattern_matches_whole_texts() {
    let check = |query: &str, text: &str, expected| {
        let found = Query::parse(query)
            .unwrap()
            .finds(|term| term.pattern.matches(text));
        assert_eq!(found, expected, "{query} {text}");
    };
    check("*", "", true);
    check("cpu*", "cpu", true);
    check("cpu*", "acpu", false);
    check("*.load", "cpu.load", true);
    check("c*u*d", "cpu.load", true);
    check("c*d*u", "cpu.load", false);
    check("ab*ba", "aba", false);
    check("a**a", "aa", true);
    check("*ä*", "käse", true);
    check("cpu", "CPU", false);
}

fn clause() -> impl Strategy<Value = Clause> {
    let text = "[a-zA-Z:*\"\\\\!() ä]{0,5}|AND|OR|NOT";
    let term = (
        proptest::option::of("[a-z:*\"\\\\!() ä]{1,4}|AND|OR"),
        proptest::collection::vec(text, 1..4),
    );
    let term = term.prop_map(|(field, parts)| {
        Clause::Term(Term {
            field,
            pattern: Pattern { parts },
        })
    });
    term.prop_recursive(4, 20, 3, |inner| {
        let several = || proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several().prop_map(Clause::All),
            several().prop_map(Clause::Any),
            inner
                .clone()
                .prop_filter_map("not a negation", |clause| match clause {
                    Clause::Not(_) => None,
                    Clause::Term(_) | Clause::All(_) | Clause::Any(_) =>
                        Some(Clause::Not(Box::new(clause))),
                }),
        ]
    })
}

proptest! {
    #[test]
    fn the_printed_form_parses_to_the_same_query(clause in clause()) {
        let query = Query(clause);
        let printed = query.to_string();
        prop_assume!(printed.chars().count() <= CHARACTERS);
        prop_assert_eq!(Query::parse(&printed).unwrap(), query, "{}", printed);
    }

    #[test]
    fn any_text_is_parsed_or_rejected(text in ".{0,80}|[()! a:*\"\\\\ANDORT]{0,80}") {
        let Ok(query) = Query::parse(&text) else { return Ok(()) };
        prop_assert_eq!(Query::parse(&query.to_string()).unwrap(), query);
    }

    #[test]
    fn the_range_of_a_pattern_contains_what_matches(text in "[ab\u{10FFFF}]{0,6}", query in "[ab\u{10FFFF}*]{1,4}") {
        let query = Query::parse(&query).unwrap();
        let pattern = &query.terms()[0].pattern;
        let range = pattern.range();
        if pattern.matches(&text) {
            prop_assert!(range.from <= text && text < range.to, "{:?}", range);
        }
    }
}
