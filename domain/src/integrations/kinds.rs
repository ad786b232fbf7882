//! The table of integration types and their fields (docs/contract.md#integrations).

use crate::{
    integrations::{
        field::{
            Field,
            Readers::{Administrators, NoOne, NoneAsNull},
            Shape::{
                Address, ListMap, Number, Object, Objects, PollRate, Statistics, Text, TextMap,
                Texts, Truth, Word,
            },
        },
        kind::{Content, Destination, IntegrationKind},
        need::Need,
    },
    platform::document::Document,
};

/// The type with this name.
pub(crate) fn find_kind(name: &str) -> Option<&'static IntegrationKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The type of a stored integration.
pub(crate) fn kind_of(document: &Document) -> Option<&'static IntegrationKind> {
    find_kind(document.get("type")?.as_str()?)
}

pub(crate) const AWS: &str = "AWSCloudWatch";
pub(crate) const JIRA: &str = "Jira";

const TEN_MINUTES_MS: i64 = 600_000;
const HOUR_MS: i64 = 3_600_000;
const TRIGGERED: Field = Field::new("alertTriggeredPayloadTemplate", Text);
const RESOLVED: Field = Field::new("alertResolvedPayloadTemplate", Text);
const NAMED_TOKEN: Field = Field::new("namedToken", Text);
const POLL_RATE: Field = Field::new("pollRate", PollRate(TEN_MINUTES_MS));

/// All types.
pub(crate) const KINDS: &[IntegrationKind] = &[
    IntegrationKind::new(
        "Slack",
        Content::Known(&[
            Field::new("webhookUrl", Address).read_by(NoOne),
            Field::new("method", Word(&["Webhook", "OAuth"])),
        ]),
        Destination::AddressIfGiven("webhookUrl"),
    )
    .needing(&[Need::Unless("webhookUrl", ("method", "OAuth"))]),
    IntegrationKind::new(
        "PagerDuty",
        Content::Known(&[Field::new("apiKey", Text).read_by(NoOne)]),
        Destination::Nowhere,
    )
    .needing(&[Need::Field("apiKey")]),
    IntegrationKind::new(
        "Webhook",
        Content::Known(&[
            Field::new("url", Address),
            Field::new("sharedSecret", Text).read_by(Administrators),
            Field::new("headers", TextMap).read_by(Administrators),
            Field::new("method", Word(&["POST", "PUT", "GET"])),
            Field::new("payloadTemplate", Text),
        ]),
        Destination::Address("url"),
    )
    .needing(&[Need::Field("url")]),
    IntegrationKind::new(
        "Opsgenie",
        Content::Known(&[
            Field::new("apiKey", Text).required().read_by(NoOne),
            Field::new("apiUrl", Address).required(),
        ]),
        Destination::Address("apiUrl"),
    ),
    IntegrationKind::new(
        "VictorOps",
        Content::Known(&[Field::new("postUrl", Address).read_by(Administrators)]),
        Destination::Address("postUrl"),
    )
    .needing(&[Need::Field("postUrl")]),
    IntegrationKind::new(
        "BigPanda",
        Content::Known(&[
            Field::new("appKey", Text),
            Field::new("token", Text).read_by(NoOne),
            TRIGGERED,
            RESOLVED,
        ]),
        Destination::Nowhere,
    )
    .needing(&[Need::Field("appKey"), Need::Field("token")]),
    IntegrationKind::new(
        "Office365",
        Content::Known(&[Field::new("webhookUrl", Address).read_by(NoOne)]),
        Destination::Address("webhookUrl"),
    )
    .needing(&[Need::Field("webhookUrl")]),
    IntegrationKind::new(
        JIRA,
        Content::Known(&[
            Field::new(
                "authMethod",
                Word(&["EmailAndToken", "UsernameAndPassword"]),
            )
            .required(),
            Field::new("baseUrl", Address).required(),
            Field::new("issueType", Text).required(),
            Field::new("projectKey", Text).required(),
            // Required, because a Go client fails on an absent object (docs/contract.md#fragile-fields).
            Field::new(
                "assignee",
                Object(&[
                    Field::new("name", Text).required(),
                    Field::new("displayName", Text),
                ]),
            )
            .required(),
            Field::new("userEmail", Text),
            Field::new("apiToken", Text).read_by(NoneAsNull),
            Field::new("username", Text),
            Field::new("password", Text).read_by(NoneAsNull),
        ]),
        Destination::Address("baseUrl"),
    ),
    IntegrationKind::new(
        "ServiceNow",
        Content::Known(&[
            Field::new("instanceName", Text),
            Field::new(
                "issueType",
                Word(&["Event", "Incident", "ImportSet", "Problem"]),
            ),
            Field::new("username", Text).read_by(NoOne),
            Field::new("password", Text).read_by(NoOne),
            Field::new("tableName", Text),
            TRIGGERED,
            RESOLVED,
        ]),
        Destination::Host("instanceName"),
    )
    .needing(&[
        Need::Field("instanceName"),
        Need::Field("issueType"),
        Need::Field("username"),
        Need::Field("password"),
    ]),
    IntegrationKind::new(
        "XMatters",
        Content::Known(&[Field::new("url", Address)]),
        Destination::Address("url"),
    )
    .needing(&[Need::Field("url")]),
    IntegrationKind::new(
        "SplunkPlatform",
        Content::Known(&[
            Field::new("url", Address),
            Field::new("hecToken", Text).read_by(NoOne),
            Field::new("payloadTemplate", Text),
        ]),
        Destination::Address("url"),
    )
    .needing(&[Need::Field("url"), Need::Field("hecToken")]),
    IntegrationKind::new(
        "AmazonEventBridge",
        Content::Known(&[
            Field::new("awsAccountId", Text),
            Field::new("awsRegion", Text),
        ]),
        Destination::Nowhere,
    )
    .needing(&[Need::Field("awsAccountId"), Need::Field("awsRegion")])
    .with(&[], &["eventSource"]),
    IntegrationKind::new(AWS, Content::Known(AWS_FIELDS), Destination::Nowhere).needing(&[
        Need::Unless("roleArn", ("authMethod", "SecurityToken")),
        Need::OneOf(&["key"], ("authMethod", "SecurityToken")),
        Need::OneOf(&["token"], ("authMethod", "SecurityToken")),
    ]),
    IntegrationKind::new("Azure", Content::Known(AZURE_FIELDS), Destination::Nowhere)
        .needing(&[
            Need::Field("tenantId"),
            Need::Field("appId"),
            Need::Field("secretKey"),
        ])
        .with(&[("importAzureMonitor", true), ("useBatchApi", false)], &[]),
    IntegrationKind::new("GCP", Content::Known(GCP_FIELDS), Destination::Nowhere)
        .needing(&[
            Need::Unless(
                "projectServiceKeys",
                ("authMethod", "WORKLOAD_IDENTITY_FEDERATION"),
            ),
            Need::OneOf(
                &[
                    "workloadIdentityFederationConfig",
                    "workloadIdentityFederationConfigs",
                ],
                ("authMethod", "WORKLOAD_IDENTITY_FEDERATION"),
            ),
        ])
        .with(&[("importGCPMetrics", true)], &["wifSplunkIdentity"]),
    IntegrationKind::new("ADFS", Content::Known(SAML_FIELDS), Destination::Nowhere)
        .needing(&[Need::Field("metadata")]),
    IntegrationKind::new(
        "GoogleSaml",
        Content::Known(SAML_FIELDS),
        Destination::Nowhere,
    )
    .needing(&[Need::Field("metadata")]),
    IntegrationKind::new("PingOne", Content::Known(SAML_FIELDS), Destination::Nowhere)
        .needing(&[Need::Field("metadata")]),
    IntegrationKind::new("AzureAD", Content::Known(METADATA_URL_FIELDS), METADATA_URL)
        .needing(&[Need::Field("publicKey"), Need::Field("issuerUrl")]),
    IntegrationKind::new("Okta", Content::Known(METADATA_URL_FIELDS), METADATA_URL)
        .needing(&[Need::Field("publicKey"), Need::Field("issuerUrl")]),
    IntegrationKind::new(
        "OneLogin",
        Content::Known(METADATA_URL_FIELDS),
        METADATA_URL,
    )
    .needing(&[Need::Field("publicKey"), Need::Field("issuerUrl")]),
    IntegrationKind::new("Bitium", Content::Known(METADATA_URL_FIELDS), METADATA_URL)
        .needing(&[Need::Field("publicKey"), Need::Field("issuerUrl")]),
    IntegrationKind::new("NewRelic", Content::Free, Destination::Nowhere),
    IntegrationKind::new("SplunkEnterpriseCloud", Content::Free, Destination::Nowhere),
];

const SAML_FIELDS: &[Field] = &[
    Field::new("metadata", Text),
    Field::new("publicKey", Text),
    Field::new("issuerUrl", Text),
];

const METADATA_URL_FIELDS: &[Field] = &[
    Field::new("publicKey", Text),
    Field::new("issuerUrl", Text),
    Field::new("metadataUrl", Address),
];

const METADATA_URL: Destination = Destination::AddressIfGiven("metadataUrl");

const SYNC_RULE: &[Field] = &[
    Field::new("namespace", Text).required(),
    Field::new("defaultAction", Word(&["Include", "Exclude"])),
    Field::new(
        "filter",
        Object(&[
            Field::new("action", Word(&["Include", "Exclude"])),
            Field::new("source", Text),
        ]),
    ),
];

const AWS_FIELDS: &[Field] = &[
    Field::new("authMethod", Word(&["ExternalId", "SecurityToken"])).required(),
    Field::new("roleArn", Text),
    Field::new("key", Text).read_by(NoOne),
    Field::new("token", Text).read_by(NoOne),
    Field::new("regions", Texts),
    Field::new("services", Texts),
    POLL_RATE,
    Field::new("inactiveMetricsPollRate", PollRate(HOUR_MS)),
    Field::new("metadataPollRate", Number),
    Field::new("namespaceSyncRules", Objects(SYNC_RULE)),
    Field::new("customNamespaceSyncRules", Objects(SYNC_RULE)),
    Field::new("customCloudWatchNamespaces", Text),
    Field::new("namespacesExcludeTagSync", Texts),
    Field::new("metricStatsToSync", Statistics),
    Field::new(
        "metricStreamsSyncState",
        Word(&["DISABLED", "ENABLED", "CANCELLING", "CANCELLATION_FAILED"]),
    ),
    Field::new("importCloudWatch", Truth),
    Field::new("enableAwsUsage", Truth),
    Field::new("enableCheckLargeVolume", Truth),
    Field::new("isLargeVolume", Truth),
    Field::new("syncCustomNamespacesOnly", Truth),
    Field::new("collectOnlyRecommendedStats", Truth),
    Field::new("ignoreAllStatusMetrics", Truth),
    Field::new("includeEMRInstancesMetrics", Truth),
    Field::new("metricStreamsManagedExternally", Truth),
    Field::new("syncLoadBalancerTargetGroupTags", Truth),
    // Older clients send it and expect it back.
    Field::new("useGetMetricDataMethod", Truth),
    NAMED_TOKEN,
];

const AZURE_FIELDS: &[Field] = &[
    Field::new("tenantId", Text),
    Field::new("appId", Text).read_by(NoOne),
    Field::new("secretKey", Text).read_by(NoOne),
    Field::new("azureEnvironment", Word(&["AZURE", "AZURE_US_GOVERNMENT"])),
    POLL_RATE,
    Field::new("services", Texts),
    Field::new("additionalServices", Texts),
    Field::new("subscriptions", Texts),
    Field::new(
        "resourceFilterRules",
        Objects(&[Field::new("filter", Object(&[Field::new("source", Text)]))]),
    ),
    Field::new("customNamespacesPerService", ListMap),
    Field::new("syncGuestOsNamespaces", Truth),
    Field::new("importAzureMonitor", Truth),
    Field::new("useBatchApi", Truth),
    NAMED_TOKEN,
];

const GCP_FIELDS: &[Field] = &[
    Field::new(
        "authMethod",
        Word(&["SERVICE_ACCOUNT_KEY", "WORKLOAD_IDENTITY_FEDERATION"]),
    ),
    // The first field of an item identifies the item.
    Field::new(
        "projectServiceKeys",
        Objects(&[
            Field::new("projectId", Text).required(),
            Field::new("projectKey", Text).required().read_by(NoOne),
        ]),
    ),
    Field::new("workloadIdentityFederationConfig", Text),
    Field::new(
        "workloadIdentityFederationConfigs",
        Objects(&[Field::new("projectId", Text), Field::new("wifConfig", Text)]),
    ),
    Field::new(
        "projects",
        Object(&[
            Field::new("syncMode", Word(&["ALL_REACHABLE", "SELECTED"])),
            Field::new("selectedProjectIds", Texts),
        ]),
    ),
    Field::new("services", Texts),
    Field::new("customMetricTypeDomains", Texts),
    Field::new("includeList", Texts),
    Field::new("excludeGCEInstancesWithLabels", Texts),
    POLL_RATE,
    Field::new("importGCPMetrics", Truth),
    Field::new("useMetricSourceProjectForQuota", Truth),
    NAMED_TOKEN,
];
