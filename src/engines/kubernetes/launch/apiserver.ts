import { addressInUrl, webhookTokenSecret } from '../../../domain/index.ts';
import { etcdUrls } from './etcd.ts';
import { authorityFile, identityFiles, ownersFlags, type Parts, type Place, secretOf } from './place.ts';
import { program } from './program.ts';
import { scratchEtcd, scratchEtcdUrl, trialScript } from './trial.ts';
import { withoutFlags } from './trial-flags.ts';

/**
 * How an apiserver goes away: it stays for a while after it has said that it is not ready, so that the front door sends
 * nobody more; then it waits for watches. Never with Retry-After: clients would wait five seconds for nothing.
 */
const goingAway = ['--shutdown-delay-duration=3s', '--shutdown-watch-termination-grace-period=3s', '--goaway-chance=0.001'];

export function apiserverParts(place: Place): Parts {
  const { cluster, purpose } = place;
  const files = apiserverFiles(place);
  if (purpose.kind !== 'trial') {
    const { address, port } = place.member;
    const flags = [
      ...serving(address, port, advertised(place)),
      `--etcd-servers=${etcdUrls(place)}`,
      '--etcd-cafile=${conf}/ca.crt',
      '--etcd-certfile=${conf}/etcd.crt',
      '--etcd-keyfile=${conf}/etcd.key',
      ...apiserverFlags(place),
      ...emulation(place),
      ...ownersFlags(place),
    ];
    return {
      command: program('kube-apiserver', flags),
      files: [...files, ...identityFiles(cluster, 'etcd')],
      readyUrl: `https://${addressInUrl(address)}:${port}/readyz`,
    };
  }
  const [port = 0] = purpose.ports;
  const owners = withoutFlags(ownersFlags(place), 'kube-apiserver');
  const flags = [...serving('127.0.0.1', port, '10.0.0.1'), scratchEtcdUrl(purpose), ...apiserverFlags(place), ...owners];
  return {
    ...trialScript(place, 'kube-apiserver', flags, [scratchEtcd(purpose)]),
    files,
    readyUrl: `https://127.0.0.1:${port}/readyz`,
  };
}

/** An apiserver with nothing of the owner's, for trials of what needs one. It asks nobody about tokens: that file is not there. */
export function plainApiserverFlags(place: Place, port: number): readonly string[] {
  const { cluster } = place;
  const alone = { ...cluster, spec: { ...cluster.spec, authenticationUrl: null } };
  return [...serving('127.0.0.1', port, '10.0.0.1'), ...apiserverFlags({ ...place, cluster: alone })];
}

function serving(address: string, port: number, advertise: string): readonly string[] {
  return [`--bind-address=${address}`, `--secure-port=${port}`, `--advertise-address=${advertise}`];
}

/** No loopback address may be advertised; each apiserver has one of its own. */
function advertised({ member }: Place): string {
  return `10.0.0.${member.address.split('.').at(-1)}`;
}

function emulation({ purpose }: Place): readonly string[] {
  return purpose.kind === 'join' && purpose.emulate !== undefined ? [`--emulated-version=${purpose.emulate}`] : [];
}

function apiserverFlags({ cluster }: Place): readonly string[] {
  const { serviceCidr, authenticationUrl } = cluster.spec;
  return [
    `--service-cluster-ip-range=${serviceCidr}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--client-ca-file=${conf}/ca.crt',
    '--tls-cert-file=${conf}/apiserver.crt',
    '--tls-private-key-file=${conf}/apiserver.key',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-account-key-file=${conf}/sa.pub',
    '--service-account-signing-key-file=${conf}/sa.key',
    '--requestheader-client-ca-file=${conf}/front-proxy-ca.crt',
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    '--proxy-client-cert-file=${conf}/front-proxy-client.crt',
    '--proxy-client-key-file=${conf}/front-proxy-client.key',
    '--kubelet-client-certificate=${conf}/kubelet-client.crt',
    '--kubelet-client-key=${conf}/kubelet-client.key',
    '--enable-aggregator-routing=true',
    ...goingAway,
    ...(authenticationUrl === null
      ? []
      : [
          '--authentication-token-webhook-config-file=${conf}/webhook.yaml',
          '--authentication-token-webhook-version=v1',
          '--authentication-token-webhook-cache-ttl=2m',
        ]),
  ];
}

function apiserverFiles({ cluster }: Place): Parts['files'] {
  const { authenticationUrl } = cluster.spec;
  return [
    authorityFile(cluster),
    authorityFile(cluster, 'front-proxy-ca'),
    ...identityFiles(cluster, 'apiserver', 'front-proxy-client', 'kubelet-client'),
    { path: 'conf/sa.pub', text: secretOf(cluster, 'sa.pub') },
    { path: 'conf/sa.key', text: secretOf(cluster, 'sa.key') },
    ...(authenticationUrl === null
      ? []
      : [{ path: 'conf/webhook.yaml', text: webhookText(authenticationUrl, secretOf(cluster, webhookTokenSecret)) }]),
  ];
}

/**
 * Who is asked about bearer tokens; a kubeconfig by its form. An apiserver shows credentials of a kubeconfig over TLS only;
 * those that stand in the address itself it shows in any case.
 */
function webhookText(address: string, token: string): string {
  const url = new URL(address);
  url.username = 'apiserver';
  url.password = token;
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '  - name: webhook',
    '    cluster:',
    `      server: ${url.href}`,
    // It is on this machine, and shows a certificate of its owner's for the names that others know it by.
    ...(url.protocol === 'https:' ? ['      insecure-skip-tls-verify: true'] : []),
    'contexts:',
    '  - name: webhook',
    '    context: { cluster: webhook }',
    'current-context: webhook',
    '',
  ].join('\n');
}
