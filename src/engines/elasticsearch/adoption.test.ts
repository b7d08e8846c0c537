import { describe, expect, it } from 'vitest';
import type { Observation, SeenElasticsearch, SeenNode } from '../../domain/index.ts';
import { adoption } from './adoption.ts';
import { aWorld, nodeSpec, observe, worldCluster } from './decide/testing.ts';

const world = aWorld([nodeSpec('n1', { heapMb: 0 })]);
const cluster = worldCluster(world);

function seenAs(node: Partial<SeenNode>): Observation<SeenElasticsearch> {
  const observation = observe(world);
  if (observation.cluster.kind !== 'seen') throw new Error('the world is seen');
  const { seen } = observation.cluster;
  return { ...observation, cluster: { kind: 'seen', seen: { ...seen, nodes: seen.nodes.map((one) => ({ ...one, ...node })) } } };
}

describe('adoption', () => {
  it('takes folders, heap and process as the node has them', () => {
    const node = {
      pid: 77,
      settings: { 'path.home': '/opt/es', 'path.data': '/srv/es', 'path.logs': '/var/log/es' },
      jvmInputArguments: ['-Xms1g', '-Xmx1g', '-Des.path.conf=/etc/es', '-Xmx2g'],
    };
    const found = adoption(cluster, seenAs(node));
    expect(found).toMatchObject({ processIds: { n1: 77 }, missing: [] });
    expect(found.spec.nodes[0]).toMatchObject({
      heapMb: 2048,
      folders: { conf: '/etc/es', data: '/srv/es', logs: '/var/log/es' },
    });
  });

  it('knows the folders below its home that a node uses when it was told no others, and reads a heap without a unit', () => {
    const node = { settings: { 'path.home': '/opt/es', 'path.conf': '/etc/es5' }, jvmInputArguments: ['-Xmx536870912'] };
    expect(adoption(cluster, seenAs(node)).spec.nodes[0]).toMatchObject({
      heapMb: 512,
      folders: { conf: '/etc/es5', data: '/opt/es/data', logs: '/opt/es/logs' },
    });
  });

  it('is refused where a cluster of another name answers', () => {
    const named = { ...cluster, spec: { ...cluster.spec, clusterName: 'search' } };
    expect(adoption(named, seenAs({ settings: { 'path.home': '/opt/es' }, jvmInputArguments: ['-Xmx1g'] })).missing).toEqual([
      'The cluster that answers is named test, not search; check its name (cluster.name) and its urls.',
    ]);
  });

  it('takes the JVM options that are as true of the node at another release, and no others', () => {
    const own = [
      '-XX:MaxDirectMemorySize=2g',
      '-Djavax.net.ssl.trustStore=/etc/trust.jks',
      '-XX:+UseG1GC',
      '-javaagent:/opt/a.jar',
    ];
    const others = [
      '-Xms1g',
      '-Xmx1g',
      '-Xss1m',
      '-XX:+UseConcMarkSweepGC',
      '-XX:CMSInitiatingOccupancyFraction=75',
      '-XX:+UseCMSInitiatingOccupancyOnly',
      '-XX:+PrintGCDetails',
      '-XX:NumberOfGCLogFiles=32',
      '-Djava.awt.headless=true',
      '-Djava.io.tmpdir=/tmp/elasticsearch-1',
      '-Des.path.home=/opt/es',
      '-Des.path.conf=/etc/es',
      '-Des.distribution.type=rpm',
      '-XX:SharedArchiveFile=/var/a.jsa',
      '-XX:OnOutOfMemoryError=kill -9 %p',
      '--module-path=/opt/es/lib',
      '-cp',
      '/opt/es/lib/*',
    ];
    const node = { settings: { 'path.home': '/opt/es' }, jvmInputArguments: [...others.slice(0, 8), ...own, ...others.slice(8)] };
    expect(adoption(cluster, seenAs(node)).spec.nodes[0]?.jvmOptions).toEqual(own);
    const declared = worldCluster(aWorld([nodeSpec('n1', { heapMb: 0, jvmOptions: ['-Da=b'] })]));
    expect(adoption(declared, seenAs(node)).spec.nodes[0]?.jvmOptions).toEqual(['-Da=b']);
  });

  it('keeps what its owner declared', () => {
    const declared = { conf: '/c', data: '/d', logs: '/l' };
    const owned = worldCluster(aWorld([nodeSpec('n1', { heapMb: 300, folders: declared })]));
    const node = { settings: { 'path.home': '/opt/es' }, jvmInputArguments: ['-Xmx2g'] };
    expect(adoption(owned, seenAs(node)).spec.nodes[0]).toMatchObject({ heapMb: 300, folders: declared });
  });

  it('names what neither says', () => {
    const silent = adoption(
      cluster,
      seenAs({ settings: { 'path.home': '/opt/es', 'path.data': '/a,/b' }, jvmInputArguments: [] }),
    );
    expect(silent.missing).toEqual([
      'Node n1: give its folders (conf, data, logs): it does not tell one data folder.',
      'Node n1: give heapMb: its heap is not among the arguments of its JVM.',
    ]);
    const kept = worldCluster(aWorld([nodeSpec('n1', { heapMb: 300, settingsFileOwner: 'owner' })]));
    expect(adoption(kept, seenAs({ settings: { 'path.home': '/opt/es' } })).missing).toEqual([
      'Node n1: give its folders (conf, data, logs): it does not tell where its settings file lies.',
    ]);
  });
});
