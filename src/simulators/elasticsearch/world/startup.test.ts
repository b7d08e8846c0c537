import { describe, expect, it } from 'vitest';
import { Lab } from './testing.ts';

const seed = Number(process.env.CLUSTERLIFT_SEED ?? 7);
const one = { 'discovery.zen.minimum_master_nodes': '1' };

/** Its last words and exit code; null while it runs. */
function ended(lab: Lab, name: string): { code: number; log: string } | null {
  const { phase, log } = lab.node(name);
  return phase.at === 'ended' ? { code: phase.exitCode, log: log.join('\n') } : null;
}

describe('a start', () => {
  it.each([
    ['5.5.3', 'indices.store.throttle.type', null],
    [
      '6.3.2',
      'indices.store.throttle.type',
      'unknown setting [indices.store.throttle.type] please check that any required plugins',
    ],
    ['6.3.2', 'script.inline', 'unknown setting [script.inline]'],
    ['5.6.16', 'cluster.routing.allocation.snapshot.relocation_enabled', null],
    ['6.3.2', 'cluster.routing.allocation.snapshot.relocation_enabled', 'unknown setting [cluster.routing.allocation.snapshot'],
    ['5.5.3', 'index.codec', 'node settings must not contain any index level settings'],
  ])('%s with %s', (version, setting, says) => {
    const lab = new Lab(seed);
    lab.launch('n1', version, { ...one, [setting]: 'true' });
    lab.run(20_000);
    if (says === null) expect(lab.members()).toEqual(['n1']);
    else expect(ended(lab, 'n1')).toEqual({ code: 1, log: expect.stringContaining(says) });
  });

  it('is refused in a folder that another process has', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1']);
    lab.launch('n1', '5.5.3', one);
    lab.run(20_000);
    expect(ended(lab, 'n1')?.log).toContain('failed to obtain node locks');
  });

  it('is refused while an index is too old for it', () => {
    const lab = new Lab(seed);
    lab.form('5.6.16', ['n1', 'n2']);
    lab.index('old', 1, 1);
    lab.kill('n2');
    lab.run(5_000);
    lab.launch('n2', '7.17.29');
    lab.run(20_000);
    expect(ended(lab, 'n2')?.log).toContain(
      'was created with version [5.6.16] but the minimum compatible version is [6.0.0-beta1]',
    );
  });

  it('fails as long as a fault keeps it from starting, at that version only', () => {
    const lab = new Lab(seed);
    lab.world.startFaults.set('n1', { version: '5.6.16', lines: ['it is broken'] });
    lab.launch('n1', '5.6.16', one);
    lab.run(20_000);
    expect(ended(lab, 'n1')).toEqual({ code: 1, log: expect.stringContaining('it is broken') });
    lab.launch('n1', '5.5.3', one);
    lab.run(20_000);
    expect(lab.members()).toEqual(['n1']);
  });
});
