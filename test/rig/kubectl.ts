import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { componentPath } from '../../scripts/components.js';

const run = promisify(execFile);
const callTimeoutMs = 60_000;

/** kubectl of a component that was built, on a kubeconfig. What it prints; a call that fails throws with its words. */
export async function kubectl(
  component: string,
  kubeconfig: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run(`${componentPath(component)}/bin/kubectl`, [`--kubeconfig=${kubeconfig}`, ...words], {
    timeout: callTimeoutMs,
    env: { ...process.env, ...environment },
  });
  return stdout;
}
