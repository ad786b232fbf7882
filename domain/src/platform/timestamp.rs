//! Timestamps: whole microseconds since 1970 UTC, one type from column to page.
//!
//! There is no clock here: the current time is an argument.

mod relative;

use serde::{Deserialize, Serialize};
use time::{
    Month, OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339,
    macros::format_description,
};

/// Microseconds in a millisecond, the unit of the API (docs/contract.md#timestamps).
const MICROS_PER_MILLI: i64 = 1_000;

/// Microseconds in a second.
const MICROS_PER_SECOND: i64 = 1_000_000;

/// Whether a text is a date and a time with an offset, such as `2026-12-23T14:05:09Z` (RFC 3339).
pub(crate) fn is_date_time(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

/// A time in UTC, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time this many microseconds after 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The time this many milliseconds after 1970, saturating.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(MICROS_PER_MILLI))
    }

    /// Microseconds since 1970, the unit of the database.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since 1970, rounded down, the unit of the API (docs/contract.md#timestamps).
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(MICROS_PER_MILLI)
    }

    /// The time rounded down to a millisecond, so that the API returns exactly what is stored.
    #[must_use]
    pub const fn to_whole_millis(self) -> Self {
        Self::from_millis(self.as_millis())
    }

    /// The time this many milliseconds later (earlier when negative).
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(
            self.0
                .saturating_add(millis.saturating_mul(MICROS_PER_MILLI)),
        )
    }

    /// The time this many seconds later (earlier when negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_millis(seconds.saturating_mul(1_000))
    }

    /// The time this many days of 24 hours later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Milliseconds from `earlier` to this time; negative when `earlier` is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0
            .saturating_sub(earlier.0)
            .div_euclid(MICROS_PER_MILLI)
    }

    /// `23 Dec 2026`, for pages.
    #[must_use]
    pub fn to_date(self) -> String {
        self.written(date)
    }

    /// `23 Dec 2026, 14:05 UTC`, for pages.
    #[must_use]
    pub fn to_date_and_time(self) -> String {
        self.written(|at| format!("{}, {} UTC", date(at), minute(at)))
    }

    /// `23 Dec 2026, 14:05:09 UTC`, for pages that need seconds.
    #[must_use]
    pub fn to_date_and_second(self) -> String {
        self.written(|at| format!("{}, {}:{:02} UTC", date(at), minute(at), at.second()))
    }

    /// `23 Dec`, where the year is obvious.
    #[must_use]
    pub fn to_short_date(self) -> String {
        self.written(|at| format!("{} {}", at.day(), month(at)))
    }

    /// `14:05` in UTC, where the day is obvious.
    #[must_use]
    pub fn to_time(self) -> String {
        self.written(minute)
    }

    /// `2026-12-23T14:05:09.123Z`, for `<time datetime>`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let millis = self.as_millis().rem_euclid(1_000);
        self.written(|at| format!("{}:{:02}.{millis:03}Z", field(at), at.second()))
    }

    /// `2026-12-23T14:05` in UTC, for an input of type `datetime-local`.
    #[must_use]
    pub fn to_field(self) -> String {
        self.written(field)
    }

    /// `20261223T1405`, for file names.
    #[must_use]
    pub fn to_date_of_file(self) -> String {
        self.to_field().replace(['-', ':'], "")
    }

    /// Parses the value of such an input, with or without seconds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let at = PrimitiveDateTime::parse(
            text,
            format_description!(
                version = 2,
                "[year]-[month]-[day]T[hour]:[minute][optional [:[second]]]"
            ),
        );
        let seconds = at.ok()?.assume_utc().unix_timestamp();
        Some(Self(0).plus_seconds(seconds))
    }

    /// Formats the UTC calendar time. A formatter that parses format descriptions would add more to the browser bundle
    /// than all formats written by hand.
    fn written(self, write: impl FnOnce(OffsetDateTime) -> String) -> String {
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(MICROS_PER_SECOND))
            .map_or_else(|_| format!("{} µs", self.0), write)
    }
}

fn date(at: OffsetDateTime) -> String {
    format!("{} {} {:04}", at.day(), month(at), at.year())
}

fn minute(at: OffsetDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn field(at: OffsetDateTime) -> String {
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    format!("{year:04}-{month:02}-{day:02}T{}", minute(at))
}

const fn month(at: OffsetDateTime) -> &'static str {
    match at.month() {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_formatted_for_pages_and_machines() {
        let at = Timestamp::from_millis(1_798_034_709_123);
        assert_eq!(at.to_date(), "23 Dec 2026");
        assert_eq!(at.to_date_and_time(), "23 Dec 2026, 14:05 UTC");
        assert_eq!(at.to_date_and_second(), "23 Dec 2026, 14:05:09 UTC");
        assert_eq!(at.to_short_date(), "23 Dec");
        assert_eq!(at.to_time(), "14:05");
        assert_eq!(at.to_rfc3339(), "2026-12-23T14:05:09.123Z");
        let early = Timestamp::from_millis(-1);
        assert_eq!(early.to_date_and_second(), "31 Dec 1969, 23:59:59 UTC");
        assert_eq!(early.to_rfc3339(), "1969-12-31T23:59:59.999Z");
        let small = Timestamp::from_millis(5_000_009);
        assert_eq!(small.to_rfc3339(), "1970-01-01T01:23:20.009Z");
    }

    #[test]
    fn an_input_is_parsed_to_the_minute_or_the_second() {
        let minute = Timestamp::from_millis(1_798_034_700_000);
        assert_eq!(minute.to_field(), "2026-12-23T14:05");
        assert_eq!(minute.to_date_of_file(), "20261223T1405");
        assert_eq!(Timestamp::parse("2026-12-23T14:05"), Some(minute));
        assert_eq!(
            Timestamp::parse("2026-12-23T14:05:09"),
            Some(minute.plus_seconds(9))
        );
        for text in ["", "2026-12-23", "2026-13-23T14:05", "1798034700000"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_outside_the_calendar_is_still_formatted() {
        assert_eq!(
            Timestamp::from_micros(i64::MAX).to_date(),
            format!("{} µs", i64::MAX)
        );
    }

    #[test]
    fn milliseconds_are_rounded_down() {
        assert_eq!(Timestamp::from_micros(1_999).as_millis(), 1);
        assert_eq!(Timestamp::from_micros(-1).as_millis(), -1);
        assert_eq!(
            Timestamp::from_micros(1_999).to_whole_millis(),
            Timestamp::from_millis(1)
        );
    }
}
