import { afterEach, describe, expect, it } from 'vitest';
import {
  comeUp,
  expectSafe,
  freePort,
  hopOf,
  lift,
  makePlane,
  minorsOf,
  needs,
  next,
  old,
  patched,
  startPlane,
  timeoutMs,
  versions,
} from '../../../test/rig/simulated-plane.ts';
import { placesBehindBalancer } from '../../domain/index.ts';
import { listenDoor } from './listen/door.ts';
import { isApiserverReady } from './processes/apiserver.ts';

describe('a lift by the engine against a simulated control plane', () => {
  let plane: Awaited<ReturnType<typeof startPlane>>;
  afterEach(() => plane.close());

  it('takes a build of the release, then the next minor, then a node group, with two apiservers ready throughout', async () => {
    plane = await startPlane();
    const build = await lift(hopOf(old, patched));
    expect(build.move, build.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
    plane.cluster = { ...plane.cluster, spec: { ...plane.cluster.spec, release: patched } };
    const minor = await lift(hopOf(patched, next));
    expect(minor.move, minor.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
    expect([...minorsOf('apiserver'), ...minorsOf('controller-manager'), ...minorsOf('scheduler')]).toEqual(
      Array.from({ length: 6 }, () => 37),
    );
    plane.cluster = { ...plane.cluster, spec: { ...plane.cluster.spec, release: next } };
    const group = await lift(hopOf(old, next, { nodegroup: 'blue' }));
    expect(group.move, group.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
    expect(minorsOf('blue')).toEqual([37, 37]);
    expectSafe(2);
  }, 120_000);

  it('lifts one that is reached through a balancer of its owner, which it waits for while it is made', async () => {
    const balancer = { host: '127.0.0.1', port: await freePort() };
    plane = await makePlane([], `https://${balancer.host}:${balancer.port}`);
    const up = comeUp();
    up.catch(() => undefined);
    const started = () => Object.keys(versions()).filter((name) => !/^(etcd|apiserver)-/.test(name));
    await expect.poll(() => needs(), { timeout: timeoutMs }).toContain(`The balancer at https://127.0.0.1:${balancer.port}`);
    expect(started()).toEqual([]);
    const places = placesBehindBalancer(plane.cluster.spec).map(({ name, at }) => {
      const [host = '', port = ''] = at.split(':');
      return { name, host, port: Number(port) };
    });
    const isReady = ({ name }: { readonly name: string }) => {
      const process = plane.members.room.processes.get(name);
      return process !== undefined && isApiserverReady(plane.members.room, process);
    };
    const listening = await listenDoor({ ...balancer, open: () => true, up: () => places.filter(isReady) });
    try {
      await up;
      expect(started().sort()).toEqual(
        ['blue-1', 'blue-2', 'controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'].sort(),
      );
      expect(await needs()).toBe('');
      const minor = await lift(hopOf(old, next));
      expect(minor.move, minor.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
      expect(minor.acts.join(', ')).not.toContain('front-door');
      expect([...minorsOf('apiserver'), ...minorsOf('controller-manager'), ...minorsOf('scheduler')]).toEqual(
        Array.from({ length: 6 }, () => 37),
      );
      expectSafe(2);
    } finally {
      await listening.close();
    }
  }, 120_000);

  it('goes back by itself where the new apiserver never gets ready, and leaves everything at the old minor', async () => {
    plane = await startPlane(['apiserver-never-ready']);
    const end = await lift(hopOf(old, next), 60);
    expect(end.move, end.acts.join(', ')).toMatchObject({ do: 'returned' });
    expect(new Set(minorsOf('apiserver'))).toEqual(new Set([36]));
    expectSafe(2);
  }, 120_000);
});
