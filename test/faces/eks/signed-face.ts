/** The face on a real socket with the authenticator that the server has, and official clients that sign for it. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { EKSClient } from '@aws-sdk/client-eks';
import { createAwsAuthenticator } from '../../../src/access/index.ts';
import type { AccessKey, Cluster } from '../../../src/domain/index.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../../../src/faces/eks/testing.ts';
import { sampleAccount, sampleCluster, sampleRegion } from '../../../src/faces/eks/testing-samples.ts';
import { answerTroubles, errorTroubles } from './shapes.ts';

export const keyId = 'AKIASAMPLE0000000001';
export const secret = 'a-secret-that-only-tests-know';

export const keys: readonly AccessKey[] = [
  { id: keyId, policy: null },
  {
    id: 'AKIALIMITED000000001',
    policy: {
      Statement: [
        { Effect: 'Allow', Action: ['eks:Describe*', 'eks:List*'], Resource: '*' },
        { Effect: 'Allow', Action: 'eks:UpdateClusterVersion', Resource: 'cluster/test-*' },
      ],
    },
  },
].map(({ id, policy }) => ({
  id,
  secret,
  account: sampleAccount,
  description: '',
  status: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
  policy,
})) as readonly AccessKey[];

export const limitedKeyId = 'AKIALIMITED000000001';

export interface SignedFace extends ServedFace {
  readonly world: FakeWorld;
  /** What was wrong with the shapes of the answers so far. */
  readonly troubles: string[];
  /** `DescribeCluster 200`, `DescribeCluster ResourceNotFoundException`, for every answer so far. */
  readonly answers: string[];
  client(change?: { readonly accessKeyId?: string; readonly secret?: string; readonly region?: string }): EKSClient;
}

export async function serveSigned(...clusters: readonly Cluster[]): Promise<SignedFace> {
  const world = createFakeWorld(...(clusters.length === 0 ? [sampleCluster('prod-1')] : clusters));
  world.nowMs = Date.now();
  const store = { getKey: async (id: string) => keys.find((key) => key.id === id) };
  const now = () => new Date().toISOString();
  const authenticator = createAwsAuthenticator({ store, now, region: null });
  const served = await serveFace(world, { authenticate: (request) => authenticator.request(request, ['eks']) });
  const troubles: string[] = [];
  const answers: string[] = [];
  return {
    ...served,
    world,
    troubles,
    answers,
    client: ({ accessKeyId = keyId, secret: secretAccessKey = secret, region = sampleRegion } = {}) =>
      watched(
        new EKSClient({ endpoint: served.endpoint, region, credentials: { accessKeyId, secretAccessKey } }),
        troubles,
        answers,
      ),
  };
}

interface RawAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** Every answer is held against the client's own schemas before the client reads it. */
function watched(client: EKSClient, troubles: string[], answers: string[]): EKSClient {
  client.middlewareStack.add(
    (next, context) => async (input) => {
      const result = await next(input);
      const raw = result.response as RawAnswer;
      const bytes = await buffer(raw.body as AsyncIterable<Buffer>);
      raw.body = Readable.from([bytes]);
      const operation = String(context.commandName).replace(/Command$/, '');
      const code = raw.headers['x-amzn-errortype'] ?? null;
      const body: unknown = JSON.parse(bytes.toString('utf8'));
      answers.push(`${operation} ${code ?? raw.statusCode}`);
      troubles.push(
        ...(code === null ? answerTroubles(operation, body) : errorTroubles(operation, code, raw.statusCode, body)),
        ...(raw.headers['content-type'] === 'application/json' ? [] : [`${operation}: not application/json`]),
        ...(/^[0-9a-f-]{36}$/.test(raw.headers['x-amzn-requestid'] ?? '') ? [] : [`${operation}: no request id`]),
        ...(Number.isNaN(Date.parse(raw.headers.date ?? '')) ? [`${operation}: no date`] : []),
      );
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'watched' },
  );
  return client;
}

/** The name, words and about of what a call ends with. */
export async function refusalOf(call: Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  try {
    await call;
  } catch (error) {
    const { name, message, clusterName, nodegroupName, $metadata } = error as Error & Readonly<Record<string, unknown>>;
    return { name, message, clusterName, nodegroupName, status: ($metadata as { httpStatusCode?: number }).httpStatusCode };
  }
  throw new Error('it was not refused');
}

/** So many requests find out that their token is new before any of them goes on. */
export function meetAtTheirToken({ control }: FakeWorld, requests: number): void {
  const { getToken } = control;
  let meet = () => {};
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  let waiting = 0;
  control.getToken = async (...asked) => {
    const stored = await getToken(...asked);
    waiting += 1;
    if (waiting === requests) meet();
    await met;
    return stored;
  };
}
