import { describe, expect, it } from 'vitest';
import { startServer } from './testing.ts';
import { amountOf } from './usage.ts';

interface Used {
  readonly metadata: { readonly name: string };
  readonly usage: { readonly cpu: string; readonly memory: string };
  readonly containers: readonly { readonly name: string; readonly usage: { readonly cpu: string; readonly memory: string } }[];
}

const pods = '/api/v1/namespaces/default/pods';
const metrics = '/apis/metrics.k8s.io/v1beta1';
const itemsOf = ({ body }: { readonly body: unknown }) => (body as { items: readonly Used[] }).items;

function aPod(name: string, requests?: object) {
  const containers = [{ name: 'main', image: 'main', ...(requests === undefined ? {} : { resources: { requests } }) }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec: { containers } };
}

describe('the metrics of a simulated cluster', () => {
  it('tell of pods that run a share of what they ask for, and of nodes what their pods use and more', () => {
    const server = startServer();
    server.ask('POST', pods, aPod('busy', { cpu: '1', memory: '512Mi' }));
    server.ask('POST', pods, aPod('idle'));
    server.pass(60_000);
    const all = itemsOf(server.ask('GET', `${metrics}/pods`));
    expect(all.map(({ metadata }) => metadata.name)).toEqual(['busy', 'idle']);
    const [busy, idle] = all.map(({ containers: [main] }) => main?.usage ?? { cpu: '', memory: '' });
    expect(amountOf(busy?.cpu.replace('n', '') ?? '') / 1e9).toBeGreaterThan(0.29);
    expect(amountOf(busy?.cpu.replace('n', '') ?? '') / 1e9).toBeLessThan(0.81);
    expect(amountOf(busy?.memory ?? '')).toBeGreaterThan(amountOf('255Mi'));
    expect(amountOf(busy?.memory ?? '')).toBeLessThan(amountOf('513Mi'));
    expect(amountOf(idle?.memory ?? '')).toBeLessThan(amountOf('25Mi'));
    const nodes = itemsOf(server.ask('GET', `${metrics}/nodes`));
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(['blue-1', 'blue-2']);
    const ofNodes = nodes.reduce((sum, { usage }) => sum + amountOf(usage.memory), 0);
    const ofPods = [busy, idle].reduce((sum, usage) => sum + amountOf(usage?.memory ?? ''), 0);
    expect(Math.round(ofNodes - ofPods)).toBe(2 * amountOf('420Mi'));
  });

  it('are the same within fifteen seconds, and others after that', () => {
    const server = startServer();
    server.ask('POST', pods, aPod('busy', { cpu: '500m' }));
    server.pass(59_000);
    const cpu = () => itemsOf(server.ask('GET', `${metrics}/namespaces/default/pods`))[0]?.containers[0]?.usage.cpu;
    const before = cpu();
    server.pass(10_000);
    expect(cpu()).toBe(before);
    server.pass(10_000);
    expect(cpu()).not.toBe(before);
  });

  it('are chosen by name and label, and not there for what does not run', () => {
    const server = startServer();
    server.ask('POST', pods, aPod('busy', { cpu: '1' }));
    server.ask('POST', pods, aPod('idle'));
    expect(server.ask('GET', `${metrics}/namespaces/default/pods/busy`).status).toBe(404);
    server.pass(60_000);
    expect(server.ask('GET', `${metrics}/namespaces/default/pods/busy`).body).toMatchObject({
      kind: 'PodMetrics',
      window: '15s',
    });
    const chosen = itemsOf(server.ask('GET', `${metrics}/pods?labelSelector=app%3Didle`));
    expect(chosen.map(({ metadata }) => metadata.name)).toEqual(['idle']);
    expect(server.ask('GET', `${metrics}/nodes/green-1`).status).toBe(404);
    expect(server.ask('POST', `${metrics}/nodes`, {}).status).toBe(405);
  });

  it('give way to a server of metrics that is registered: away with it, and nothing of ours where it is to be registered', () => {
    const server = startServer();
    const groups = () => JSON.stringify(server.ask('GET', '/apis').body);
    const services = '/apis/apiregistration.k8s.io/v1/apiservices';
    expect(groups()).toContain('metrics.k8s.io');
    expect(server.ask('GET', `${services}/v1beta1.metrics.k8s.io`).status).toBe(404);
    const service = { namespace: 'kube-system', name: 'metrics-server' };
    const spec = { group: 'metrics.k8s.io', version: 'v1beta1', service, groupPriorityMinimum: 100, versionPriority: 100 };
    const metadata = { name: 'v1beta1.metrics.k8s.io' };
    server.ask('POST', services, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata, spec });
    server.pass(1_000);
    expect(server.ask('GET', `${metrics}/nodes`).status).toBe(503);
    expect(groups().split('"metrics.k8s.io"').length - 1).toBe(1);
  });
});
