//! Relative times in words.

use super::Timestamp;

const MINUTE_MICROS: u64 = 60 * 1_000_000;
const HOUR_MICROS: u64 = 60 * MINUTE_MICROS;
const DAY_MICROS: u64 = 24 * HOUR_MICROS;

/// Days in a year, for counts of years and months.
const YEAR_DAYS: u64 = 365;

/// A shorter distance is "now": clocks differ by that much.
const NOW_MICROS: u64 = 1_000_000;

impl Timestamp {
    /// `3 minutes ago`, `in 29 days`: the distance from `now`, rounded down to whole units. Units above a day start at
    /// two, for precision: 59 days, 2 months; 23 months, 2 years.
    #[must_use]
    pub fn relative_to(self, now: Self) -> String {
        let micros = self.0.abs_diff(now.0);
        if micros < NOW_MICROS {
            return "now".to_owned();
        }
        let distance = distance(micros);
        if self > now {
            format!("in {distance}")
        } else {
            format!("{distance} ago")
        }
    }
}

fn distance(micros: u64) -> String {
    let days = micros / DAY_MICROS;
    let months = days * 12 / YEAR_DAYS;
    let years = days / YEAR_DAYS;
    let (count, unit) = if years >= 2 {
        (years, "year")
    } else if months >= 2 {
        (months, "month")
    } else if days >= 1 {
        (days, "day")
    } else if micros >= HOUR_MICROS {
        (micros / HOUR_MICROS, "hour")
    } else if micros >= MINUTE_MICROS {
        (micros / MINUTE_MICROS, "minute")
    } else {
        return "less than a minute".to_owned();
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_798_034_709_123);

    #[track_caller]
    fn check(seconds: i64, distance: &str) {
        let (past, future) = (NOW.plus_seconds(-seconds), NOW.plus_seconds(seconds));
        assert_eq!(past.relative_to(NOW), format!("{distance} ago"));
        assert_eq!(future.relative_to(NOW), format!("in {distance}"));
    }

    #[test]
    fn each_unit_starts_where_the_previous_one_ends() {
        let (minute, hour, day) = (60, 3_600, 86_400);
        for (seconds, distance) in [
            (1, "less than a minute"),
            (minute - 1, "less than a minute"),
            (minute, "1 minute"),
            (2 * minute - 1, "1 minute"),
            (2 * minute, "2 minutes"),
            (hour - 1, "59 minutes"),
            (hour, "1 hour"),
            (day - 1, "23 hours"),
            (day, "1 day"),
            (2 * day - 1, "1 day"),
            (30 * day - 1, "29 days"),
            (30 * day, "30 days"),
            (61 * day - 1, "60 days"),
            (61 * day, "2 months"),
            (365 * day - 1, "11 months"),
            (365 * day, "12 months"),
            (730 * day - 1, "23 months"),
            (730 * day, "2 years"),
            (3_650 * day, "10 years"),
        ] {
            check(seconds, distance);
        }
    }

    #[test]
    fn less_than_a_second_away_is_now() {
        for micros in [-999_999, -1, 0, 1, 999_999] {
            let at = Timestamp::from_micros(NOW.as_micros() + micros);
            assert_eq!(at.relative_to(NOW), "now", "{micros}");
        }
    }

    proptest! {
        #[test]
        fn any_two_times_have_a_relative_form(at: i64, now: i64) {
            let (at, now) = (Timestamp::from_micros(at), Timestamp::from_micros(now));
            let relative = at.relative_to(now);
            let way = if relative == "now" { 0 } else { i32::from(relative.starts_with("in ")) * 2 - 1 };
            prop_assert!(way == 0 || (way == 1) == (at > now), "{relative}");
        }
    }
}
