/** Findings as the four validations of a dry run. */
import type { CheckReport, Finding } from '../../../domain/index.ts';
import { type ErrorCode, errorTable } from '../errors.ts';

export const validateTypes = [
  'checkClusterHealth',
  'checkConfigCompatible',
  'checkClusterResource',
  'checkClusterSnapshot',
] as const;
type ValidateType = (typeof validateTypes)[number];

/** The five documented error types, with the code and the validation that each belongs to. */
export const errorTypes = {
  clusterStatus: { validateType: 'checkClusterHealth', errorCode: 'ClusterStatusNotHealth' },
  clusterConfigYml: { validateType: 'checkConfigCompatible', errorCode: 'ClusterYamlNotCompatible' },
  clusterConfigPlugins: { validateType: 'checkConfigCompatible', errorCode: 'ClusterPluginsNotSupport' },
  clusterResource: { validateType: 'checkClusterResource', errorCode: 'ClusterResourceNotEnough' },
  clusterSnapshot: { validateType: 'checkClusterSnapshot', errorCode: 'ClusterSnapshotNotAvaild' },
} as const satisfies Record<string, { readonly validateType: ValidateType; readonly errorCode: ErrorCode }>;
export type ErrorType = keyof typeof errorTypes;

/** Which error type each check's findings come under. coverage.md shows this table; a test holds it to the engine's checks. */
export const errorTypeOfCheck: Readonly<Record<string, ErrorType>> = {
  'es.path-is-rolling': 'clusterConfigYml',
  'es.members-are-there': 'clusterStatus',
  'es.cluster-is-settled': 'clusterStatus',
  'es.no-long-pending-tasks': 'clusterStatus',
  'es.every-index-has-a-replica': 'clusterStatus',
  'es.no-closed-indices': 'clusterStatus',
  'es.zones-hold-copies': 'clusterStatus',
  'es.quorum-survives': 'clusterStatus',
  'es.no-leftovers': 'clusterStatus',
  'es.room-for-shards': 'clusterStatus',
  'es.heap-has-room': 'clusterStatus',
  'es.index-versions': 'clusterConfigYml',
  'es.one-mapping-type': 'clusterConfigYml',
  'es.settings-are-known': 'clusterConfigYml',
  'es.no-archived-settings': 'clusterConfigYml',
  'es.deprecations-are-clear': 'clusterConfigYml',
  'es.system-features-are-migrated': 'clusterConfigYml',
  'es.ml-is-in-upgrade-mode': 'clusterConfigYml',
  'es.ilm-runs': 'clusterConfigYml',
  'es.trial-start-passed': 'clusterConfigYml',
  'es.plugins-are-available': 'clusterConfigPlugins',
  'es.distribution-fits': 'clusterConfigPlugins',
  'es.java-fits': 'clusterResource',
  'es.snapshot-is-recent': 'clusterSnapshot',
  'es.no-snapshot-runs': 'clusterSnapshot',
};

export interface ValidateError {
  readonly errorType: ErrorType;
  readonly errorCode: string;
  readonly errorMsg: string;
}

export interface ValidateItem {
  readonly validateType: ValidateType;
  readonly status: 'success' | 'failed';
  readonly validateResult: readonly ValidateError[];
}

/** A check that the table does not name yet is a matter of the cluster's health: never lost. */
export function errorTypeOf(check: string): ErrorType {
  return errorTypeOfCheck[check] ?? 'clusterStatus';
}

/** Always four items, in the document's order. */
export function validateItems(errors: readonly ValidateError[]): readonly ValidateItem[] {
  return validateTypes.map((validateType) => {
    const own = errors.filter((error) => errorTypes[error.errorType].validateType === validateType);
    return { validateType, status: own.length === 0 ? 'success' : 'failed', validateResult: own };
  });
}

export function validateError(errorType: ErrorType, says: string): ValidateError {
  const { errorCode } = errorTypes[errorType];
  return { errorType, errorCode, errorMsg: `${errorTable[errorCode].message} ${says}` };
}

/** Four failed validations: nothing is known, so nothing may look as if it had been checked. */
export function notFoundOut(because: string): readonly ValidateItem[] {
  const each = ['clusterStatus', 'clusterConfigYml', 'clusterResource', 'clusterSnapshot'] as const;
  return validateItems(each.map((errorType) => validateError(errorType, `Could not be found out: ${because}`)));
}

/** What was found, and what could not be found out: both keep a validation from succeeding. */
export function errorsOf(findings: readonly Finding[], reports: readonly CheckReport[]): readonly ValidateError[] {
  const found = findings.map((finding) => validateError(errorTypeOf(finding.check), sentenceOf(finding)));
  const open = reports.flatMap((report) =>
    report.result.kind === 'could-not-run'
      ? [
          validateError(
            errorTypeOf(report.check),
            `Could not be found out: ${report.asks} ${report.result.because} (${report.check})`,
          ),
        ]
      : [],
  );
  return [...found, ...open];
}

/** What, where, and how to clear it. */
export function sentenceOf(finding: Finding): string {
  const evidence = finding.evidence.length === 0 ? '' : ` [${finding.evidence.join(' | ')}]`;
  return `${finding.subject}: ${finding.says}${evidence} ${finding.remedy} (${finding.check})`;
}
