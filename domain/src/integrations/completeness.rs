//! What an integration needs before it can work (docs/contract.md#integrations). Requests may leave it out, because
//! clients create an integration first and complete it later; validation reports what is missing.

use serde_json::{Value, json};

use crate::{
    integrations::{
        document::StoredIntegration,
        kinds::kind_of,
        need::{Choice, Need},
    },
    platform::{document::reject, rejection::Rejected},
};

/// Checks that a stored integration has every field that it needs to work.
///
/// # Errors
/// [`Rejected`] names the first one that is missing.
pub fn check_settings(stored: StoredIntegration<'_>) -> Result<(), Rejected> {
    let Some(kind) = kind_of(stored.document) else {
        return Ok(());
    };
    let value = |field: &str| stored.document.get(field).or(stored.secrets.find(field));
    let is_given = |field: &str| value(field).is_some_and(|value| !is_empty(value));
    let is_chosen = |(field, word): Choice| value(field).and_then(Value::as_str) == Some(word);
    let required = kind.fields().iter().filter(|field| field.required);
    let required = required.map(|field| Need::Field(field.name));
    for need in required.chain(kind.needs.iter().copied()) {
        let missing = match need {
            Need::Field(field) => (!is_given(field)).then_some(field),
            Need::Unless(field, choice) => {
                (!is_chosen(choice) && !is_given(field)).then_some(field)
            }
            Need::OneOf(fields, choice) => {
                let first = fields.first().copied();
                first.filter(|_| is_chosen(choice) && !fields.iter().any(|field| is_given(field)))
            }
        };
        if let Some(field) = missing {
            return Err(reject(field, "is missing"));
        }
    }
    Ok(())
}

/// Blanks are nothing, as for a name.
fn is_empty(value: &Value) -> bool {
    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    value.is_null() || is_blank || *value == json!([]) || *value == json!({})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrations::{IntegrationDraft, kinds::KINDS, secrets::Secrets};

    /// What is missing in an integration that has only what its creation requires, and what completes it.
    fn rows() -> Vec<(&'static str, Value, &'static [&'static str], Value)> {
        let saml = json!({"publicKey": "k", "issuerUrl": "https://i"});
        let jira = json!({"authMethod": "EmailAndToken", "baseUrl": "https://j", "issueType": "Bug", "projectKey": "P",
            "assignee": {"name": "a"}, "userEmail": "a@b", "apiToken": "t"});
        let ours = json!({});
        vec![
            (
                "Slack",
                ours.clone(),
                &["webhookUrl"],
                json!({"method": "OAuth"}),
            ),
            (
                "PagerDuty",
                ours.clone(),
                &["apiKey"],
                json!({"apiKey": "k"}),
            ),
            (
                "Webhook",
                ours.clone(),
                &["url"],
                json!({"url": "https://w"}),
            ),
            (
                "Opsgenie",
                json!({"apiKey": "k", "apiUrl": "https://o"}),
                &[],
                ours.clone(),
            ),
            (
                "VictorOps",
                ours.clone(),
                &["postUrl"],
                json!({"postUrl": "https://v"}),
            ),
            (
                "BigPanda",
                ours.clone(),
                &["appKey", "token"],
                json!({"appKey": "k", "token": "t"}),
            ),
            (
                "Office365",
                ours.clone(),
                &["webhookUrl"],
                json!({"webhookUrl": "https://o"}),
            ),
            ("Jira", jira, &[], ours.clone()),
            (
                "ServiceNow",
                ours.clone(),
                &["instanceName", "issueType", "username", "password"],
                json!({"instanceName": "i", "issueType": "Event", "username": "u", "password": "p"}),
            ),
            (
                "XMatters",
                ours.clone(),
                &["url"],
                json!({"url": "https://x"}),
            ),
            (
                "SplunkPlatform",
                ours.clone(),
                &["url", "hecToken"],
                json!({"url": "https://s", "hecToken": "t"}),
            ),
            (
                "AmazonEventBridge",
                ours.clone(),
                &["awsAccountId", "awsRegion"],
                json!({"awsAccountId": "1", "awsRegion": "r"}),
            ),
            (
                "AWSCloudWatch",
                json!({"authMethod": "ExternalId"}),
                &["roleArn"],
                json!({"roleArn": "r"}),
            ),
            (
                "AWSCloudWatch",
                json!({"authMethod": "SecurityToken"}),
                &["key", "token"],
                json!({"key": "k", "token": "t"}),
            ),
            (
                "Azure",
                ours.clone(),
                &["tenantId", "appId", "secretKey"],
                json!({"tenantId": "t", "appId": "a", "secretKey": "s"}),
            ),
            (
                "GCP",
                ours.clone(),
                &["projectServiceKeys"],
                json!({"projectServiceKeys": [{"projectId": "p", "projectKey": "k"}]}),
            ),
            (
                "GCP",
                json!({"authMethod": "WORKLOAD_IDENTITY_FEDERATION"}),
                &["workloadIdentityFederationConfig"],
                json!({"workloadIdentityFederationConfigs": [{"projectId": "p", "wifConfig": "c"}]}),
            ),
            (
                "ADFS",
                ours.clone(),
                &["metadata"],
                json!({"metadata": "m"}),
            ),
            (
                "GoogleSaml",
                ours.clone(),
                &["metadata"],
                json!({"metadata": "m"}),
            ),
            (
                "PingOne",
                ours.clone(),
                &["metadata"],
                json!({"metadata": "m"}),
            ),
            (
                "AzureAD",
                ours.clone(),
                &["publicKey", "issuerUrl"],
                saml.clone(),
            ),
            (
                "Okta",
                ours.clone(),
                &["publicKey", "issuerUrl"],
                saml.clone(),
            ),
            (
                "OneLogin",
                ours.clone(),
                &["publicKey", "issuerUrl"],
                saml.clone(),
            ),
            ("Bitium", ours.clone(), &["publicKey", "issuerUrl"], saml),
            // Their fields are not known.
            ("NewRelic", ours.clone(), &[], ours.clone()),
            ("SplunkEnterpriseCloud", ours.clone(), &[], ours),
        ]
    }

    fn check(kind: &str, fields: &[&Value]) -> Result<(), String> {
        let mut given = json!({"type": kind, "name": "n"});
        for more in fields {
            let more = more.as_object().unwrap().clone();
            given.as_object_mut().unwrap().extend(more);
        }
        let draft = IntegrationDraft::read(given.as_object().unwrap(), None).unwrap();
        let secrets: &Secrets = &draft.secrets;
        let stored = StoredIntegration {
            name: &draft.name,
            document: &draft.document,
            secrets,
        };
        check_settings(stored).map_err(|rejected| rejected.field)
    }

    #[test]
    fn every_type_reports_each_field_that_it_needs() {
        let rows = rows();
        for kind in KINDS {
            assert!(rows.iter().any(|row| row.0 == kind.name), "{}", kind.name);
        }
        for (kind, least, missing, rest) in rows {
            assert_eq!(check(kind, &[&least, &rest]), Ok(()), "{kind}");
            for field in missing {
                let mut without = rest.clone();
                without.as_object_mut().unwrap().shift_remove(*field);
                without.as_object_mut().unwrap().shift_remove("method");
                without
                    .as_object_mut()
                    .unwrap()
                    .shift_remove("workloadIdentityFederationConfigs");
                assert_eq!(
                    check(kind, &[&least, &without]),
                    Err((*field).to_owned()),
                    "{kind}"
                );
                without[*field] = json!("");
                if kind != "GCP" {
                    assert_eq!(
                        check(kind, &[&least, &without]),
                        Err((*field).to_owned()),
                        "{kind}"
                    );
                }
            }
        }
        let blank = json!({"apiKey": " "});
        assert_eq!(check("PagerDuty", &[&blank]), Err("apiKey".to_owned()));
    }
}
