//! Messages of cargo-deny 0.20, shortened.

use super::*;

const VULNERABILITY: &str = r#"{"fields":{"advisory":{"id":"RUSTSEC-2020-0071","package":"time"},"code":"vulnerability","graphs":[{"Krate":{"name":"time","version":"0.1.43"},"parents":[{"Krate":{"name":"service","version":"0.1.0"}}]}],"labels":[{"column":1,"line":2,"message":"security vulnerability detected","span":"time 0.1.43"}],"message":"Potential segfault in the time crate","notes":["ID: RUSTSEC-2020-0071","First line\nsecond line","Solution: Upgrade to >=0.2.23"],"severity":"error"},"type":"diagnostic"}"#;

const UNUSED: &str = r#"{"fields":{"code":"advisory-not-detected","graphs":[],"labels":[{"column":19,"line":3,"message":"no crate matched advisory criteria","span":"RUSTSEC-2021-0001"}],"message":"advisory was not encountered","severity":"warning"},"type":"diagnostic"}"#;

const UNKNOWN_YANKED: &str = r#"{"fields":{"code":"index-failure","graphs":[{"Krate":{"name":"time","version":"0.3.9"}}],"labels":[],"message":"unable to check for yanked crates","notes":["the index is absent"],"severity":"warning"},"type":"diagnostic"}"#;

const NO_DATABASE: &str = r#"{"fields":{"level":"ERROR","message":"failed to fetch advisory database https://git.example/db with cli: failed to clone: [\"clone\"]\nCloning into 'db'...\nfatal: unable to access 'https://git.example/db/': Could not resolve host: git.example\n","timestamp":"2026-01-02T03:04:05Z"},"type":"log"}"#;

const NO_CRATES: &str = r#"{"fields":{"level":"ERROR","message":"failed to fetch crates:     Updating index\nerror: failed to get `hex`\n\nCaused by:\n  failed to download from `https://index.example/config.json`\n\nCaused by:\n  [7] Could not connect to server\n","timestamp":"2026-01-02T03:04:05Z"},"type":"log"}"#;

const OUTDATED_LOCK: &str = r#"{"fields":{"level":"ERROR","message":"failed to fetch crates: error: cannot update the lock file because --locked was passed\n","timestamp":"2026-01-02T03:04:05Z"},"type":"log"}"#;

const MALFORMED: &str = r#"{"fields":{"code":"wanted","labels":[{"column":9,"line":5,"message":"expected an array","span":"3"}],"message":"","severity":"error"},"type":"diagnostic"}
{"fields":{"level":"ERROR","message":"failed to deserialize config from 'deny.toml'","timestamp":"2026-01-02T03:04:05Z"},"type":"log"}"#;

fn summary(errors: u64) -> String {
    format!(
        r#"{{"fields":{{"advisories":{{"errors":{errors},"helps":0,"notes":0,"warnings":0}}}},"type":"summary"}}"#
    )
}

fn advisories(messages: &[&str], succeeded: bool) -> Result<Report> {
    read(&messages.join("\n"), succeeded, ADVISORIES)
}

#[test]
fn a_check_without_findings_is_complete() {
    let report = advisories(&[&summary(0)], true).unwrap();
    assert_eq!(report, Report::default());
}

#[test]
fn a_vulnerability_is_a_finding_and_an_unused_exception_a_warning() {
    let report = advisories(&[VULNERABILITY, UNUSED, &summary(1)], false).unwrap();
    assert_eq!(
        report.findings,
        [
            "vulnerability: Potential segfault in the time crate (time 0.1.43)\n    \
             time 0.1.43: security vulnerability detected\n    \
             ID: RUSTSEC-2020-0071\n    \
             Solution: Upgrade to >=0.2.23"
        ]
    );
    assert_eq!(
        report.warnings,
        [
            "advisory-not-detected: advisory was not encountered (deny.toml)\n    \
             RUSTSEC-2021-0001: no crate matched advisory criteria"
        ]
    );
    assert!(report.is_complete());
}

#[test]
fn a_database_that_cannot_be_fetched_is_skipped() {
    let report = advisories(&[NO_DATABASE], false).unwrap();
    assert_eq!(
        report.skipped,
        [
            "advisories of crates because the advisory database cannot be fetched: fatal: unable to \
             access 'https://git.example/db/': Could not resolve host: git.example"
        ]
    );
    assert!(report.findings.is_empty());
}

#[test]
fn crates_that_cannot_be_downloaded_are_skipped() {
    let report = read(NO_CRATES, false, RULES).unwrap();
    assert_eq!(
        report.skipped,
        [
            "bans, licenses, sources of crates because crates cannot be downloaded: [7] Could not \
             connect to server"
        ]
    );
}

#[test]
fn versions_that_are_missing_in_the_index_are_skipped_beside_findings() {
    let report = advisories(&[VULNERABILITY, UNKNOWN_YANKED, &summary(1)], false).unwrap();
    assert_eq!(report.findings.len(), 1);
    assert_eq!(
        report.skipped,
        [
            "whether versions are yanked: time 0.3.9 because the index cannot be read: the index is absent"
        ]
    );
}

#[test]
fn every_other_failure_is_an_error() {
    for messages in [MALFORMED, OUTDATED_LOCK, "", "not JSON"] {
        assert!(advisories(&[messages], false).is_err(), "{messages}");
    }
    // A summary of another check.
    assert!(read(&summary(0), true, RULES).is_err());
    // The status, the summary and the diagnostics disagree.
    assert!(advisories(&[&summary(0)], false).is_err());
    assert!(advisories(&[&summary(1)], false).is_err());
    assert!(advisories(&[VULNERABILITY, &summary(1)], true).is_err());
    // The database is absent, but the status says success.
    assert!(advisories(&[NO_DATABASE], true).is_err());
}
