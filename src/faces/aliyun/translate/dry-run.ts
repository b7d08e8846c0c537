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

/** Which error type a check's findings come under; a check that is not named here is a matter of the cluster's health. */
export const errorTypeOfCheck: Readonly<Record<string, ErrorType>> = {
  'es.path-is-rolling': 'clusterConfigYml',
  'es.index-versions': 'clusterConfigYml',
  'es.one-mapping-type': 'clusterConfigYml',
  'es.settings-are-known': 'clusterConfigYml',
  'es.no-archived-settings': 'clusterConfigYml',
  'es.trial-start-passed': 'clusterConfigYml',
  'es.deprecations-are-clear': 'clusterConfigYml',
  'es.system-features-are-migrated': 'clusterConfigYml',
  'es.ml-is-in-upgrade-mode': 'clusterConfigYml',
  'es.ilm-runs': 'clusterConfigYml',
  'es.plugins-are-available': 'clusterConfigPlugins',
  'es.java-fits': 'clusterResource',
  'es.room-for-shards': 'clusterResource',
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
