package clients_test

import (
	"regexp"

	"github.com/signalfx/signalfx-go"
	"github.com/signalfx/signalfx-go/integration"
	"github.com/signalfx/signalfx-go/orgtoken"
)

// cloudIntegrationCases are those of integrations that collect data from cloud providers.
var cloudIntegrationCases = replace(
	union(
		aws.cases("AWSCloudWatchIntegration"),
		azure.cases("AzureIntegration"),
		gcp.cases("GCPIntegration"),
	),
	map[string]testCase{"UpdateAWSCloudWatchIntegration": updateAWSCloudWatchIntegration},
)

// aws creates a disabled stub first and completes it, as the Terraform provider does.
var aws = document[integration.AwsCloudWatchIntegration]{
	create: (*signalfx.Client).CreateAWSCloudWatchIntegration,
	get:    (*signalfx.Client).GetAWSCloudWatchIntegration,
	update: (*signalfx.Client).UpdateAWSCloudWatchIntegration,
	remove: (*signalfx.Client).DeleteAWSCloudWatchIntegration,
	id:     func(i *integration.AwsCloudWatchIntegration) string { return i.Id },
	first: func(t *tester) *integration.AwsCloudWatchIntegration {
		return &integration.AwsCloudWatchIntegration{
			Type: integration.AWS_CLOUD_WATCH, Name: t.unique("AWS"),
			AuthMethod: integration.EXTERNAL_ID, PollRate: 300000,
		}
	},
	second: func(t *tester) *integration.AwsCloudWatchIntegration {
		return &integration.AwsCloudWatchIntegration{
			Type: integration.AWS_CLOUD_WATCH, Name: t.unique("AWS"), Enabled: true,
			AuthMethod: integration.EXTERNAL_ID, RoleArn: "arn:aws:iam::000000000000:role/countersign",
			PollRate: 60000, InactiveMetricsPollRate: 1200000,
			Regions:  []string{"us-east-1", "eu-central-1"},
			Services: []integration.AwsService{integration.AWSEC2, integration.AWSRDS},
			NamespaceSyncRules: []*integration.AwsNameSpaceSyncRule{{
				Namespace: integration.AWSEC2, DefaultAction: integration.EXCLUDE,
				Filter: &integration.AwsSyncRuleFilter{Action: integration.INCLUDE, Source: "filter('code', '200')"},
			}},
			CustomNamespaceSyncRules: []*integration.AwsCustomNameSpaceSyncRule{{
				Namespace: "ours", DefaultAction: integration.INCLUDE,
			}},
			CustomCloudWatchNamespaces:     "ours,theirs",
			MetricStatsToSync:              map[string]map[string][]string{"AWS/EC2": {"CPU": {"p95", "mean"}}},
			MetricStreamsSyncState:         "ENABLED",
			MetricStreamsManagedExternally: true,
			EnableAwsUsage:                 true,
			ImportCloudWatch:               true,
			EnableCheckLargeVolume:         true,
			SyncCustomNamespacesOnly:       true,
			CollectOnlyRecommendedStats:    true,
			NamedToken:                     namedToken(t),
		}
	},
}

var azure = document[integration.AzureIntegration]{
	create: (*signalfx.Client).CreateAzureIntegration,
	get:    (*signalfx.Client).GetAzureIntegration,
	update: (*signalfx.Client).UpdateAzureIntegration,
	remove: (*signalfx.Client).DeleteAzureIntegration,
	id:     func(i *integration.AzureIntegration) string { return i.Id },
	first: func(t *tester) *integration.AzureIntegration {
		return &integration.AzureIntegration{
			Type: integration.AZURE, Name: t.unique("Azure"), Enabled: true,
			TenantId: "tenant", AppId: "secret app", SecretKey: "secret key",
			AzureEnvironment: integration.AZURE_US_GOVERNMENT, PollRateMs: 120000,
			Services:           []integration.AzureService{integration.AZURE_COMPUTE_VIRTUALMACHINES},
			AdditionalServices: []string{"microsoft.example/things"},
			Subscriptions:      []string{"one", "two"},
			ResourceFilterRules: []integration.AzureFilterRule{
				{Filter: integration.AzureFilterExpression{Source: "filter('azure_tag_env', 'prod')"}},
			},
			CustomNamespacesPerService: map[string][]string{"microsoft.compute/virtualmachines": {"guest"}},
			SyncGuestOsNamespaces:      true,
			ImportAzureMonitor:         new(false), UseBatchApi: new(true),
			NamedToken: namedToken(t),
		}
	},
	second: func(t *tester) *integration.AzureIntegration {
		return &integration.AzureIntegration{
			Type: integration.AZURE, Name: t.unique("Azure"), TenantId: "another tenant", PollRateMs: 300000,
			Subscriptions: []string{"two"}, ImportAzureMonitor: new(true), UseBatchApi: new(false),
		}
	},
	hidden: []string{"appId", "secretKey"},
}

var gcp = document[integration.GCPIntegration]{
	create: (*signalfx.Client).CreateGCPIntegration,
	get:    (*signalfx.Client).GetGCPIntegration,
	update: (*signalfx.Client).UpdateGCPIntegration,
	remove: (*signalfx.Client).DeleteGCPIntegration,
	id:     func(i *integration.GCPIntegration) string { return i.Id },
	first: func(t *tester) *integration.GCPIntegration {
		return &integration.GCPIntegration{
			Type: integration.GCP, Name: t.unique("GCP"), Enabled: true,
			AuthMethod: integration.SERVICE_ACCOUNT_KEY, PollRateMs: 60000,
			ProjectServiceKeys:            []*integration.GCPProject{{ProjectId: "one", ProjectKey: "secret"}},
			Services:                      []integration.GcpService{integration.GCP_COMPUTE, integration.GCP_PUBSUB},
			CustomMetricTypeDomains:       []string{"networking.googleapis.com"},
			IncludeList:                   []string{"labels"},
			ExcludeGCEInstancesWithLabels: []string{"ephemeral"},
			Projects: &integration.GCPProjects{
				SyncMode: "SELECTED", SelectedProjectIds: []string{"one"},
			},
			UseMetricSourceProjectForQuota: true,
			ImportGCPMetrics:               new(false),
			NamedToken:                     namedToken(t),
		}
	},
	second: func(t *tester) *integration.GCPIntegration {
		return &integration.GCPIntegration{
			Type: integration.GCP, Name: t.unique("GCP"), PollRateMs: 600000,
			AuthMethod:       integration.WORKLOAD_IDENTITY_FEDERATION,
			WifConfigs:       []*integration.GCPProjectWIFConfig{{ProjectId: "two", WIFConfig: `{"type": "account"}`}},
			Projects:         &integration.GCPProjects{SyncMode: "ALL_REACHABLE"},
			ImportGCPMetrics: new(true),
		}
	},
	hidden: []string{"projectKey"},
}

// updateAWSCloudWatchIntegration also checks what the server sets, and that metric streams are switched off at once:
// the Terraform provider waits for that.
func updateAWSCloudWatchIntegration(t *tester) {
	created := aws.created(t)
	if !regexp.MustCompile(`^[a-z]{20}$`).MatchString(created.ExternalId) {
		t.Fatalf("the external id is %q", created.ExternalId)
	}
	updated := aws.changed(t, created.Id, aws.second(t))
	equal(t, "the external id", updated.ExternalId, created.ExternalId)
	equal(t, "the account", updated.SfxAwsAccountArn, created.SfxAwsAccountArn)
	updated.MetricStreamsSyncState = "CANCELLING"
	cancelled, err := t.UpdateAWSCloudWatchIntegration(t.Context(), created.Id, updated)
	must(t, err)
	equal(t, "the state of metric streams", cancelled.MetricStreamsSyncState, "DISABLED")
}

// namedToken creates an org token and returns its name.
func namedToken(t *tester) string {
	t.Helper()
	request := &orgtoken.CreateUpdateTokenRequest{Name: t.unique("collector"), AuthScopes: []string{"INGEST"}}
	return create(t, (*signalfx.Client).CreateOrgToken, request).Name
}
