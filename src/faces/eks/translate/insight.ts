/** Checks of a plan as insights. */
import { createHash } from 'node:crypto';
import { type CheckReport, compareVersions, type Instant, type Plan } from '../../../domain/index.ts';
import type { Json } from '../call.ts';
import type { categories, insightStatuses } from '../wire/insights.ts';
import { seconds } from './moment.ts';

export type Category = (typeof categories)[number];
export type InsightStatus = (typeof insightStatuses)[number];

/** An insight as it is kept. */
export interface Insight {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
  readonly kubernetesVersion: string;
  readonly refreshedAt: Instant;
  /** Since when it has had its status. */
  readonly changedAt: Instant;
  readonly status: InsightStatus;
  readonly reason: string;
  readonly recommendation: string;
  readonly check: string;
  readonly resources: readonly { readonly status: InsightStatus; readonly subject: string; readonly says: string }[];
}

/** `before`: those of the last time, for the moment at which each came to its status. */
export function insightsOf(plan: Plan, before: readonly Insight[]): readonly Insight[] {
  const category = compareVersions(plan.to.version, plan.from.version) < 0 ? 'ROLLBACK_READINESS' : 'UPGRADE_READINESS';
  const reports = plan.reports.filter((report) => report.hop === 0);
  return reports.map((report) => insightOf(plan, category, report, before));
}

function insightOf(plan: Plan, category: Category, report: CheckReport, before: readonly Insight[]): Insight {
  const id = insightId(plan.clusterId, category, report.check);
  const status = statusOf(report);
  const last = before.find((insight) => insight.id === id);
  const same = last?.status === status && last.kubernetesVersion === plan.to.version;
  const findings = report.result.kind === 'found' ? report.result.findings : [];
  return {
    id,
    name: report.asks,
    category,
    kubernetesVersion: plan.to.version,
    refreshedAt: plan.madeAt,
    changedAt: same ? last.changedAt : plan.madeAt,
    status,
    reason: reasonOf(report),
    recommendation: [...new Set(findings.map(({ remedy }) => remedy))].join(' '),
    check: report.check,
    resources: findings.map((finding) => ({ status: findingStatus(finding), subject: finding.subject, says: finding.says })),
  };
}

/** The same as long as the cluster has it: people keep it. */
function insightId(clusterId: string, category: Category, check: string): string {
  const digest = createHash('sha256').update(`${clusterId} ${category} ${check}`).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `a${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

/** What holds an update unless it is forced is an ERROR; what the upgrade itself waits for is a WARNING. */
function findingStatus({ loopWaits }: { readonly loopWaits?: true }): InsightStatus {
  return loopWaits === true ? 'WARNING' : 'ERROR';
}

function statusOf({ result }: CheckReport): InsightStatus {
  switch (result.kind) {
    case 'passed':
    case 'not-applicable':
      return 'PASSING';
    case 'could-not-run':
      return 'UNKNOWN';
    case 'found':
      return result.findings.some((finding) => findingStatus(finding) === 'ERROR') ? 'ERROR' : 'WARNING';
  }
}

function reasonOf({ result }: CheckReport): string {
  switch (result.kind) {
    case 'passed':
      return 'Nothing was found.';
    case 'not-applicable':
      return result.because;
    case 'could-not-run':
      return `It could not be found out: ${result.because}`;
    case 'found':
      return result.findings.map(({ says }) => says).join(' ');
  }
}

export function insightSummary(insight: Insight): Json {
  const { id, name, category, kubernetesVersion, status, reason } = insight;
  return {
    id,
    name,
    category,
    kubernetesVersion,
    lastRefreshTime: seconds(insight.refreshedAt),
    lastTransitionTime: seconds(insight.changedAt),
    description: `${name} (${insight.check})`,
    insightStatus: { status, reason },
  };
}

export function insightShape(insight: Insight): Json {
  return {
    ...insightSummary(insight),
    recommendation: insight.recommendation,
    additionalInfo: { check: insight.check },
    resources: insight.resources.map(({ status, subject, says }) => ({
      insightStatus: { status, reason: says },
      kubernetesResourceUri: subject,
      arn: null,
    })),
    categorySpecificSummary: { deprecationDetails: [], addonCompatibilityDetails: [] },
  };
}
