//! The operator of a command: the user of the operating system, who used `sudo`, and the host, as the audit log has them.

use std::process::{Command, Stdio};

use domain::platform::visible::in_one_line;
use rustix::{process::geteuid, system::uname};

/// Maximum length of each part, in characters: names of users are shorter, and `SUDO_USER` can have any text.
const PART_CHARACTERS: usize = 64;

/// The operator in one line, for [`service::Settings::operator`]. An administrator of the machine can forge each part.
pub(super) fn operator() -> String {
    let sudo_user = std::env::var("SUDO_USER").ok();
    let host = uname().nodename().to_string_lossy().into_owned();
    described(&user(), sudo_user.as_deref(), &host)
}

/// The name of the effective user, from the name service of the machine; its number where there is no name.
fn user() -> String {
    let mut id = Command::new("id");
    let found = id.arg("-un").stderr(Stdio::null()).output();
    let name = found
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| geteuid().as_raw().to_string())
}

fn described(user: &str, sudo_user: Option<&str>, host: &str) -> String {
    let sudo_user = sudo_user.filter(|name| !name.trim().is_empty());
    let parts = [
        Some(("user", user)),
        sudo_user.map(|name| ("SUDO_USER", name)),
        Some(("host", host)),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name} {}", part(value)))
        .collect();
    parts.join("; ")
}

/// A part without characters that end it or that a terminal interprets.
fn part(value: &str) -> String {
    let value: String = value.chars().take(PART_CHARACTERS).collect();
    in_one_line(&value).replace([';', '(', ')'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sudo_user: Option<&str>, expected: &str) {
        assert_eq!(described("root", sudo_user, "db1.example"), expected);
    }

    #[test]
    fn an_operator_is_user_sudo_user_and_host() {
        check(None, "user root; host db1.example");
        check(Some(""), "user root; host db1.example");
        check(Some("ada"), "user root; SUDO_USER ada; host db1.example");
    }

    #[test]
    fn a_part_cannot_look_like_another() {
        let forged = "ada; host x)\u{1b}[0m\n";
        check(
            Some(forged),
            "user root; SUDO_USER ada  host x  [0m ; host db1.example",
        );
        let long = "a".repeat(100);
        let cut = format!("user root; SUDO_USER {}; host db1.example", &long[..64]);
        check(Some(&long), &cut);
    }

    #[test]
    fn the_user_who_runs_this_has_a_name_or_a_number() {
        assert!(operator().starts_with("user "));
        assert!(!user().is_empty());
    }
}
