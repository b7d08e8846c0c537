// What `npm test` consists of, and how its figures are summed. Pure, so that it can be tested.

const vitest = 'node_modules/vitest/vitest.mjs';
const project = (name) => (report) => [
  vitest,
  'run',
  '--project',
  name,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
];

/** In this order: what is quick and tells most comes first. `default: false` runs only when it is named. */
export const partTable = [
  {
    name: 'typecheck',
    does: 'types',
    command: () => ['node_modules/typescript/bin/tsc', '--noEmit'],
    limitMinutes: 5,
    needs: [],
    counted: false,
    default: true,
    folder: null,
  },
  {
    name: 'console-types',
    does: 'types of the console',
    command: () => ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'console'],
    limitMinutes: 5,
    needs: [],
    counted: false,
    default: true,
    folder: 'console',
  },
  {
    name: 'lint',
    does: 'style, and which folder may see which',
    command: () => ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
    limitMinutes: 5,
    needs: [],
    counted: false,
    default: true,
    folder: null,
  },
  {
    name: 'fast',
    does: 'units, properties, the database, the faces with official clients',
    command: project('fast'),
    limitMinutes: 10,
    needs: [],
    counted: true,
    default: true,
    folder: null,
  },
  {
    name: 'server',
    does: 'the server, the command line, the database and members as processes that are killed',
    command: project('server'),
    limitMinutes: 15,
    needs: [],
    counted: true,
    default: true,
    folder: 'test/server',
  },
  {
    name: 'faults',
    does: 'everything that can go wrong, on simulated clusters; stories',
    command: project('faults'),
    limitMinutes: 25,
    needs: [],
    counted: true,
    default: true,
    folder: 'test/faults',
  },
  {
    name: 'browser',
    does: 'Chromium, from the packages of the system',
    command: () => ['scripts/system-tools.js', 'chromium'],
    limitMinutes: 12,
    needs: [],
    counted: false,
    default: true,
    folder: 'test/console',
  },
  {
    name: 'console',
    does: 'the console in a real browser',
    command: project('console'),
    limitMinutes: 15,
    needs: [],
    counted: true,
    default: true,
    folder: 'test/console',
  },
  {
    name: 'real',
    does: 'real clusters lifted under load (about a quarter of an hour on two cores)',
    command: project('real'),
    limitMinutes: 40,
    needs: ['java', 'mvn'],
    counted: true,
    default: true,
    folder: null,
  },
  {
    name: 'components',
    does: 'real Kubernetes and etcd, built once from published Go modules (the first time about half an hour), and HAProxy',
    command: () => ['scripts/prepare-kubernetes.js'],
    limitMinutes: 70,
    needs: ['go'],
    counted: false,
    default: true,
    folder: null,
  },
  {
    name: 'kubernetes',
    does: 'real control planes lifted under load',
    command: project('kubernetes'),
    limitMinutes: 30,
    needs: ['go'],
    counted: true,
    default: true,
    folder: 'test/kubernetes',
  },
  {
    name: 'full',
    does: 'the long stories on real clusters (needs what the part components builds)',
    command: project('full'),
    limitMinutes: 90,
    needs: ['java', 'mvn', 'go'],
    counted: true,
    default: false,
    folder: null,
  },
];

/** The parts that were asked for by name, in the table's order; without names those of a default run. */
export function partsToRun(names) {
  if (names === null) return { parts: partTable.filter((part) => part.default), unknown: [] };
  return {
    parts: partTable.filter((part) => names.includes(part.name)),
    unknown: names.filter((name) => !partTable.some((part) => part.name === name)),
  };
}

/** What real clusters need and is not there, with what to install. `run` starts a command and returns its end. */
export function missingTools(run) {
  const missing = [];
  const java = run('java', ['-version']);
  const version = /version "(\d+)/.exec(`${java.stdout ?? ''}${java.stderr ?? ''}`)?.[1];
  if (java.error !== undefined || java.status !== 0 || version === undefined) {
    missing.push({
      name: 'java',
      says: 'Java was not found.',
      remedy: 'Install Java 17, for example the package openjdk-17-jre-headless.',
    });
  } else if (Number(version) !== 17) {
    missing.push({
      name: 'java',
      says: `Java ${version} was found; Elasticsearch 5 to 7 need Java 17.`,
      remedy: 'Install Java 17, for example the package openjdk-17-jre-headless, and put it first in PATH.',
    });
  }
  const go = run('go', ['version']);
  if (go.error !== undefined || go.status !== 0)
    missing.push({
      name: 'go',
      says: 'Go was not found.',
      remedy: 'Install Go 1.26 or newer: real Kubernetes is built with it.',
    });
  const maven = run('mvn', ['-v']);
  if (maven.error !== undefined || maven.status !== 0) {
    missing.push({ name: 'mvn', says: 'Maven was not found.', remedy: 'Install Maven, for example the package maven.' });
  }
  return missing;
}

/** Passed and failed of one part, from vitest's report where it writes one. A part that fails without a failed test counts as one. */
export function reportOf(part, ended, text) {
  const clean = ended.code === 0;
  const end = ended.signal === null ? `exit code ${ended.code}` : `ended by ${ended.signal}`;
  if (!part.counted) return { passed: 0, failed: clean ? 0 : 1, says: clean ? 'passed' : `failed (${end})` };
  if (text === null) return { passed: 0, failed: 1, says: `no report (${end})` };
  const report = JSON.parse(text);
  const silent = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = report.numFailedTests + silent;
  const passed = report.numPassedTests;
  if (passed + failed === 0) return { passed, failed: 1, says: `no test ran (${end})` };
  const left = report.numPendingTests > 0 ? `, ${report.numPendingTests} left out` : '';
  if (!clean && failed === 0) return { passed, failed: 1, says: `${passed} passed, then ${end}` };
  return { passed, failed, says: `${passed} passed, ${failed} failed${left}` };
}

/** Which tests failed and with what, for the end of the run: nobody should have to search a log of thousands of lines. */
export function failuresIn(text, linesEach = 12) {
  const told = (lines) =>
    lines
      .flatMap((line) => line.split('\n'))
      .slice(0, linesEach)
      .map((line) => `      ${line}`);
  return JSON.parse(text).testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return file.status === 'failed' ? [`${file.name}`, ...told([file.message ?? ''])] : [];
    return failed.flatMap((test) => [`${file.name}: ${test.fullName}`, ...told(test.failureMessages ?? [])]);
  });
}

/** What of a part that ran was left out, a line for each group of tests: the reason stands where it says so in the log. */
export function leftOutIn(text) {
  return JSON.parse(text).testResults.flatMap((file) => {
    const groups = new Map();
    for (const { status, ancestorTitles = [], title } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') continue;
      const name = ancestorTitles[0] || title;
      groups.set(name, (groups.get(name) ?? 0) + 1);
    }
    return [...groups].map(([name, count]) => `${file.name}: ${name} (${count} ${count === 1 ? 'test' : 'tests'})`);
  });
}

export function addReports(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

export function inWords(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
