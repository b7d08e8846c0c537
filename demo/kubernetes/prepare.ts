import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { componentsReady } from '../../scripts/build-components.js';
import { componentPath } from '../../scripts/components.js';
import { programPath } from '../../scripts/system-tools.js';
import { missingTools } from '../../test/rig/index.ts';
import type { Screen } from '../screen.ts';

/** What the story runs, in the order in which it is built. */
export const components = ['etcd-3.6.16', 'kubernetes-1.36.3', 'kubernetes-1.37.2', 'kubernetes-load'];
const systemTools = fileURLToPath(new URL('../../scripts/system-tools.js', import.meta.url));
const haproxyMissing =
  'HAProxy was not found: it is the one address of a control plane. Install it, for example the package haproxy.';

/** Builds what is not built yet, and has the machine's package clients bring HAProxy and the aws CLI where they can. */
export async function prepare(screen: Screen): Promise<readonly string[]> {
  // That the JavaScript SDK will one day want a newer Node is no part of the story.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const toBuild = components.filter((name) => !existsSync(componentPath(name)));
  const missing = toBuild.length === 0 ? [] : missingTools(['go']).map(({ says, remedy }) => `${says} ${remedy}`);
  const lacks = programPath('haproxy') === null || programPath('aws') === null;
  if (missing.length === 0 && lacks) await screen.step('HAProxy and the aws CLI', install, told);
  if (programPath('haproxy') === null) missing.push(haproxyMissing);
  if (missing.length > 0) return missing;
  const failed = await screen.step(
    toBuild.length === 0 ? 'real Kubernetes and etcd are there' : `real Kubernetes and etcd are built: ${toBuild.join(', ')}`,
    (onTheWay) => componentsReady(components, (line) => toBuild.length > 0 && onTheWay(line)),
  );
  const aws = programPath('aws');
  // Whoever calls it by name finds this one: kubeconfigs do.
  if (aws !== null) process.env.PATH = `${dirname(aws)}:${process.env.PATH ?? ''}`;
  return failed.map(({ name, because }) => `${name} could not be built: ${because}`);
}

async function install(): Promise<void> {
  spawnSync(process.execPath, [systemTools, 'haproxy', 'aws'], { stdio: 'ignore' });
}

function told(): string {
  const aws = programPath('aws') === null ? 'no aws CLI: the JavaScript SDK is used instead' : 'the aws CLI';
  return `HAProxy and the aws CLI: ${programPath('haproxy') === null ? 'no HAProxy' : 'HAProxy'}, ${aws}`;
}
