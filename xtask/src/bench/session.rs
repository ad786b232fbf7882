//! A signed-in browser, for the pages: an administrator of the bench's own, and the cookie of their session.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
};

use anyhow::{Context, Result, ensure};

use super::{Place, server};

const EMAIL: &str = "auditor@example.com";
const PASSWORD: &str = "measured and then thrown away";

/// Makes the administrator, who is signed in by [`sign_in`] as often as the server is started.
pub(super) fn make_administrator(place: &Place) -> Result<()> {
    let mut child = server::command(place)
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

/// Signs in by the form, as a browser without scripts does; the cookie that is sent with every page.
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
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    cookie_of(&answer).with_context(|| {
        let status = answer.lines().next().unwrap_or_default();
        format!("signing in set no cookie: {status}")
    })
}

/// The session's cookie in an answer.
fn cookie_of(answer: &str) -> Option<String> {
    let cookies = answer.lines().filter_map(|line| {
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
    fn the_cookie_of_the_session_is_found_among_others() {
        let answer = "HTTP/1.1 302 Found\r\nSet-Cookie: theme=dark; Path=/\r\n\
                      set-cookie: __Host-countersign_session=abc; Path=/; HttpOnly\r\n\r\n";
        let cookie = cookie_of(answer);
        assert_eq!(cookie.as_deref(), Some("__Host-countersign_session=abc"));
        assert_eq!(cookie_of("HTTP/1.1 302 Found\r\n\r\n"), None);
    }
}
