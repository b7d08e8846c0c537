import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from './program.ts';

export interface Jdk {
  readonly feature: number;
  readonly home: string;
}

/** The JDKs of this machine, oldest first: the configured ones, JAVA_HOME, that of PATH, and where systems put them. */
export function findJdks(configured: readonly string[]): readonly Jdk[] {
  const roots = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines'].filter(existsSync);
  const found = roots.flatMap((root) =>
    readdirSync(root).flatMap((name) => [join(root, name), join(root, name, 'Contents', 'Home')]),
  );
  const named = [process.env.JAVA_HOME, homeInPath()].flatMap((home) => home ?? []);
  const homes = [...configured, ...named, ...found];
  const jdks = new Map<number, Jdk>();
  for (const home of homes) {
    const feature = featureOf(home);
    if (feature !== null && !jdks.has(feature)) jdks.set(feature, { feature, home });
  }
  return [...jdks.values()].sort((a, b) => a.feature - b.feature);
}

/** Whoever has put one there by other means than the system's packages has it in PATH. */
function homeInPath(): string | null {
  const java = findProgram('java');
  return java === null ? null : dirname(dirname(realpathSync(java)));
}

/** The oldest that fits: what a release was made for, not what is newest. */
export function pickJdk(jdks: readonly Jdk[], range: { readonly min: number; readonly max: number }): Jdk | undefined {
  return jdks.find((jdk) => jdk.feature >= range.min && jdk.feature <= range.max);
}

function featureOf(home: string): number | null {
  try {
    const release = readFileSync(join(home, 'release'), 'utf8');
    const version = /JAVA_VERSION="(?:1\.)?(\d+)/.exec(release)?.[1];
    return version === undefined || !existsSync(join(home, 'bin', 'java')) ? null : Number(version);
  } catch {
    return null;
  }
}
