//! A signed-in browser: an administrator for the measurements, and a session cookie.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
};

use anyhow::{Context, Result, ensure};

use super::{server, test_database::TestDatabase};

const EMAIL: &str = "auditor@example.com";
const PASSWORD: &str = "for one measurement only";

/// Creates the administrator for [`sign_in`].
pub(super) fn create_administrator(database: &TestDatabase) -> Result<()> {
    let mut child = server::command(database)
        .args(["user", "create", "--email", EMAIL, "--name", "Auditor"])
        .args(["--role", "admin", "--password-stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start the release build of countersign")?;
    let mut input = child.stdin.take().context("no standard input")?;
    input.write_all(PASSWORD.as_bytes())?;
    drop(input);
    let ended = child.wait()?;
    ensure!(
        ended.success(),
        "`countersign user create` ended with {ended}"
    );
    Ok(())
}

/// Signs in by the form, as a browser without scripts does, and returns the cookie for requests of pages.
pub(super) fn sign_in(address: &str) -> Result<String> {
    let form = format!(
        "email={}&password={}",
        EMAIL.replace('@', "%40"),
        PASSWORD.replace(' ', "+")
    );
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /ui/sign-in HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    session_cookie(&response).with_context(|| {
        let status = response.lines().next().unwrap_or_default();
        format!("sign-in set no cookie: {status}")
    })
}

/// The session cookie in a response.
fn session_cookie(response: &str) -> Option<String> {
    let cookies = response.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie")
            .then(|| value.trim().split(';').next().unwrap_or_default())
    });
    cookies
        .filter(|cookie| cookie.contains("countersign_session="))
        .find(|cookie| !cookie.ends_with('='))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_cookie_is_found_among_others() {
        let response = "HTTP/1.1 302 Found\r\nSet-Cookie: theme=dark; Path=/\r\n\
                      set-cookie: __Host-countersign_session=abc; Path=/; HttpOnly\r\n\r\n";
        let cookie = session_cookie(response);
        assert_eq!(cookie.as_deref(), Some("__Host-countersign_session=abc"));
        assert_eq!(session_cookie("HTTP/1.1 302 Found\r\n\r\n"), None);
    }
}
