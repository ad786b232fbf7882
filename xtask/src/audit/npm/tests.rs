//! Reports of npm 11, shortened.

use serde_json::json;

use super::*;

/// A vulnerable package, and one that depends on it.
fn vulnerable() -> Value {
    json!({
        "auditReportVersion": 2,
        "vulnerabilities": {
            "minimist": {
                "name": "minimist",
                "severity": "critical",
                "via": [{
                    "source": 1_096_466,
                    "name": "minimist",
                    "title": "Prototype Pollution in minimist",
                    "url": "https://advisories.example/GHSA-xvch-5gv4-984h",
                    "severity": "critical",
                    "range": "<0.2.4"
                }],
                "effects": ["mkdirp"],
                "fixAvailable": false
            },
            "mkdirp": { "name": "mkdirp", "severity": "critical", "via": ["minimist"], "effects": [] }
        },
        "metadata": { "vulnerabilities": { "total": 2 }, "dependencies": { "total": 2 } }
    })
}

fn exception() -> Vec<Exception> {
    let text = r#"npm = [{ id = "GHSA-xvch-5gv4-984h", package = "minimist", reason = "a" }]"#;
    exceptions::Exceptions::parse(text).unwrap().npm
}

#[test]
fn a_vulnerability_is_one_finding() {
    let report = read(&vulnerable(), false, &[]).unwrap();
    assert_eq!(
        report.findings,
        [
            "GHSA-xvch-5gv4-984h (critical): Prototype Pollution in minimist, in minimist <0.2.4; \
             no fix\n    https://advisories.example/GHSA-xvch-5gv4-984h"
        ]
    );
    assert!(report.is_complete());
}

#[test]
fn npm_may_succeed_with_a_finding_below_its_audit_level() {
    assert_eq!(read(&vulnerable(), true, &[]).unwrap().findings.len(), 1);
}

#[test]
fn an_exception_covers_the_packages_that_depend_on_the_vulnerable_one() {
    let report = read(&vulnerable(), false, &exception()).unwrap();
    assert_eq!(report, Report::default());
}

#[test]
fn an_unused_exception_is_a_warning() {
    let mut clean = vulnerable();
    clean["vulnerabilities"] = json!({});
    let report = read(&clean, true, &exception()).unwrap();
    assert_eq!(report.warnings.len(), 1);
    assert!(report.findings.is_empty());
}

#[test]
fn an_error_of_the_audit_endpoint_is_skipped() {
    let rejected = json!({
        "message": "405 Method Not Allowed - POST https://registry.example/advisories/bulk",
        "method": "POST",
        "statusCode": 405,
        "body": "",
        "error": { "summary": "", "detail": "" }
    });
    let offline = json!({
        "message": "request to https://registry.example/advisories/bulk failed, reason: connect ECONNREFUSED",
        "error": { "summary": "", "detail": "" }
    });
    for answer in [rejected, offline] {
        let report = read(&answer, false, &exception()).unwrap();
        let message = answer["message"].as_str().unwrap();
        assert_eq!(
            report.skipped,
            [format!(
                "npm packages because the audit endpoint of the registry cannot be used: {message}"
            )]
        );
        assert!(report.warnings.is_empty());
        assert!(read(&answer, true, &[]).is_err());
    }
}

#[test]
fn every_other_failure_is_an_error() {
    let no_lock =
        json!({ "error": { "code": "ENOLOCK", "summary": "This command requires a lockfile." } });
    let mut unknown_version = vulnerable();
    unknown_version["auditReportVersion"] = json!(3);
    let mut unchecked = vulnerable();
    unchecked["metadata"]["dependencies"]["total"] = json!(0);
    let mut without_advisory = vulnerable();
    without_advisory["vulnerabilities"]["minimist"]["via"] = json!(["mkdirp"]);
    let mut without_cause = vulnerable();
    without_cause["vulnerabilities"]["mkdirp"]["via"] = json!(["absent"]);
    let mut without_finding = vulnerable();
    without_finding["vulnerabilities"] = json!({});
    for answer in [
        no_lock,
        unknown_version,
        unchecked,
        without_advisory,
        without_cause,
        without_finding,
        json!({}),
    ] {
        assert!(read(&answer, false, &exception()).is_err(), "{answer}");
    }
}
