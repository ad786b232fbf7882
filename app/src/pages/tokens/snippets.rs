//! Snippets: commands and configuration that use a token, with the public URL of this server.

use leptos::prelude::*;

use crate::{
    model::tokens::user_token::Snippet,
    ui::secret::snippet::{Snippets, SnippetsProps},
};

/// Snippets for a user API access token on the server at this URL. `token` is the secret or its mask.
pub(crate) fn of_token(public_url: &str, token: &str) -> Vec<Snippet> {
    // `GET /v2/session` returns the owner of the token.
    let url = in_shell(&format!("{public_url}/v2/session"));
    let here = in_terraform(public_url);
    vec![
        (
            "In a shell: curl".to_owned(),
            format!("curl -H 'X-SF-TOKEN: {token}' {url}"),
        ),
        (
            "In a Terraform file".to_owned(),
            format!(
                "provider \"signalfx\" {{\n  auth_token = \"{token}\"\n  api_url    = {here}\n}}"
            ),
        ),
    ]
}

/// Renders snippets as HTML, for a script to insert.
pub(crate) fn to_html(snippets: Vec<Snippet>) -> String {
    Snippets(SnippetsProps { snippets }).to_html()
}

/// Quotes a text for a shell.
fn in_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Quotes a text for Terraform.
fn in_terraform(text: &str) -> String {
    let text = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace("${", "$${").replace("%{", "%%{"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(public_url: &str, curl: &str, terraform: &str) {
        let ready: Vec<_> = of_token(public_url, "csu_x")
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        assert_eq!(ready, [curl, terraform]);
    }

    #[test]
    fn a_token_is_ready_for_curl_and_for_terraform() {
        check(
            "https://countersign.example",
            "curl -H 'X-SF-TOKEN: csu_x' 'https://countersign.example/v2/session'",
            "provider \"signalfx\" {\n  auth_token = \"csu_x\"\n  api_url    = \"https://countersign.example\"\n}",
        );
    }

    #[test]
    fn an_address_means_only_itself_wherever_it_is_pasted() {
        check(
            "http://a'b\"$(c)${d}",
            r#"curl -H 'X-SF-TOKEN: csu_x' 'http://a'\''b"$(c)${d}/v2/session'"#,
            "provider \"signalfx\" {\n  auth_token = \"csu_x\"\n  api_url    = \"http://a'b\\\"$(c)$${d}\"\n}",
        );
    }

    #[test]
    fn what_is_written_into_a_page_is_text_there() {
        let html = to_html(of_token("http://<b>&\"", "csu_x"));
        assert!(html.contains("http://&lt;b>&amp;"), "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }
}
