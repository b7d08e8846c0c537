import { readFileSync } from 'node:fs';

/** The systemd service in a text of /proc/PID/cgroup, or null. Below a user's manager the innermost counts. */
export function serviceIn(cgroups: string): string | null {
  const names = cgroups.split('\n').flatMap((line) => line.split('/').filter((name) => name.endsWith('.service')));
  return names.filter((name) => !name.startsWith('user@')).at(-1) ?? null;
}

export function serviceOf(pid: number): string | null {
  try {
    return serviceIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
  } catch {
    return null;
  }
}
