/** What this machine should have, for what, how it is found out, and what it would take where it is missing. */
import type { Shell } from '../shell.ts';

export const purposes = ['server', 'elasticsearch', 'kubernetes', 'tests'] as const;
export type Purpose = (typeof purposes)[number];

export interface Need {
  readonly name: string;
  readonly purpose: Purpose;
  /** What it is for, for people. */
  readonly use: string;
  readonly remedy: string;
  look(shell: Shell): Promise<Look>;
}

export type Look =
  | { readonly kind: 'found'; readonly version: string }
  | { readonly kind: 'missing' }
  /** It is there and will not do. */
  | { readonly kind: 'unfit'; readonly version: string; readonly because: string };

const oldestNode = [20, 20] as const;
const oldestGo = [1, 26] as const;
const javaFeature = 17;

export const needs: readonly Need[] = [
  {
    name: 'Node.js',
    purpose: 'server',
    use: 'runs everything of Clusterlift',
    remedy: `Install Node.js ${oldestNode.join('.')} or newer (https://nodejs.org).`,
    look: (shell) => versionFrom(shell, shell.nodeProgram, ['--version'], /v(\d+\.\d+\.\d+)/, oldestNode),
  },
  {
    name: 'Java 17',
    purpose: 'elasticsearch',
    use: 'runs nodes of Elasticsearch',
    remedy:
      'Install a JDK 17, for example the package openjdk-17-jdk-headless, or set JAVA_HOME to one. Elasticsearch 9 wants 21 beside it.',
    look: lookForJava,
  },
  program(
    'Maven',
    'elasticsearch',
    'fetches releases of Elasticsearch',
    'Install Maven, for example the package maven.',
    'mvn',
    ['--version'],
    /Apache Maven (\d[\w.-]*)/,
  ),
  program('unzip', 'elasticsearch', 'unpacks them', 'Install the package unzip.', 'unzip', ['-v'], /UnZip (\S+)/),
  {
    name: 'Go',
    purpose: 'kubernetes',
    use: 'builds Kubernetes and etcd, once',
    remedy: `Install Go ${oldestGo.join('.')} or newer (https://go.dev/dl), then: npm run components (about twenty minutes, once).`,
    look: (shell) => versionFrom(shell, 'go', ['version'], /go(\d+\.\d+(?:\.\d+)?)/, oldestGo),
  },
  program(
    'HAProxy',
    'kubernetes',
    'the front door of a control plane',
    'Install the package haproxy.',
    'haproxy',
    ['-v'],
    /[Vv]ersion (\d+\.\d+\.\d+)/,
  ),
  program('aws', 'tests', 'drives the EKS API', 'pip install awscli (Python 3).', 'aws', ['--version'], /aws-cli\/(\S+)/),
  program(
    'Terraform',
    'tests',
    'drives the EKS API',
    'Install it from https://developer.hashicorp.com/terraform/install.',
    'terraform',
    ['version'],
    /Terraform v(\S+)/,
  ),
  {
    name: 'Chromium',
    purpose: 'tests',
    use: 'browser tests of the console',
    remedy: 'Install the package chromium.',
    look: async (shell) => {
      for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
        const look = await versionFrom(shell, name, ['--version'], /(\d+\.\d+[\d.]*)/);
        if (look.kind !== 'missing') return look;
      }
      return { kind: 'missing' };
    },
  },
];

function program(
  name: string,
  purpose: Purpose,
  use: string,
  remedy: string,
  command: string,
  args: readonly string[],
  pattern: RegExp,
): Need {
  return { name, purpose, use, remedy, look: (shell) => versionFrom(shell, command, args, pattern) };
}

async function versionFrom(
  shell: Shell,
  command: string,
  args: readonly string[],
  pattern: RegExp,
  oldest?: readonly [number, number],
): Promise<Look> {
  const text = await shell.probe(command, args);
  if (text === null) return { kind: 'missing' };
  const version = pattern.exec(text)?.[1] ?? 'of an unknown version';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = oldest !== undefined && (major < oldest[0] || (major === oldest[0] && minor < oldest[1]));
  return isOld
    ? { kind: 'unfit', version, because: `${oldest.join('.')} is the oldest that will do` }
    : { kind: 'found', version };
}

/** Where the server looks for JDKs: JAVA_HOME, PATH, and where systems put them. */
async function lookForJava(shell: Shell): Promise<Look> {
  const home = shell.env.JAVA_HOME ?? '';
  const installed = await shell.probe('find', ['-L', '/usr/lib/jvm', '-maxdepth', '3', '-path', '*/bin/java']);
  const places = [...(home === '' ? [] : [`${home}/bin/java`]), 'java', ...(installed ?? '').split('\n').filter(Boolean)];
  const others: string[] = [];
  for (const place of places) {
    const version = /version "(?:1\.)?(\d[^"]*)"/.exec((await shell.probe(place, ['-version'])) ?? '')?.[1];
    if (version === undefined) continue;
    if (Number.parseInt(version, 10) === javaFeature) return { kind: 'found', version };
    others.push(version);
  }
  const [other] = others;
  return other === undefined
    ? { kind: 'missing' }
    : { kind: 'unfit', version: other, because: `releases before 9 run with ${javaFeature}` };
}
