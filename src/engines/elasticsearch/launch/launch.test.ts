import { describe, expect, it } from 'vitest';
import type { ElasticsearchCatalog } from '../../../domain/index.ts';
import { aWorld, nodeSpec, worldCluster } from '../decide/testing.ts';
import { launch, trialText } from './index.ts';

const catalog: ElasticsearchCatalog = {
  engine: 'elasticsearch',
  edges: [],
  releases: ['5.6.16', '6.7.0', '7.17.29', '8.19.21'].map((version) => ({
    version,
    java: { min: 17, max: 17 },
    artefacts: [{ kind: 'folder', path: '/somewhere' }],
    builds: [
      { id: 'ali1.2.0', jvmOptions: ['-Dkernel=1.2.0'], settings: { 'indices.memory.index_buffer_size': '15%' }, plugins: [] },
    ],
    removedSettings: [],
    plugins: null,
    oldestIndexMajor: 5,
  })),
};
const world = aWorld([
  nodeSpec('n1', { httpPort: 9201, transportPort: 9301 }),
  nodeSpec('n2', { httpPort: 9202, transportPort: 9302 }),
  nodeSpec('n3'),
]);
const cluster = worldCluster(world, { settings: { 'foo.bar': '1' } });
const file = (version: string, purpose: Parameters<typeof launch>[4], build: string | null = null) =>
  launch(cluster, catalog, 'n1', { version, build }, purpose).files[0]?.text ?? '';
const trial = { kind: 'trial', ports: [19201, 19301], enforceBootstrapChecks: false, archive: 'x' } as const;

describe('launch', () => {
  it('writes discovery in the way of each version', () => {
    expect(file('5.6.16', { kind: 'join' })).toContain('discovery.zen.minimum_master_nodes: "2"');
    expect(file('7.17.29', { kind: 'join' })).toContain(
      'discovery.seed_hosts: ["127.0.0.1:9301", "127.0.0.1:9302", "127.0.0.1:9300"]',
    );
    expect(file('7.17.29', { kind: 'join' })).not.toContain('zen');
  });

  it('names peers and itself on IPv6 in brackets', () => {
    const six = worldCluster(aWorld([nodeSpec('n1', { url: 'http://[::1]:9201', httpPort: 9201, transportPort: 9301 })]));
    const made = launch(six, catalog, 'n1', { version: '7.17.29', build: null }, { kind: 'join' });
    expect(made.readyUrl).toBe('http://[::1]:9201/');
    expect(made.files[0]?.text).toContain('discovery.seed_hosts: ["[::1]:9301"]');
  });

  it('never lets a node that joins by upgrade bootstrap a cluster of its own', () => {
    expect(file('7.17.29', { kind: 'join' })).not.toContain('initial_master_nodes');
    expect(file('7.17.29', { kind: 'first' })).toContain('cluster.initial_master_nodes: ["n1", "n2", "n3"]');
  });

  it('names the transport port and the roles as the version knows them', () => {
    expect(file('7.17.29', { kind: 'join' })).toContain('transport.tcp.port: "9301"');
    expect(file('8.19.21', { kind: 'join' })).toContain('transport.port: "9301"');
    expect(file('6.7.0', { kind: 'join' })).toContain('node.ingest: "true"');
    expect(file('8.19.21', { kind: 'join' })).toContain('node.roles: ["master", "data", "ingest"]');
  });

  it('starts a node with the classes that its trial left, however much larger its heap is', () => {
    const large = worldCluster(aWorld([nodeSpec('n1', { heapMb: 8_192 })]));
    const archive = (purpose: Parameters<typeof launch>[4], build: string | null = null) =>
      launch(large, catalog, 'n1', { version: '6.7.0', build }, purpose).archive;
    expect(archive(trial)).not.toBeNull();
    expect(archive({ kind: 'join' })).toBe(archive(trial));
    expect(archive({ kind: 'join' }, 'ali1.2.0')).not.toBe(archive(trial));
  });

  it('lets every setting of the owner reach the node, so that a trial can refuse it', () => {
    expect(file('8.19.21', trial)).toContain('foo.bar: "1"');
  });

  it('keeps a trial alone, on scratch ports and in a cluster of another name', () => {
    for (const version of ['5.6.16', '6.7.0', '7.17.29', '8.19.21']) {
      const text = file(version, trial);
      expect(text).toContain('cluster.name: "test-trial"');
      expect(text).toContain('http.port: "19201"');
      expect(text).not.toContain('9302');
    }
  });

  it('lets a member that cannot become master be tried alone, which single-node discovery refuses', () => {
    const mixed = worldCluster(aWorld([nodeSpec('n1'), nodeSpec('n2', { roles: ['data'] })]));
    for (const version of ['6.7.0', '7.17.29', '8.19.21']) {
      const text = (member: string) => launch(mixed, catalog, member, { version, build: null }, trial).files[0]?.text ?? '';
      expect(text('n2')).toContain('discovery.initial_state_timeout: "0s"');
      expect(text('n2')).not.toContain('single-node');
      expect(text('n1')).not.toContain('initial_state_timeout');
    }
  });

  it('tells every node where native code may be unpacked, without which 7.17 does not start', () => {
    for (const version of ['5.6.16', '7.17.29', '8.19.21'])
      expect(launch(cluster, catalog, 'n1', { version, build: null }, { kind: 'join' }).environment).toMatchObject({
        LIBFFI_TMPDIR: '${tmp}',
      });
  });

  it('takes back the collector that the options file of 8 chooses, for two at once are refused', () => {
    const made = launch(cluster, catalog, 'n1', { version: '8.19.21', build: null }, { kind: 'join' });
    const lines = made.files.find((each) => each.path.endsWith('.options'))?.text.split('\n') ?? [];
    expect(lines.indexOf('-XX:-UseG1GC')).toBeGreaterThanOrEqual(0);
    expect(lines).toContain('-XX:+UseSerialGC');
  });

  it('brings the options and settings of a build', () => {
    const made = launch(cluster, catalog, 'n1', { version: '6.7.0', build: 'ali1.2.0' }, { kind: 'join' });
    expect(made.command).toContain('-Dkernel=1.2.0');
    expect(made.files[0]?.text).toContain('indices.memory.index_buffer_size: "15%"');
  });

  it('runs a build that has an artefact of its own from that one, and the others from that of their version', () => {
    const own = { kind: 'folder', path: '/opt/es-with-plugins' } as const;
    const releases = catalog.releases.map((one) => ({
      ...one,
      builds: [...one.builds, { id: 'own', jvmOptions: [], settings: {}, plugins: ['icu'], artefacts: [own] }],
    }));
    const run = (build: string | null) =>
      launch(cluster, { ...catalog, releases }, 'n1', { version: '6.7.0', build }, { kind: 'join' }).artefacts;
    expect(run('own')).toEqual([own]);
    expect(run('ali1.2.0')).toEqual(run(null));
  });

  const folders = { conf: '/etc/es', data: '/srv/es', logs: '/var/log/es' };

  it('writes nothing into a settings file that its owner keeps', () => {
    const kept = worldCluster(aWorld([nodeSpec('n1', { settingsFileOwner: 'owner', folders })]));
    const made = launch(kept, catalog, 'n1', { version: '6.7.0', build: null }, { kind: 'join' });
    expect(made).toMatchObject({ files: [], copies: [], folders });
    expect(made.overlay).toBeUndefined();
  });

  it('tries a settings file that its owner keeps on a copy, alone and on scratch folders', () => {
    const kept = worldCluster(aWorld([nodeSpec('n1', { settingsFileOwner: 'owner', folders })]));
    const made = launch(kept, catalog, 'n1', { version: '8.19.21', build: null }, trial);
    expect(made.folders).toBeNull();
    const except = ['unicast_hosts.txt', 'discovery-file/unicast_hosts.txt'];
    expect(made.copies).toEqual([{ from: '/etc/es', to: 'conf', except }]);
    expect(made.overlay).toMatchObject({
      path: 'conf/elasticsearch.yml',
      set: { 'path.data': '${data}', 'http.port': '19201', 'discovery.type': 'single-node', 'cluster.name': 'test-trial' },
    });
    // What 8 no longer knows stays, so that 8 can say so.
    expect(made.overlay?.remove).toContain('discovery.seed_hosts');
    expect(made.overlay?.remove.filter((name) => /zen|tcp/.test(name))).toEqual([]);
  });

  const withOptions = (jvmOptions: readonly string[], change: Parameters<typeof nodeSpec>[1] = {}) =>
    worldCluster(aWorld([nodeSpec('n1', { jvmOptions, folders, ...change })]));
  const started = (version: string, of: typeof cluster, purpose: Parameters<typeof launch>[4] = { kind: 'join' }) =>
    launch(of, catalog, 'n1', { version, build: null }, purpose);

  it('goes on with the JVM options of the node, where a collector among them is the only one', () => {
    const command = started('6.7.0', withOptions(['-XX:+UseParallelGC', '-XX:MaxDirectMemorySize=1g'])).command;
    expect(command.filter((word) => /GC$|Direct/.test(word))).toEqual(['-XX:+UseParallelGC', '-XX:MaxDirectMemorySize=1g']);
    expect(started('6.7.0', withOptions([])).command).toContain('-XX:+UseSerialGC');
    const file = started('8.19.21', withOptions(['-XX:+UseParallelGC'])).files[1]?.text ?? '';
    expect(file.split('\n').filter((line) => line.endsWith('GC'))).toEqual(['-XX:-UseG1GC', '-XX:+UseParallelGC']);
    const g1 = started('8.19.21', withOptions(['-XX:+UseG1GC'])).files[1]?.text ?? '';
    expect(g1.split('\n').filter((line) => line.endsWith('GC'))).toEqual(['-XX:+UseG1GC']);
  });

  it('hands heap and options to the launcher of 8 by its environment where the owner keeps the settings', () => {
    const kept = withOptions(['-Da=b'], { heapMb: 700, settingsFileOwner: 'owner' });
    const made = launch(kept, catalog, 'n1', { version: '8.19.21', build: 'ali1.2.0' }, { kind: 'join' });
    expect(made.environment.ES_JAVA_OPTS).toBe('-Xms700m -Xmx700m -Dkernel=1.2.0 -Da=b');
    expect(made.files).toEqual([]);
    const tried = started('8.19.21', kept, { ...trial, enforceBootstrapChecks: true }).environment.ES_JAVA_OPTS;
    expect(tried).toBe('-Xms256m -Xmx256m -Des.enforce.bootstrap.checks=true -Da=b');
    expect(started('8.19.21', withOptions(['-Da=b'])).environment.ES_JAVA_OPTS).toBeUndefined();
  });

  it('leaves out of a trial what two processes cannot both have, and what belongs to a build', () => {
    const shared = ['-Dcom.sun.management.jmxremote.port=9999', '-Xlog:gc*:file=/var/log/gc.log', '-javaagent:/opt/a.jar=8080'];
    const node = withOptions([...shared, '-Dkernel=1.2.0', '-Da=b']);
    const { command } = started('7.17.29', node, trial);
    expect(command.filter((word) => [...shared, '-Dkernel=1.2.0', '-Da=b'].includes(word))).toEqual(['-Da=b']);
    expect(started('7.17.29', node).command).toEqual(expect.arrayContaining(shared));
    expect(started('7.17.29', node).command).not.toContain('-Dkernel=1.2.0');
  });

  it('has another trial text for a node with other JVM options, and none for other ways to say none', () => {
    const text = (of: typeof cluster) => trialText(of, catalog, 'n1', { version: '7.17.29', build: null });
    expect(text(withOptions(['-Da=b']))).not.toBe(text(withOptions(['-Da=c'])));
    expect(text(withOptions([]))).toBe(text(worldCluster(aWorld([nodeSpec('n1', { folders })]))));
  });

  it('keeps its own settings file out of the folder of the owner', () => {
    const ours = worldCluster(aWorld([nodeSpec('n1', { settingsFileOwner: 'clusterlift', folders })]));
    const made = launch(ours, catalog, 'n1', { version: '6.7.0', build: null }, { kind: 'join' });
    expect(made.folders).toEqual({ ...folders, conf: null });
    expect(made.files.map((one) => one.path)).toEqual(['conf/elasticsearch.yml']);
  });

  it('lets nobody be called by a trial, and leaves to each release what it no longer or not yet knows', () => {
    const kept = worldCluster(aWorld([nodeSpec('n1', { settingsFileOwner: 'owner', folders })]));
    const loud = {
      'discovery.zen.hosts_provider': 'file',
      'xpack.monitoring.exporters.far.host': 'http://10.0.0.9:9200',
      'cluster.remote.far.seeds': '10.0.0.9:9300',
      'search.remote.far.seeds': '10.0.0.9:9300',
      // Calls nobody; 8 has to refuse it.
      'cluster.remote.connect': 'true',
    };
    const taken = ['discovery.zen.hosts_provider', 'xpack.monitoring.exporters.*', 'cluster.remote.*.*', 'search.remote.*'];
    for (const [version, gone] of Object.entries({
      '5.6.16': [0, 3],
      '6.7.0': [0, 2, 3],
      '7.17.29': [0, 1, 2, 3],
      '8.19.21': [1, 2],
    })) {
      const { overlay } = launch(kept, catalog, 'n1', { version, build: null }, trial);
      expect(
        taken.filter((name) => overlay?.remove.includes(name)),
        version,
      ).toEqual(gone.map((index) => taken[index]));
      const ours = worldCluster(world, { settings: loud });
      const text = launch(ours, catalog, 'n1', { version, build: null }, trial).files[0]?.text ?? '';
      const left = Object.keys(loud).filter((_, index) => !gone.includes(index));
      expect(
        Object.keys(loud).filter((name) => text.includes(name)),
        version,
      ).toEqual(left);
    }
  });

  it('keeps a trial alone whatever the settings of the owner say', () => {
    const loud = worldCluster(world, {
      settings: { 'http.port': '9200', 'discovery.seed_hosts': '10.0.0.1', 'path.data': '/srv' },
    });
    const text = launch(loud, catalog, 'n1', { version: '7.17.29', build: null }, trial).files[0]?.text ?? '';
    expect(text).toContain('http.port: "19201"');
    expect(text).toContain('path.data: "${data}"');
    expect(text).not.toContain('10.0.0.1');
  });

  it('has one trial text for members that differ in name and ports only, and another for another release', () => {
    const text = (member: string, version: string) => trialText(cluster, catalog, member, { version, build: null });
    expect(text('n1', '6.7.0')).toBe(text('n2', '6.7.0'));
    expect(text('n1', '6.7.0')).not.toBe(text('n1', '7.17.29'));
  });
});
