//! Hosts on this machine that are asked as integrations are: in the clear, and by TLS with certificates made here.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use super::*;

fn target(host: &str, port: u16, secure: bool) -> Target {
    let host = host.to_owned();
    Target { secure, host, port }
}

/// A host that answers one request with this and tells what it was asked.
async fn host(answer: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (port, asked)
}

async fn refused(reach: &Reach, target: &Target) -> String {
    let limit = Duration::from_millis(500);
    let refused = reach.knock_within(target, limit).await.unwrap_err();
    refused.to_string()
}

#[tokio::test]
async fn any_answer_is_an_answer_and_none_is_followed() {
    for answer in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n",
    ] {
        let (port, asked) = host(answer).await;
        let target = target("localhost", port, false);
        assert_eq!(Reach::new(true).knock(&target).await, Ok(()), "{answer}");
        let asked = asked.await.unwrap().to_lowercase();
        assert!(asked.starts_with("head / http/1.1\r\n"), "{asked}");
        assert!(
            asked.contains(&format!("host: localhost:{port}\r\n")),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn a_private_address_is_not_connected_to_whatever_its_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
    ] {
        let text = refused(&Reach::new(false), &target(host, port, false)).await;
        assert!(
            text.contains("private") || text.contains("no address"),
            "{text}"
        );
    }
    let knocked = timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(knocked.is_err(), "somebody connected");
}

#[tokio::test]
async fn whoever_does_not_answer_is_not_reached_and_the_reason_is_told() {
    let reach = Reach::new(true);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = target("127.0.0.1", listener.local_addr().unwrap().port(), false);
    assert!(
        refused(&reach, &silent)
            .await
            .contains("no answer within 0.5 seconds")
    );
    let secure = Target {
        secure: true,
        ..silent.clone()
    };
    assert!(
        refused(&reach, &secure)
            .await
            .contains("no answer within 0.5 seconds")
    );
    drop(listener);
    assert!(
        refused(&reach, &silent)
            .await
            .contains("connection refused")
    );

    let (port, _asked) = host("SSH-2.0-OpenSSH\r\n").await;
    let text = refused(&reach, &target("127.0.0.1", port, false)).await;
    assert!(text.contains("no HTTP answer"), "{text}");
    let (port, _asked) = host("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let text = refused(&reach, &target("127.0.0.1", port, true)).await;
    assert!(text.contains("TLS failed"), "{text}");
    let text = refused(&reach, &target("nothing.invalid", 80, false)).await;
    assert!(
        text.contains("no address") || text.contains("no answer"),
        "{text}"
    );
}

/// Who vouches for hosts.
pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn authority(name: &str) -> Authority {
    let mut wanted = CertificateParams::new(Vec::new()).unwrap();
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(wanted, KeyPair::generate().unwrap()).unwrap()
}

/// Somebody who trusts this authority and nobody else.
fn trusting(authority: &Authority) -> Reach {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let config = config_trusting(roots).unwrap();
    Reach {
        allow_private: true,
        tls: OnceCell::new_with(Some(Arc::new(config))),
    }
}

/// A host that shows a certificate for this name, answers one request with this and tells what it was asked: nothing
/// when nobody got that far.
pub(crate) async fn secure_host(
    authority: &Authority,
    name: &str,
    answer: String,
) -> (u16, JoinHandle<String>) {
    let key = KeyPair::generate().unwrap();
    let wanted = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate: CertificateDer<'static> = wanted.signed_by(&key, authority).unwrap().into();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let Ok(mut stream) = acceptor.accept(stream).await else {
            return String::new();
        };
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap_or(0);
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (port, asked)
}

#[tokio::test]
async fn a_host_whose_certificate_is_vouched_for_is_reached() {
    let authority = authority("known");
    for name in ["localhost", "127.0.0.1"] {
        let answer = "HTTP/1.1 200 OK\r\n\r\n".to_owned();
        let (port, asked) = secure_host(&authority, name, answer).await;
        let target = target(name, port, true);
        assert_eq!(trusting(&authority).knock(&target).await, Ok(()), "{name}");
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("HEAD / HTTP/1.1\r\n"), "{asked}");
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_or_of_another_host_is_told_and_asked_nothing() {
    let (known, unknown) = (authority("known"), authority("unknown"));
    for (vouching, name, why) in [
        (&unknown, "localhost", "UnknownIssuer"),
        (&known, "elsewhere.example", "not valid for name"),
    ] {
        let (port, asked) = secure_host(vouching, name, String::new()).await;
        let text = refused(&trusting(&known), &target("localhost", port, true)).await;
        let begin = format!("localhost:{port} cannot be reached: TLS failed: ");
        assert!(text.starts_with(&begin) && text.contains(why), "{text}");
        assert_eq!(asked.await.unwrap(), "", "{name} was asked all the same");
    }
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_an_answer_and_not_followed() {
    let authority = authority("known");
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = inside.local_addr().unwrap();
    for status in ["301 Moved Permanently", "307 Temporary Redirect"] {
        let answer = format!("HTTP/1.1 {status}\r\nlocation: http://{there}/\r\n\r\n");
        let (port, asked) = secure_host(&authority, "localhost", answer).await;
        let target = target("localhost", port, true);
        assert_eq!(trusting(&authority).knock(&target).await, Ok(()));
        asked.await.unwrap();
    }
    let followed = timeout(Duration::from_millis(50), inside.accept()).await;
    assert!(followed.is_err(), "the redirect was followed");
}
