// Sets every text of the API to a payload.

import { expect } from "@playwright/test";

import type { Api } from "./api.ts";

/** Gives the text for a place. */
type TextOf = (label: string) => string;

/** Creates an object and returns its id. */
async function create(api: Api, path: string, body: object): Promise<string> {
  const created = await api.post(path, body);
  expect(created.status, `${path}: ${JSON.stringify(created.body)}`).toBeLessThan(202);
  return (created.body as { id: string }).id;
}

/** Replaces fields of an object. */
async function update(api: Api, path: string, body: object): Promise<void> {
  const stored = (await api.get(path)).body as object;
  const updated = await api.put(path, { ...stored, ...body });
  expect(updated.status, `${path}: ${JSON.stringify(updated.body)}`).toBe(200);
}

/** The paths of one object of each kind. */
export interface Paths {
  dashboard: string;
  group: string;
  detector: string;
  team: string;
  token: string;
  integration: string;
  mutingRule: string;
  dataLink: string;
  slo: string;
}

/** Creates one object of each kind and returns the paths of their pages. */
export async function createObjects(api: Api, text: TextOf): Promise<Paths> {
  const { userId } = (await api.get("/v2/session")).body as { userId: string };
  const email = { type: "Email", email: text("email"), cc: [text("cc")], bcc: [text("bcc")] };
  const notificationLists = { default: [{ ...email, email: text("team.email") }] };
  const about = (kind: string) => ({ name: text(`${kind}.name`), description: text(`${kind}.description`) });
  const team = await create(api, "/v2/team", { ...about("team"), members: [userId], notificationLists });
  const acl = [
    { principalId: userId, principalType: "USER", actions: ["READ", "WRITE"] },
    { principalId: team, principalType: "TEAM", actions: ["READ", "WRITE"] },
  ];
  const notifications = [{ ...email, email: text("org-token.email") }];
  const token = await create(api, "/v2/token", { ...about("org-token"), notifications, permissions: { acl } });
  const webhook = await create(api, "/v2/integration", {
    type: "Webhook",
    name: text("webhook.name"),
    url: `https://example.com/${text("webhook.url")}`,
    headers: { [text("webhook.header")]: text("webhook.value") },
    payloadTemplate: text("webhook.template"),
  });
  const detector = await createDetector(api, text, { email, team, webhook });
  const charts = await createCharts(api, text, detector);
  const group = await create(api, "/v2/dashboardgroup?empty=true", {
    ...about("group"),
    teams: [team],
    importQualifiers: [{ metric: text("group.metric"), filters: [{ property: text("group.property") }] }],
  });
  const dashboard = await create(api, "/v2/dashboard", { ...dashboardOf(text), groupId: group, charts, permissions: { acl } });
  const filtersOverride = { sources: [{ property: text("override.property"), value: [text("override.value")] }] };
  const overrides = { nameOverride: text("override.name"), descriptionOverride: text("override.description"), filtersOverride };
  await update(api, `/v2/dashboardgroup/${group}`, { dashboardConfigs: [{ dashboardId: dashboard, ...overrides }] });
  return {
    dashboard: `/dashboards/${dashboard}`,
    group: `/dashboard-groups/${group}`,
    detector: `/detectors/${detector}`,
    team: `/teams/${team}`,
    token: `/access-tokens/${token}`,
    integration: `/integrations/${webhook}`,
    ...(await createSharedObjects(api, text, email)),
  };
}

async function createSharedObjects(api: Api, text: TextOf, email: object): Promise<Pick<Paths, "mutingRule" | "dataLink" | "slo">> {
  const filters = [{ property: text("muting.property"), propertyValue: [text("muting.value")] }];
  const rule = await create(api, "/v2/alertmuting", { description: text("muting.description"), filters });
  const propertyKeyMapping = { [text("link.mapped")]: text("link.mapping") };
  const targets = [{ type: "EXTERNAL_LINK", name: text("link.name"), url: `https://example.com/${text("link.url")}`, propertyKeyMapping }];
  const link = await create(api, "/v2/crosslink", { propertyName: text("link.property"), propertyValue: text("link.value"), targets });
  const inputs = { programText: `# ${text("slo.program")}`, goodEventsLabel: text("slo.good"), totalEventsLabel: text("slo.total") };
  const sloAlertRules = [{ type: "BREACH", rules: [{ severity: "Major", notifications: [email] }] }];
  const target = { type: "RollingWindow", slo: 99, compliancePeriod: "7d", sloAlertRules };
  const about = { name: text("slo.name"), description: text("slo.description") };
  const slo = await create(api, "/v2/slo", { ...about, type: "RequestBased", inputs, targets: [target] });
  return { mutingRule: `/muting-rules/${rule}`, dataLink: `/data-links/${link}`, slo: `/slos/${slo}` };
}

function dashboardOf(text: TextOf): object {
  return {
    name: text("dashboard.name"),
    description: text("dashboard.description"),
    tags: [text("dashboard.tag")],
    filters: {
      sources: [{ property: text("source.property"), value: [text("source.value")] }],
      variables: [
        {
          property: text("variable.property"),
          alias: text("variable.alias"),
          description: text("variable.description"),
          value: text("variable.value"),
          preferredSuggestions: [text("variable.suggestion")],
        },
      ],
      time: { start: text("time.start"), end: text("time.end") },
    },
    eventOverlays: [{ label: text("overlay.label"), eventSignal: { eventSearchText: text("overlay.search"), eventType: "eventTimeSeries" } }],
    discoveryOptions: { query: text("discovery.query") },
  };
}

/** Creates a chart with a program, and one with a text and an unknown type. Returns their positions on a dashboard. */
async function createCharts(api: Api, text: TextOf, detector: string): Promise<object[]> {
  const program = await create(api, "/v2/chart", {
    name: text("chart.name"),
    description: text("chart.description"),
    programText: `# ${text("chart.program")}`,
    options: { type: "TimeSeriesChart", [text("chart.option")]: text("chart.option-value") },
    tags: [text("chart.tag")],
    customProperties: { [text("chart.property")]: text("chart.value") },
    relatedDetectorIds: [detector],
  });
  const options = { type: text("text.type"), markdown: text("text.markdown") };
  const markdown = await create(api, "/v2/chart", { name: text("text.name"), options });
  return [program, markdown].map((chartId, index) => ({ chartId, row: 0, column: 6 * index, width: 6, height: 1 }));
}

interface Recipients {
  email: object;
  team: string;
  webhook: string;
}

async function createDetector(api: Api, text: TextOf, { email, team, webhook }: Recipients): Promise<string> {
  const rule = {
    detectLabel: text("rule.label"),
    severity: "Critical",
    description: text("rule.description"),
    parameterizedSubject: text("rule.subject"),
    parameterizedBody: text("rule.body"),
    runbookUrl: `https://example.com/${text("rule.runbook")}`,
    tip: text("rule.tip"),
    notifications: [
      email,
      { type: "EmailTemplate", templateId: text("template") },
      { type: "TeamEmail", team },
      { type: "Slack", credentialId: webhook, channel: text("channel") },
      {
        type: "Opsgenie",
        credentialId: webhook,
        credentialName: text("credential"),
        responderName: text("responder"),
        responderId: text("responder-id"),
        responderType: text("responder-type"),
      },
      { type: "VictorOps", credentialId: webhook, routingKey: text("routing-key") },
      { type: "Webhook", url: text("notified-url") },
    ],
  };
  // A script in place of an address does not become a link.
  const runbookUrl = `javascript:/*${text("script.runbook")}*/1`;
  const scripted = { detectLabel: text("script.label"), severity: "Info", runbookUrl, notifications: [] };
  return create(api, "/v2/detector", {
    name: text("detector.name"),
    description: text("detector.description"),
    // A computed label matches every label.
    programText: `# ${text("detector.program")}\ndetect(a).publish(b)`,
    rules: [rule, scripted],
    tags: [text("detector.tag")],
    teams: [team],
    timezone: text("detector.timezone"),
    customProperties: { [text("detector.property")]: text("detector.value") },
    packageSpecifications: text("detector.package"),
  });
}

/** Creates an integration of each other type with texts of its own. Returns the paths of their pages. */
export async function createIntegrations(api: Api, text: TextOf): Promise<string[]> {
  const namedToken = text("named-token");
  await create(api, "/v2/token", { name: namedToken });
  const of = (type: string, settings: object) => ({ type, name: text(`${type}.name`), ...settings });
  const all = [
    of("BigPanda", { appKey: text("app-key"), alertTriggeredPayloadTemplate: text("triggered") }),
    of("Jira", {
      authMethod: "EmailAndToken",
      apiToken: "never shown",
      baseUrl: "https://example.com",
      issueType: text("issue-type"),
      projectKey: text("project-key"),
      assignee: { name: text("assignee.name"), displayName: text("assignee.display") },
      userEmail: text("jira.email"),
      username: text("jira.username"),
    }),
    of("ServiceNow", { tableName: text("table") }),
    of("AmazonEventBridge", { awsAccountId: text("aws.account"), awsRegion: text("aws.region") }),
    of("AWSCloudWatch", {
      authMethod: "ExternalId",
      roleArn: text("role-arn"),
      regions: [text("regions")],
      namespaceSyncRules: [{ namespace: text("namespace"), filter: { action: "Include", source: text("sync.source") } }],
      customCloudWatchNamespaces: text("namespaces"),
      metricStatsToSync: { [text("statistics")]: { [text("metric")]: [text("statistic")] } },
      namedToken,
    }),
    of("Azure", { tenantId: text("tenant"), customNamespacesPerService: { [text("azure.service")]: [text("azure.space")] } }),
    of("GCP", {
      projects: { syncMode: "SELECTED", selectedProjectIds: [text("project")] },
      includeList: [text("include")],
      workloadIdentityFederationConfig: text("federation"),
    }),
    of("GoogleSaml", { metadata: text("saml.metadata"), publicKey: text("public-key"), issuerUrl: text("issuer") }),
    of("Okta", { metadataUrl: `https://example.com/${text("metadata-url")}` }),
    of("NewRelic", { [text("free.field")]: text("free.value"), nested: { [text("nested.field")]: [text("nested.value")] } }),
  ];
  const ids = [];
  for (const integration of all) ids.push(await create(api, "/v2/integration", integration));
  return ids.map((id) => `/integrations/${id}`);
}

/** Invites two people. Returns the links of the invitations. */
export async function invite(api: Api, text: TextOf, number: number): Promise<string[]> {
  const person = (kind: string) => ({
    email: `${kind}.${number}@example.com`,
    fullName: text(`${kind}.name`),
    title: text(`${kind}.title`),
    phone: text(`${kind}.phone`),
  });
  const { status, body } = await api.post("/v2/organization/members", { members: [person("member"), person("guest")] });
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { members: { inviteUrl: string }[] }).members.map(({ inviteUrl }) => inviteUrl);
}
