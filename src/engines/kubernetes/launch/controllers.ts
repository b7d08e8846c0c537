import { addressInUrl, compareVersions } from '../../../domain/index.ts';
import { plainApiserverFlags } from './apiserver.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { authorityFile, identityFiles, ownersFlags, type Parts, type Place, secretOf } from './place.ts';
import { program } from './program.ts';
import { scratchEtcd, scratchEtcdUrl, type Trial, trialScript } from './trial.ts';
import { withoutFlags } from './trial-flags.ts';

/**
 * From here on a controller manager can give its lease back when it ends, so that the next one leads after about four
 * seconds; before that the others wait for the lease to run out, about eighteen.
 */
const givesLeaseBackFrom = '1.36';

export function controllerManagerParts(place: Place): Parts {
  const { cluster, release } = place;
  const givesBack = compareVersions(release.version, givesLeaseBackFrom) >= 0;
  return controllerParts(place, 'kube-controller-manager', 'controller-manager', {
    flags: [
      '--use-service-account-credentials=true',
      '--service-account-private-key-file=${conf}/sa.key',
      '--root-ca-file=${conf}/ca.crt',
      '--cluster-signing-cert-file=${conf}/ca.crt',
      '--cluster-signing-key-file=${conf}/ca.key',
      `--service-cluster-ip-range=${cluster.spec.serviceCidr}`,
      ...(givesBack ? ['--feature-gates=ControllerManagerReleaseLeaderElectionLockOnExit=true'] : []),
    ],
    files: [...identityFiles(cluster, 'ca', 'controller-manager'), { path: 'conf/sa.key', text: secretOf(cluster, 'sa.key') }],
  });
}

export function schedulerParts(place: Place): Parts {
  const files = [authorityFile(place.cluster), ...identityFiles(place.cluster, 'scheduler')];
  return controllerParts(place, 'kube-scheduler', 'scheduler', { flags: [], files });
}

/** Both ask the apiservers through the front door, in a trial a scratch one, and elect a leader among themselves. */
function controllerParts(
  place: Place,
  name: 'kube-controller-manager' | 'kube-scheduler',
  identity: 'controller-manager' | 'scheduler',
  own: { readonly flags: readonly string[]; readonly files: Parts['files'] },
): Parts {
  const { cluster, member, purpose } = place;
  const trial = purpose.kind === 'trial';
  const [port = 0, , , apiserverPort = 0] = trial ? purpose.ports : [member.port];
  const address = trial ? '127.0.0.1' : member.address;
  const server = trial ? `https://127.0.0.1:${apiserverPort}` : cluster.spec.endpoint;
  const flags = [
    '--kubeconfig=${conf}/kubeconfig',
    '--authentication-kubeconfig=${conf}/kubeconfig',
    '--authorization-kubeconfig=${conf}/kubeconfig',
    '--client-ca-file=${conf}/ca.crt',
    `--tls-cert-file=\${conf}/${identity}.crt`,
    `--tls-private-key-file=\${conf}/${identity}.key`,
    `--bind-address=${address}`,
    `--secure-port=${port}`,
    '--leader-elect=true',
    ...own.flags,
    ...(trial ? withoutFlags(ownersFlags(place), name) : ownersFlags(place)),
  ];
  const files = [...own.files, { path: 'conf/kubeconfig', text: kubeconfigOf(place, identity, server) }];
  const readyUrl = `https://${addressInUrl(address)}:${port}/healthz`;
  if (!trial) return { command: program(name, flags), files, readyUrl };
  return { ...trialWithApiserver(place, purpose, name, flags), files: [...files, ...scratchFiles(place, files)], readyUrl };
}

function trialWithApiserver(place: Place, trial: Trial, name: string, flags: readonly string[]) {
  const apiserver = [...plainApiserverFlags(place, trial.ports[3] ?? 0), scratchEtcdUrl(trial)];
  return trialScript(
    place,
    name,
    flags,
    [scratchEtcd(trial), { name: 'kube-apiserver', flags: apiserver }],
    'kubectl --kubeconfig="${conf}/kubeconfig" --request-timeout=5s get --raw=/readyz',
  );
}

/** What the scratch apiserver needs besides. */
function scratchFiles({ cluster }: Place, there: Parts['files']): Parts['files'] {
  const wanted = [
    authorityFile(cluster, 'front-proxy-ca'),
    ...identityFiles(cluster, 'apiserver', 'front-proxy-client', 'kubelet-client'),
    { path: 'conf/sa.pub', text: secretOf(cluster, 'sa.pub') },
    { path: 'conf/sa.key', text: secretOf(cluster, 'sa.key') },
  ];
  return wanted.filter(({ path }) => !there.some((file) => file.path === path));
}

function kubeconfigOf({ cluster }: Place, identity: string, server: string): string {
  return kubeconfigText(cluster.spec.kind, server, {
    authority: secretOf(cluster, 'ca.crt'),
    certificate: secretOf(cluster, `${identity}.crt`),
    key: secretOf(cluster, `${identity}.key`),
  });
}
