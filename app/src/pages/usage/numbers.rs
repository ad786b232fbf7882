//! Counts as text, and the line of totals.

use leptos::prelude::*;

use crate::{
    model::usage::CallCounts,
    ui::{bars::percent, list::listing::grouped},
};

/// The totals of all calls.
#[component]
pub(super) fn Totals(counts: CallCounts) -> impl IntoView {
    let totals = [
        ("Calls", grouped(counts.calls)),
        ("Rejected", part_of(counts.rejected, counts.calls)),
        ("Failed", part_of(counts.failed, counts.calls)),
        ("Average duration", average(&counts)),
        ("Sent", bytes(counts.bytes)),
    ];
    let totals = totals.map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> });
    view! { <dl class="figures">{totals}</dl> }
}

/// A part of the calls, with its share: "12 (3.4 %)"; a dash for none.
pub(super) fn part_of(part: i64, whole: i64) -> String {
    if part == 0 {
        "–".to_owned()
    } else {
        format!("{} ({})", grouped(part), percent(part, whole))
    }
}

/// The average duration of a call: "0.8 ms", "12 ms", "1.2 s"; a dash without calls.
#[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
pub(super) fn average(counts: &CallCounts) -> String {
    if counts.calls == 0 {
        return "–".to_owned();
    }
    let millis = counts.duration_us as f64 / counts.calls as f64 / 1_000.0;
    match millis {
        ..9.95 => format!("{millis:.1} ms"),
        ..999.5 => format!("{millis:.0} ms"),
        _ => format!("{:.1} s", millis / 1_000.0),
    }
}

/// A number of bytes: "0 B", "12 B", "1.2 kB", "3.4 GB".
#[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
pub(super) fn bytes(bytes: i64) -> String {
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
    fn numbers_have_two_digits_and_a_unit() {
        let took = |calls, duration_us| {
            average(&CallCounts {
                calls,
                duration_us,
                ..CallCounts::default()
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
        assert_eq!([part_of(0, 10), part_of(1, 10)], ["–", "1 (10 %)"]);
    }
}
