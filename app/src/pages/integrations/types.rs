//! The types of integrations: their names on screen, grouped by what they are for.

/// The types, by what they are for.
pub(crate) const GROUPS: &[(&str, &[&str])] = &[
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
    ("Clouds", &["AWSCloudWatch", "Azure", "GCP"]),
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
    ("Others", &["NewRelic", "SplunkEnterpriseCloud"]),
];

/// A type as people know it.
pub(crate) fn type_in_words(name: &str) -> String {
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
