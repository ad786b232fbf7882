//! The figures of `/usage` in words, and all calls in a line of them.

use leptos::prelude::*;

use crate::{
    model::usage::{UsageFound, UsageNumbers},
    ui::{bars::percent, list::grouped},
};

/// All calls in a line.
#[component]
pub(crate) fn Total(found: UsageFound) -> impl IntoView {
    let numbers = found.total;
    let facts = [
        ("Calls", grouped(numbers.calls)),
        ("Refused", of(numbers.refused, numbers.calls)),
        ("Failed", of(numbers.failed, numbers.calls)),
        ("On average", average(&numbers)),
        ("Answered", bytes(numbers.bytes)),
    ];
    let facts = facts.map(|(name, fact)| view! { <div><dt>{name}</dt><dd>{fact}</dd></div> });
    view! { <dl class="figures">{facts}</dl> }
}

/// "12 (3.4 %)"; a dash for none.
pub(crate) fn of(part: i64, whole: i64) -> String {
    if part == 0 {
        "–".to_owned()
    } else {
        format!("{} ({})", grouped(part), percent(part, whole))
    }
}

/// How long a call took: "0.8 ms", "12 ms", "1.2 s".
#[expect(clippy::cast_precision_loss, reason = "two digits are told of it")]
pub(crate) fn average(numbers: &UsageNumbers) -> String {
    if numbers.calls == 0 {
        return "–".to_owned();
    }
    let millis = numbers.duration_us as f64 / numbers.calls as f64 / 1_000.0;
    match millis {
        ..9.95 => format!("{millis:.1} ms"),
        ..999.5 => format!("{millis:.0} ms"),
        _ => format!("{:.1} s", millis / 1_000.0),
    }
}

/// "0 B", "12 B", "1.2 kB", "3.4 GB".
#[expect(clippy::cast_precision_loss, reason = "two digits are told of it")]
pub(crate) fn bytes(bytes: i64) -> String {
    let mut number = bytes as f64;
    if number < 1_000.0 {
        return format!("{bytes} B");
    }
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB"] {
        if number < 999.5 {
            break;
        }
        number /= 1_000.0;
        unit = larger;
    }
    if number < 9.95 {
        format!("{number:.1} {unit}")
    } else {
        format!("{number:.0} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        let took = |calls, duration_us| {
            average(&UsageNumbers {
                calls,
                duration_us,
                ..UsageNumbers::default()
            })
        };
        assert_eq!(
            [
                took(0, 0),
                took(2, 1_600),
                took(1, 12_300),
                took(1, 1_200_000)
            ],
            ["–", "0.8 ms", "12 ms", "1.2 s"]
        );
        assert_eq!(
            [0, 999, 1_000, 1_250_000, 999_999].map(bytes),
            ["0 B", "999 B", "1.0 kB", "1.2 MB", "1.0 MB"]
        );
        assert_eq!([of(0, 10), of(1, 10)], ["–", "1 (10 %)"]);
    }
}
