//! Reports of pip-audit 2.10, shortened.

use super::*;

const VULNERABLE: &str = r#"{"dependencies": [{"name": "idna", "version": "3.20", "vulns": []}, {"name": "requests", "version": "2.19.0", "vulns": [{"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"], "aliases": ["CVE-2018-18074", "GHSA-x84v-xcm2-53pg"], "description": "Sends credentials to other hosts."}]}], "fixes": []}"#;

const CLEAN: &str =
    r#"{"dependencies": [{"name": "idna", "version": "3.20", "vulns": []}], "fixes": []}"#;

const ONE_UNKNOWN: &str = r#"{"dependencies": [{"name": "idna", "version": "3.20", "vulns": []}, {"name": "requests", "skip_reason": "not found: requests (2.19.0)"}], "fixes": []}"#;

const ALL_UNKNOWN: &str = r#"{"dependencies": [{"name": "idna", "skip_reason": "not found: idna (3.20)"}, {"name": "requests", "skip_reason": "not found: requests (2.19.0)"}], "fixes": []}"#;

fn exception(id: &str) -> Vec<Exception> {
    let text = format!(r#"python = [{{ id = "{id}", package = "requests", reason = "a" }}]"#);
    exceptions::Exceptions::parse(&text).unwrap().python
}

#[test]
fn a_vulnerability_is_a_finding() {
    let report = read(VULNERABLE, "Found 1 known vulnerability", false, &[]).unwrap();
    assert_eq!(
        report.findings,
        [
            "PYSEC-2018-28, CVE-2018-18074, GHSA-x84v-xcm2-53pg, in requests 2.19.0; fixed in 2.20.0\n    \
             Sends credentials to other hosts."
        ]
    );
    assert!(report.is_complete());
}

#[test]
fn an_exception_names_any_of_the_ids() {
    for id in ["PYSEC-2018-28", "CVE-2018-18074", "GHSA-x84v-xcm2-53pg"] {
        let report = read(VULNERABLE, "", false, &exception(id)).unwrap();
        assert_eq!(report, Report::default());
    }
    let report = read(VULNERABLE, "", false, &exception("CVE-1")).unwrap();
    assert_eq!((report.findings.len(), report.warnings.len()), (1, 1));
}

#[test]
fn a_service_that_cannot_be_reached_is_skipped() {
    for stderr in [
        "Traceback (most recent call last):\n  File \"a.py\"\n\
         requests.exceptions.ConnectionError: Failed to resolve 'index.example'",
        "Traceback (most recent call last):\n\
         pip_audit._service.interface.ServiceError: 503",
        "ERROR:pip_audit._cli:Could not connect to the vulnerability feed",
    ] {
        let report = read("", stderr, false, &exception("CVE-1")).unwrap();
        let last = stderr.lines().last().unwrap();
        assert_eq!(
            report.skipped,
            [format!(
                "Python packages because the vulnerability service cannot be used: {last}"
            )]
        );
        assert!(report.warnings.is_empty());
    }
}

#[test]
fn packages_that_the_service_does_not_know_are_skipped() {
    let report = read(
        ALL_UNKNOWN,
        "No known vulnerabilities found",
        true,
        &exception("CVE-1"),
    );
    let skipped = "all 2 Python packages because the vulnerability service does not know them: \
                   not found: idna (3.20)";
    let expected = Report {
        skipped: vec![skipped.to_owned()],
        ..Report::default()
    };
    assert_eq!(report.unwrap(), expected);

    let report = read(ONE_UNKNOWN, "", true, &[]).unwrap();
    assert_eq!(
        report.skipped,
        [
            "Python packages requests because the vulnerability service does not know them: \
          not found: requests (2.19.0)"
        ]
    );
}

#[test]
fn every_other_failure_is_an_error() {
    let malformed = "ERROR:pip_audit._cli:requirement requests==2.0 does not contain a hash";
    assert!(read("", malformed, false, &[]).is_err());
    assert!(read("", "", true, &[]).is_err());
    assert!(read("not JSON", "", false, &[]).is_err());
    assert!(read("{}", "", true, &[]).is_err());
    assert!(read(r#"{"dependencies": []}"#, "", true, &[]).is_err());
    assert!(read(CLEAN, "", false, &[]).is_err());
    assert_eq!(read(CLEAN, "", true, &[]).unwrap(), Report::default());
}
