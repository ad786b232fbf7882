//! The rules of a detector (docs/contract.md#detectors).

use crate::platform::{fields::Fields, notification::check_notifications, rejection::Rejected};

const SEVERITIES: &[&str] = &["Critical", "Major", "Minor", "Warning", "Info"];

const STATES: &[&str] = &["OK", "AUTO_RESOLVED", "STOPPED", "MANUALLY_RESOLVED"];

const MINUTE_MS: i64 = 60_000;

/// Bounds of the interval between two reminders: 5 minutes to 7 days, in milliseconds.
const REMINDER_MS: (i64, i64) = (5 * MINUTE_MS, 7 * 24 * 60 * MINUTE_MS);

pub(super) fn check_rule(rule: Fields<'_>) -> Result<(), Rejected> {
    rule.required("detectLabel", rule.text("detectLabel")?)?;
    check_alert(&rule)
}

/// Checks what a rule says about its alert: severity, texts, notifications and reminders. The rules of SLOs have the
/// same fields.
pub(crate) fn check_alert(rule: &Fields<'_>) -> Result<(), Rejected> {
    rule.required("severity", rule.word("severity", SEVERITIES)?)?;
    for field in [
        "description",
        "parameterizedBody",
        "parameterizedSubject",
        "runbookUrl",
        "tip",
    ] {
        rule.text(field)?;
    }
    rule.truth("disabled")?;
    check_notifications(rule, "notifications")?;
    for (index, state) in rule
        .texts("skipClearNotificationStates")?
        .iter()
        .enumerate()
    {
        if !STATES.contains(state) {
            let field = format!("skipClearNotificationStates[{index}]");
            return Err(rule.reject(&field, format!("must be one of {}", STATES.join(", "))));
        }
    }
    rule.within("reminderNotification", check_reminder)
}

fn check_reminder(reminder: Fields<'_>) -> Result<(), Rejected> {
    reminder.word("type", &["TIMEOUT"])?;
    let minutes = |field| {
        // Go clients may send an absent timeout as 0.
        let given = reminder
            .find(field)
            .filter(|value| value.as_i64() != Some(0));
        let number = match given {
            None => return Ok(None),
            Some(_) => reminder.whole_number(field, REMINDER_MS.0, REMINDER_MS.1)?,
        };
        if number.is_some_and(|number| number % MINUTE_MS != 0) {
            return Err(reminder.reject(field, "must be whole minutes, in milliseconds"));
        }
        Ok(number)
    };
    let interval = reminder.required("interval", minutes("interval")?)?;
    if minutes("timeout")?.is_some_and(|timeout| interval > timeout) {
        return Err(reminder.reject("interval", "is longer than the timeout"));
    }
    Ok(())
}
