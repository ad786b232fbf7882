//! The types of integrations, grouped by purpose, with their names on screen.

/// The types by purpose.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    (
        "Notifications",
        &[
            "Slack",
            "PagerDuty",
            "Webhook",
            "Opsgenie",
            "VictorOps",
            "BigPanda",
            "Office365",
            "Jira",
            "ServiceNow",
            "XMatters",
            "SplunkPlatform",
            "AmazonEventBridge",
        ],
    ),
    ("Cloud providers", &["AWSCloudWatch", "Azure", "GCP"]),
    (
        "Sign-in",
        &[
            "ADFS",
            "GoogleSaml",
            "PingOne",
            "AzureAD",
            "Okta",
            "OneLogin",
            "Bitium",
        ],
    ),
    ("Other", &["NewRelic", "SplunkEnterpriseCloud"]),
];

/// The product name of a type.
pub(super) fn type_name(name: &str) -> String {
    match name {
        "VictorOps" => "Splunk On-Call",
        "Office365" => "Microsoft Teams",
        "XMatters" => "xMatters",
        "SplunkPlatform" => "Splunk platform",
        "AmazonEventBridge" => "Amazon EventBridge",
        "AWSCloudWatch" => "AWS CloudWatch",
        "GCP" => "Google Cloud",
        "GoogleSaml" => "Google SAML",
        "AzureAD" => "Azure AD",
        "NewRelic" => "New Relic",
        "SplunkEnterpriseCloud" => "Splunk Enterprise Cloud",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_type_is_in_one_group() {
        let grouped: Vec<_> = GROUPS
            .iter()
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        let known: BTreeSet<_> = domain::integrations::kind_names().collect();
        assert_eq!(grouped.len(), known.len());
        assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), known);
    }
}
