import { type Answer, type Call, type FaceParts, type Operation, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { awaitedShape } from '../translate/connector.ts';
import { readRegisterCluster } from '../wire/registration.ts';
import { shownCluster } from './clusters.ts';
import { inProgress } from './in-progress.ts';
import { eksView, nameTrouble, noCluster, viewByName, viewOf } from './own-cluster.ts';
import { tagTrouble } from './tag-rules.ts';
import { clientTokenOf, hashOf, tokenMismatch } from './tokens.ts';

/** As long as the service itself waits. */
const awaitedMs = 3 * 24 * 60 * 60_000;

/** Nothing is done to the cluster: `clusterlift cluster add FILE --activation CODE` brings it under care. */
export const registerCluster: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const request = readRegisterCluster(call.body);
  if (isError(request)) return request;
  const { name, connectorConfig, tags = {} } = request;
  const trouble = nameTrouble(name) ?? tagTrouble(tags, 'InvalidParameterException');
  if (trouble !== null) return trouble;
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(connectorConfig.roleArn))
    return fail('InvalidParameterException', `Invalid Role Arn: '${connectorConfig.roleArn}'`, { clusterName: name });
  const { clientRequestToken: _, ...parameters } = call.body;
  const first = { clientRequestToken: token, requestHash: hashOf(parameters) };
  const before = await replay(parts, call, name, first);
  if (before !== null) return before;
  const awaitedUntil = new Date(Date.parse(parts.now()) + awaitedMs).toISOString();
  const connector = { ...connectorConfig, activationId: parts.newId(), activationExpiry: awaitedUntil };
  const result = await parts.control.openRegistration(call.caller, {
    name,
    region: call.place.region,
    tags,
    face: { ...first, connectorConfig: connector },
    activationCode: parts.newId().replaceAll('-', ''),
    awaitedUntil,
  });
  if (result.kind === 'name-taken')
    return (
      (await replay(parts, call, name, first)) ??
      fail('ResourceInUseException', `Cluster already exists with name: ${name}`, { clusterName: name })
    );
  const view = eksView({ cluster: result.cluster, status: 'awaited', release: result.cluster.spec.release, upgrade: null });
  if (view === undefined) return fail('ServerException', 'The cluster was not registered as one of Kubernetes.');
  return reply({ cluster: awaitedShape(view.cluster) });
};

interface First {
  readonly clientRequestToken: string | null;
  readonly requestHash: string;
}

/** A cluster carries the token of the request that registered it. */
async function replay(parts: FaceParts, call: Call, name: string, first: First): Promise<Answer | null> {
  if (first.clientRequestToken === null) return null;
  const view = await viewByName(parts, call, name);
  const { face } = view?.cluster.spec ?? {};
  if (view === undefined || face?.clientRequestToken !== first.clientRequestToken) return null;
  if (face.requestHash !== first.requestHash) return tokenMismatch();
  return reply({ cluster: await shownCluster(parts, call, view) });
}

/** Only forgets the cluster: it runs on, as its owner's. */
export const deregisterCluster: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'the-cluster');
  if (isError(view)) return view;
  const { cluster } = view;
  const about = { clusterName: cluster.name };
  if (cluster.origin !== 'registered')
    return fail('ClientException', `Cluster ${cluster.name} was made here: call DeleteCluster to remove it.`, about);
  const leaving = { ...(await shownCluster(parts, call, view)), status: 'DELETING' };
  const ended = await parts.control.removeCluster(call.caller, cluster.id, 0);
  if (ended === 'not-found') return noCluster(cluster.name, 'the-cluster');
  return ended === 'upgrade-unfinished' ? inProgress('Deregister', cluster.name, view.upgrade) : reply({ cluster: leaving });
};
