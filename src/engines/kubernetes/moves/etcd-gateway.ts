/** The few questions to etcd that change something or name its members, over the HTTP gateway of its client port. */
import { type Static, type TSchema, Type } from 'typebox';
import type { EngineIo, KubernetesCluster } from '../../../domain/index.ts';
import { type Answer, identity, reader } from '../client/index.ts';

const requestTimeoutMs = 10_000;

/** Ids are numbers of 64 bits, told as texts. */
export const EtcdStatus = Type.Object({
  header: Type.Object({ member_id: Type.String() }),
  leader: Type.Optional(Type.String()),
});
export const EtcdMembers = Type.Object({
  members: Type.Array(Type.Object({ ID: Type.String(), name: Type.Optional(Type.String()) })),
});

export async function askEtcd<S extends TSchema>(
  { cluster, io, url }: { readonly cluster: KubernetesCluster; readonly io: EngineIo; readonly url: string },
  path: string,
  body: unknown,
  schema: S,
): Promise<Answer<Static<S>>> {
  const shown = identity(cluster, 'etcd');
  if (shown.kind === 'lack') return { kind: 'unreachable', because: `${url}: ${shown.because}`, accepted: false };
  try {
    const answer = await io.http({
      method: 'POST',
      url: `${url}/v3/${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeoutMs: requestTimeoutMs,
      tls: shown.tls,
    });
    if (answer.status !== 200) return { kind: 'status', status: answer.status, reason: null, says: answer.body.trim() };
    return reader('the answer of etcd', schema).read(JSON.parse(answer.body));
  } catch (error) {
    return { kind: 'unreachable', because: `${url}: ${error instanceof Error ? error.message : String(error)}`, accepted: false };
  }
}
