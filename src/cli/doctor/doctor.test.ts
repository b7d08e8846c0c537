import { expect, test } from 'vitest';
import { runCommand } from '../testing/run-command.ts';

const everything = {
  'node --version': 'v20.20.2\n',
  'java -version': 'openjdk version "17.0.15" 2025-04-15\n',
  'mvn --version': '\u001b[1mApache Maven 3.8.7\u001b[m\n',
  'unzip -v': 'UnZip 6.00 of 20 April 2009\n',
  'go version': 'go version go1.26.8 linux/amd64\n',
  'haproxy -v': 'HAProxy version 2.6.12-1+deb12u2 2025/04/01\n',
  'aws --version': 'aws-cli/1.45.11 Python/3.11.2\n',
  'terraform version': 'Terraform v1.11.4\non linux_amd64\n',
  'chromium --version': 'Chromium 140.0.7339.80 built on Debian\n',
};
// Without a server and without a key.
const nobody = { url: '', env: { CLUSTERLIFT_ACCESS_KEY_ID: '', CLUSTERLIFT_SECRET_ACCESS_KEY: '' } };
const doctor = (programs: Readonly<Record<string, string>>, ...argv: readonly string[]) =>
  runCommand(['doctor', ...argv], { ...nobody, programs });

test('where everything is installed it says so, with the versions', async () => {
  const ran = await doctor(everything, '--for', 'elasticsearch', 'kubernetes', 'tests');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "PROGRAM    STATE  VERSION        NEEDED FOR     WHAT IT DOES
    Node.js    found  20.20.2        server         runs everything of Clusterlift
    Java 17    found  17.0.15        elasticsearch  runs nodes of Elasticsearch
    Maven      found  3.8.7          elasticsearch  fetches releases of Elasticsearch
    unzip      found  6.00           elasticsearch  unpacks them
    Go         found  1.26.8         kubernetes     builds Kubernetes and etcd, once
    HAProxy    found  2.6.12         kubernetes     the front door of a control plane
    aws        found  1.45.11        tests          drives the EKS API
    Terraform  found  1.11.4         tests          drives the EKS API
    Chromium   found  140.0.7339.80  tests          browser tests of the console

    Nothing is missing for: server, elasticsearch, kubernetes, tests.
    "
  `);
});

test('what is missing for another purpose is told with what it would take, and is no failure', async () => {
  const { 'node --version': node } = everything;
  const ran = await doctor({ 'node --version': node });
  expect(ran.code).toBe(0);
  expect(ran.out).toMatchInlineSnapshot(`
    "PROGRAM    STATE    VERSION  NEEDED FOR     WHAT IT DOES
    Node.js    found    20.20.2  server         runs everything of Clusterlift
    Java 17    missing  -        elasticsearch  runs nodes of Elasticsearch
    Maven      missing  -        elasticsearch  fetches releases of Elasticsearch
    unzip      missing  -        elasticsearch  unpacks them
    Go         missing  -        kubernetes     builds Kubernetes and etcd, once
    HAProxy    missing  -        kubernetes     the front door of a control plane
    aws        missing  -        tests          drives the EKS API
    Terraform  missing  -        tests          drives the EKS API
    Chromium   missing  -        tests          browser tests of the console

    What it would take
      Java 17 (elasticsearch): Install a JDK 17, for example the package openjdk-17-jdk-headless, or set JAVA_HOME to one. Elasticsearch 9 wants 21 beside it.
      Maven (elasticsearch): Install Maven, for example the package maven.
      unzip (elasticsearch): Install the package unzip.
      Go (kubernetes): Install Go 1.26 or newer (https://go.dev/dl), then: npm run components (about twenty minutes, once).
      HAProxy (kubernetes): Install the package haproxy.
      aws (tests): pip install awscli (Python 3).
      Terraform (tests): Install it from https://developer.hashicorp.com/terraform/install.
      Chromium (tests): Install the package chromium.

    Nothing is missing for: server.
    "
  `);
});

test.each([
  ['mvn --version', 'elasticsearch', 'Maven (elasticsearch): Install Maven, for example the package maven.'],
  ['go version', 'kubernetes', 'Go (kubernetes): Install Go 1.26 or newer'],
  ['chromium --version', 'tests', 'Chromium (tests): Install the package chromium.'],
])('without `%s` it is not fit for %s', async (program, purpose, says) => {
  const { [program as 'go version']: _, ...others } = everything;
  const ran = await doctor(others, '--for', purpose);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain(says);
  expect(ran.out).toContain(`Something is missing for: server, ${purpose}.`);
});

test('what is too old or another version is named', async () => {
  const ran = await doctor(
    { ...everything, 'node --version': 'v18.19.0', 'java -version': 'openjdk version "1.8.0_442"' },
    '--output',
    'json',
  );
  expect(ran.code).toBe(1);
  const { fit, findings } = JSON.parse(ran.out) as { fit: boolean; findings: { name: string; look: object }[] };
  expect(fit).toBe(false);
  expect(findings.slice(0, 2).map(({ look }) => look)).toEqual([
    { kind: 'unfit', version: '18.19.0', because: '20.20 is the oldest that will do' },
    { kind: 'unfit', version: '8.0_442', because: 'releases before 9 run with 17' },
  ]);
});

test('a JDK is found where systems put them, although another one is in PATH', async () => {
  const place = '/usr/lib/jvm/java-17-openjdk-amd64/bin/java';
  const programs = {
    ...everything,
    'java -version': 'openjdk version "21.0.2"',
    'find -L /usr/lib/jvm -maxdepth 3 -path */bin/java': `${place}\n`,
    [`${place} -version`]: 'openjdk version "17.0.1"',
  };
  expect((await doctor(programs, '--for', 'elasticsearch')).code).toBe(0);
});
