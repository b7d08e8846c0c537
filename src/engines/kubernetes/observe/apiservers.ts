import { Type } from 'typebox';
import type { DeprecatedRequests, KubernetesMemberSpec, SeenApiserver } from '../../../domain/index.ts';
import { type KubernetesClient, kubernetesClient, reader, type Sent, samplesOf, urlOf } from '../client/index.ts';
import { type Look, note, noteSilent, timeouts } from './look.ts';
import { patchOf } from './release-of-patch.ts';

const readVersion = reader(
  'the version of an apiserver',
  Type.Object({
    gitVersion: Type.String(),
    emulationMajor: Type.Optional(Type.String()),
    emulationMinor: Type.Optional(Type.String()),
  }),
);

/** An apiserver that answered, and how to ask it for more. */
export interface AnsweringApiserver {
  readonly client: KubernetesClient;
  readonly seen: SeenApiserver;
}

/**
 * Asks each apiserver at its own address for itself. `entry` is the one to ask about the cluster: the first that is ready,
 * told as soon as it is known; where none is, one that answers at all.
 */
export function lookAtApiservers(look: Look): {
  readonly entry: Promise<AnsweringApiserver | null>;
  readonly all: Promise<readonly AnsweringApiserver[]>;
} {
  const members = look.cluster.spec.members.filter(({ component }) => component === 'kube-apiserver');
  const asked = members.map((member) => lookAtApiserver(look, member));
  const all = Promise.all(asked).then((answers) => answers.filter((answer) => answer !== null));
  const ready = asked.map(async (answer) => {
    const apiserver = await answer;
    if (apiserver?.seen.ready !== true) throw new Error('not ready');
    return apiserver;
  });
  const entry = Promise.any(ready).catch(async () => (await all)[0] ?? null);
  return { entry, all };
}

async function lookAtApiserver(look: Look, member: KubernetesMemberSpec): Promise<AnsweringApiserver | null> {
  const { name } = member;
  const client = kubernetesClient(look.cluster, look.io, urlOf(member));
  const asked = client.get('/version', readVersion, { timeoutMs: timeouts.answersMs, until: look.until });
  const readiness = client.look('/readyz?verbose', { timeoutMs: timeouts.readyMs, until: look.until });
  const version = await asked;
  if (version.kind !== 'ok') {
    noteSilent(look, 'apiserver', version, name);
    return null;
  }
  const ready = await readiness;
  const { gitVersion, emulationMajor, emulationMinor } = version.value;
  if (ready.kind === 'unreachable') note(look, 'apiserver', `whether it is ready: ${ready.because}`, name);
  return {
    client,
    seen: {
      name,
      version: patchOf(gitVersion),
      emulated: emulationMajor && emulationMinor ? `${emulationMajor}.${emulationMinor}` : null,
      ready: ready.kind === 'answered' && ready.status === 200,
      notReady: failingChecks(ready),
      deprecated: [],
      storageVersions: {},
    },
  };
}

/** `[-]etcd failed: reason withheld`. */
function failingChecks(sent: Sent): readonly string[] {
  if (sent.kind === 'unreachable') return [];
  return [...sent.body.matchAll(/^\[-\](\S+)/gm)].flatMap(([, check]) => check ?? []);
}

/** What was asked for since the apiserver started and is announced to go. */
export async function lookAtDeprecated(look: Look, { client, seen }: AnsweringApiserver): Promise<readonly DeprecatedRequests[]> {
  const sent = await client.look('/metrics', { timeoutMs: timeouts.metricsMs, until: look.until });
  if (sent.kind === 'unreachable' || sent.status !== 200) {
    note(look, 'deprecated', sent.kind === 'unreachable' ? sent.because : `HTTP ${sent.status}`, `to ${seen.name}`);
    return [];
  }
  return samplesOf(sent.body, 'apiserver_requested_deprecated_apis').map(
    ({ labels: { group = '', version = '', resource = '', subresource = '', removed_release = '' } }) => ({
      group,
      version,
      resource,
      subresource,
      removedRelease: removed_release,
    }),
  );
}
