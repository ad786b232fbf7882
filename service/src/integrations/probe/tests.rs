//! Hosts on this machine that are probed as integrations are: plain, and with TLS.

use rustls::RootCertStore;
use tokio::time::timeout;

use super::*;
use crate::platform::test_hosts::{Authority, authority, host, listen, secure_host};

fn target(host: &str, port: u16, secure: bool) -> Target {
    let host = host.to_owned();
    Target { secure, host, port }
}

async fn error_of(probe: &Probe, target: &Target) -> String {
    let limit = Duration::from_millis(500);
    let error_of = probe.connect_within(target, limit).await.unwrap_err();
    error_of.to_string()
}

#[tokio::test]
async fn any_status_is_an_answer_and_no_redirect_is_followed() {
    for answer in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n",
    ] {
        let (port, request) = host(answer).await;
        let target = target("localhost", port, false);
        assert_eq!(Probe::new(true).connect(&target).await, Ok(()), "{answer}");
        let request = request.await.unwrap().to_lowercase();
        assert!(request.starts_with("head / http/1.1\r\n"), "{request}");
        assert!(
            request.contains(&format!("host: localhost:{port}\r\n")),
            "{request}"
        );
    }
}

#[tokio::test]
async fn a_private_address_is_not_connected_to_whatever_its_name() {
    let (listener, port) = listen().await;
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
    ] {
        let text = error_of(&Probe::new(false), &target(host, port, false)).await;
        assert!(
            text.contains("private") || text.contains("no address"),
            "{text}"
        );
    }
    let connected = timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(connected.is_err(), "the probe connected");
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_not_reached_and_the_reason_is_returned() {
    let probe = Probe::new(true);
    let (listener, port) = listen().await;
    let silent = target("127.0.0.1", port, false);
    assert!(
        error_of(&probe, &silent)
            .await
            .contains("no answer within 0.5 seconds")
    );
    let secure = Target {
        secure: true,
        ..silent.clone()
    };
    assert!(
        error_of(&probe, &secure)
            .await
            .contains("no answer within 0.5 seconds")
    );
    drop(listener);
    assert!(
        error_of(&probe, &silent)
            .await
            .contains("connection refused")
    );

    let (port, _asked) = host("SSH-2.0-OpenSSH\r\n").await;
    let text = error_of(&probe, &target("127.0.0.1", port, false)).await;
    assert!(text.contains("no HTTP answer"), "{text}");
    let (port, _asked) = host("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let text = error_of(&probe, &target("127.0.0.1", port, true)).await;
    assert!(text.contains("TLS failed"), "{text}");
    let (port, _asked) = host("").await;
    let text = error_of(&probe, &target("127.0.0.1", port, true)).await;
    assert!(text.contains("TLS failed"), "{text}");
    let text = error_of(&probe, &target("nothing.invalid", 80, false)).await;
    assert!(
        text.contains("no address") || text.contains("no answer"),
        "{text}"
    );
}

/// A probe that trusts this authority only.
fn trusting(authority: &Authority) -> Probe {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    Probe(HttpClient::trusting(Addresses::Any, roots))
}

#[tokio::test]
async fn a_host_with_a_trusted_certificate_is_reached() {
    let authority = authority("known");
    for name in ["localhost", "127.0.0.1"] {
        let answer = "HTTP/1.1 200 OK\r\n\r\n".to_owned();
        let (port, request) = secure_host(&authority, name, answer).await;
        let target = target(name, port, true);
        assert_eq!(
            trusting(&authority).connect(&target).await,
            Ok(()),
            "{name}"
        );
        let request = request.await.unwrap();
        assert!(request.starts_with("HEAD / HTTP/1.1\r\n"), "{request}");
    }
}

#[tokio::test]
async fn an_untrusted_certificate_or_one_of_another_host_is_reported_before_a_request_is_sent() {
    let (known, unknown) = (authority("known"), authority("unknown"));
    for (issuer, name, why) in [
        (&unknown, "localhost", "UnknownIssuer"),
        (&known, "elsewhere.example", "not valid for name"),
    ] {
        let (port, request) = secure_host(issuer, name, String::new()).await;
        let text = error_of(&trusting(&known), &target("localhost", port, true)).await;
        let begin = format!("localhost:{port} cannot be reached: TLS failed: ");
        assert!(text.starts_with(&begin) && text.contains(why), "{text}");
        assert_eq!(request.await.unwrap(), "", "{name} received a request");
    }
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_an_answer_and_not_followed() {
    let authority = authority("known");
    let (inside, private_port) = listen().await;
    for status in ["301 Moved Permanently", "307 Temporary Redirect"] {
        let answer =
            format!("HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:{private_port}/\r\n\r\n");
        let (port, request) = secure_host(&authority, "localhost", answer).await;
        let target = target("localhost", port, true);
        assert_eq!(trusting(&authority).connect(&target).await, Ok(()));
        request.await.unwrap();
    }
    let followed = timeout(Duration::from_millis(50), inside.accept()).await;
    assert!(followed.is_err(), "the redirect was followed");
}
