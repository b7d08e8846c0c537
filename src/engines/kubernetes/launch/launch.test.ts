import { beforeAll, describe, expect, it } from 'vitest';
import { type KubernetesCluster, kubernetesMembers, type Launch, type LaunchPurpose } from '../../../domain/index.ts';
import { requestedSpec } from '../draft/index.ts';
import { addNodegroup } from '../nodegroups.ts';
import { atTest, clusterOf, drafted, theKubernetesCatalog } from '../testing.ts';
import { launch, trialPorts, trialText } from './index.ts';
import { withoutFlags } from './trial-flags.ts';

const release = { version: '1.36', build: 'eks.1' };
const next = { version: '1.37', build: 'eks.2' };
const catalog = theKubernetesCatalog();
const trial: LaunchPurpose = { kind: 'trial', ports: [7001, 7002, 7003, 7004], enforceBootstrapChecks: false, archive: '' };
const group = { name: 'blue', release, minSize: 1, maxSize: 3, maxUnavailable: 1, tags: {}, face: {}, desiredSize: 2 };

let cluster: KubernetesCluster;
beforeAll(async () => {
  const flags = {
    'kube-apiserver': ['--audit-log-maxage=3', '--etcd-servers=https://127.77.3.21:2379', '--audit-log-path', '/var/log/audit'],
    'kube-scheduler': ['--master=https://127.77.3.11:6443', '--config', '/etc/scheduler.yaml', '--v=2'],
    node: ['--kubeconfig=/etc/kubeconfig', '--v=3'],
    etcd: ['--quota-backend-bytes=8589934592', '--listen-metrics-urls=http://127.77.3.21:2381'],
  };
  const made = await drafted(requestedSpec({ release, flags }));
  const labels = { tier: 'a' };
  const taints = [{ key: 'only', value: 'gpu', effect: 'NoSchedule' }];
  cluster = clusterOf(addNodegroup(made.spec, { ...group, labels, taints }, atTest), made.secrets);
});

const words = ({ command }: Launch) => command.join(' ');
const joined = (member: string, purpose: LaunchPurpose = { kind: 'join' }) => launch(cluster, catalog, member, release, purpose);

describe('a launch', () => {
  it('puts the owner’s flags after ours', () => {
    const text = words(joined('apiserver-1'));
    expect(text.indexOf('--audit-log-maxage=3')).toBeGreaterThan(text.indexOf('--shutdown-delay-duration=3s'));
    expect(text).not.toContain('send-retry-after');
  });

  it('lets an apiserver behave as another minor only where that is asked for', () => {
    expect(words(joined('apiserver-1', { kind: 'join', emulate: '1.35' }))).toContain('--emulated-version=1.35');
    expect(words(joined('apiserver-1'))).not.toContain('emulated-version');
  });

  it('asks about tokens over TLS too, whatever certificate this machine’s own server shows', () => {
    const asked = (authenticationUrl: string) => {
      const asking = clusterOf({ ...cluster.spec, authenticationUrl }, { ...cluster.secrets, 'webhook-token': 'secret' });
      const { files } = launch(asking, catalog, 'apiserver-1', release, { kind: 'join' });
      return files.find(({ path }) => path === 'conf/webhook.yaml')?.text;
    };
    expect(asked('https://127.0.0.1:7171/a')).toMatch(
      /^ {6}server: https:\/\/apiserver:secret@127\.0\.0\.1:7171\/a\n {6}insecure-skip-tls-verify: true$/m,
    );
    expect(asked('http://127.0.0.1:7171/a')).not.toContain('insecure');
  });

  it('keeps every file that may hold a key from everybody else', () => {
    for (const { name } of kubernetesMembers(cluster.spec)) {
      for (const file of joined(name).files) expect([name, file.path, file.secret]).toEqual([name, file.path, true]);
    }
  });

  it('has every place for an apiserver behind the front door from the first day', () => {
    const [file] = joined('front-door').files;
    for (const number of [11, 12, 19]) expect(file?.text).toContain(`127.77.3.${number}:6443 check`);
    expect(joined('front-door').artefacts).toEqual([]);
  });

  it('runs the etcd that a release brings, and tells it as such', () => {
    expect(joined('etcd-1').release).toEqual({ version: '3.6.16', build: null });
    expect(launch(cluster, catalog, 'etcd-1', { version: '3.5.35', build: null }, { kind: 'join' }).artefacts[0]).toMatchObject({
      name: 'etcd-3.5.35',
    });
    expect(words(joined('etcd-1'))).toContain('--initial-cluster-state=existing');
    expect(words(joined('etcd-1', { kind: 'first' }))).toContain('--initial-cluster-state=new');
  });

  it('registers a node with the labels and taints of its group', () => {
    const text = words(joined('blue-1'));
    expect(text).toContain('--node-labels=tier=a,eks.amazonaws.com/nodegroup=blue');
    expect(text).toContain('--register-with-taints=only=gpu:NoSchedule');
  });
});

describe('a trial', () => {
  it('knows no address of anything real, whatever flags the owner has', () => {
    for (const { name, component } of kubernetesMembers(cluster.spec)) {
      const tried = launch(cluster, catalog, name, next, trial);
      // The balancer’s own trial has the places behind it, which it asks nothing but whether they are ready.
      const files =
        component === 'front-door'
          ? ''
          : tried.files
              .filter(({ path }) => !path.endsWith('.crt') && !path.endsWith('.key'))
              .map(({ text }) => text)
              .join('');
      expect([name, `${words(tried)} ${files}`]).not.toEqual([name, expect.stringContaining('127.77.3.')]);
      expect(words(tried)).not.toMatch(/\/var\/log\/audit|\/etc\/(scheduler|kubeconfig)/);
    }
  });

  it('brings every file that its scratch apiserver is told of, also where tokens are asked about elsewhere', () => {
    const spec = { ...cluster.spec, authenticationUrl: 'http://127.0.0.1:7171/authenticate' };
    const asking = clusterOf(spec, { ...cluster.secrets, 'webhook-token': 'secret' });
    for (const { name } of kubernetesMembers(asking.spec).filter(({ component }) => component !== 'node')) {
      const tried = launch(asking, catalog, name, next, trial);
      const told = [...words(tried).matchAll(/\$\{conf\}\/([\w.-]+)/g)].map(([, file]) => `conf/${file}`);
      const paths = tried.files.map(({ path }) => path);
      expect([name, told.filter((path) => !paths.includes(path))]).toEqual([name, []]);
    }
  });

  it('uses no more ports than it says, and answers on the first', () => {
    for (const { name } of kubernetesMembers(cluster.spec)) {
      expect(launch(cluster, catalog, name, next, trial).readyUrl).toContain(':7001/');
    }
    expect(trialPorts).toBe(4);
  });

  it('is the same for members of one component and differs with the release, the flags and the group', () => {
    const text = (member: string, of = cluster, at = next) => trialText(of, catalog, member, at);
    expect(text('apiserver-1')).toBe(text('apiserver-surge'));
    expect(text('blue-1')).toBe(text('blue-2'));
    expect(text('apiserver-1')).not.toBe(text('scheduler-1'));
    expect(text('apiserver-1')).not.toBe(text('apiserver-1', cluster, release));
    expect(text('etcd-1')).toBe(text('etcd-1', cluster, release));
    const otherFlags = clusterOf({ ...cluster.spec, flags: {} }, cluster.secrets);
    expect(text('apiserver-1')).not.toBe(text('apiserver-1', otherFlags));
  });

  it('keeps flags that it must try, with their values in either form', () => {
    const flags = ['--feature-gates=A=true', '--bind-address', '10.0.0.1', '--secure-port=1', '-etcd-servers=a', '--v', '2'];
    expect(withoutFlags(flags, 'kube-apiserver')).toEqual(['--feature-gates=A=true', '--v', '2']);
  });
});
