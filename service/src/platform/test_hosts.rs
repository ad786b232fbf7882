//! HTTP hosts on this machine for tests of outgoing requests: plain, and with TLS and certificates created here.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// A certificate authority.
pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

/// A certificate authority with this name.
pub(crate) fn authority(name: &str) -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A host that sends `answer` to one request. Returns its port and the request.
pub(crate) async fn host(answer: &'static str) -> (u16, JoinHandle<String>) {
    let (listener, port) = listen().await;
    let asked = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        respond(stream, answer).await
    });
    (port, asked)
}

/// A host with a certificate for `name` that sends `answer` to one request. Returns its port and the request, which is
/// empty when the TLS handshake fails.
pub(crate) async fn secure_host(
    authority: &Authority,
    name: &str,
    answer: String,
) -> (u16, JoinHandle<String>) {
    let config = config(authority, name);
    let (listener, port) = listen().await;
    let asked = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        match acceptor.accept(stream).await {
            Ok(stream) => respond(stream, &answer).await,
            Err(_) => String::new(),
        }
    });
    (port, asked)
}

/// A listener on a free port of this machine.
pub(crate) async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn config(authority: &Authority, name: &str) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate: CertificateDer<'static> =
        parameters.signed_by(&key, authority).unwrap().into();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> String {
    let mut request = vec![0; 4096];
    let length = stream.read(&mut request).await.unwrap_or(0);
    stream.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8_lossy(&request[..length]).into_owned()
}
