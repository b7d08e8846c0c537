import { DeleteClusterCommand } from '@aws-sdk/client-eks';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, withTestDatabase } from '../../src/store/testing.ts';
import {
  AliyunRig,
  EksRig,
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const limitMs = 90_000;
let folder: string;
let database: TestDatabase;
let server: ServerRig;
let native: NativeRig;

beforeAll(async () => {
  folder = await makeStateFolder('signed-in');
  database = await withTestDatabase();
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1', DATABASE_URL: database.url } });
  native = new NativeRig(server);
});
afterAll(async () => {
  await server?.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
  await database?.close();
});

/** What opens something, gathered as it comes by. */
const secrets: string[] = [];

interface Browser {
  /** As the console asks. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** As a page of another server makes a browser ask. */
  askFromElsewhere(method: string, path: string): Promise<Response>;
}

function fetchIt(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(limitMs), ...init });
}

async function signIn({ keyId, secret }: { readonly keyId: string; readonly secret: string }): Promise<Browser> {
  const own = { 'x-clusterlift-console': '1', 'content-type': 'application/json' };
  const answer = await fetchIt('/api/v1/session', { method: 'POST', headers: own, body: JSON.stringify({ keyId, secret }) });
  expect([answer.status, await answer.json()]).toMatchObject([200, { keyId }]);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  secrets.push(secret, cookie.split('=')[1] ?? '');
  return {
    ask: (method, path, body, headers = {}) => {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      return fetchIt(`/api/v1${path}`, { method, headers: { ...own, cookie, ...headers }, ...payload });
    },
    askFromElsewhere: (method, path) =>
      fetchIt(`/api/v1${path}`, { method, headers: { cookie, origin: 'https://elsewhere.example' } }),
  };
}

interface Entry {
  readonly keyId: string;
  readonly via: string;
  readonly face: string;
  readonly action: string;
  readonly about: string;
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string;
}

async function audit(): Promise<readonly Entry[]> {
  return (await native.ask<{ entries: readonly Entry[] }>('GET', '/audit?limit=500')).entries;
}

/** Everything that lies in the database, as text. */
async function everythingStored(): Promise<string> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'clusterlift' order by tablename`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const found = await client.query<{ text: string }>(`select row_to_json(r)::text as text from clusterlift.${name} r`);
      texts.push(name, ...found.rows.map(({ text }) => text));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

describe('whoever has signed in', { timeout: 240_000 }, () => {
  it('comes to the console, which loads nothing from elsewhere', async () => {
    const root = await fetchIt('/', { headers: { accept: 'text/html' } });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/console']);
    expect((await fetchIt('/', { headers: { accept: 'application/json' } })).status).toBe(404);
    const page = await fetchIt('/console/upgrades/x');
    // Whether it has been built is no matter here.
    expect([200, 503]).toContain(page.status);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
  });

  it('changes something from the console alone, hears of changes, and stays signed in when the server is started again', async () => {
    const browser = await signIn(server);
    expect((await browser.askFromElsewhere('POST', '/keys')).status).toBe(403);
    const stream = await openStream(browser);
    const description = { name: 'told-of', engine: 'elasticsearch', clusterName: 'told-of', origin: 'created' };
    const made = await browser.ask('POST', '/clusters', {
      ...description,
      release: { version: '6.3.2' },
      nodes: [{ name: 'n1' }],
    });
    const { cluster } = (await made.json()) as { cluster: { id: string } };
    const { id } = cluster;
    await stream.told(JSON.stringify({ kind: 'cluster', id }));
    const changed = await browser.ask('PATCH', `/clusters/${id}`, { description: 'changed in the console' });
    expect(changed.status).toBe(200);
    expect(await server.stop()).toBe(0);
    await server.start();
    expect(await (await browser.ask('GET', '/session')).json()).toMatchObject({ keyId: server.keyId });
    expect(await (await browser.ask('GET', `/clusters/${id}`)).json()).toMatchObject({ description: 'changed in the console' });
  });

  it('is signed out with the key, and its stream ends', async () => {
    const { key } = await native.ask<{ key: { id: string; secret: string } }>('POST', '/keys', { description: 'soon gone' });
    const browser = await signIn({ keyId: key.id, secret: key.secret });
    const stream = await openStream(browser);
    await native.ask('DELETE', `/keys/${key.id}`);
    const clusters = await browser.ask('GET', '/clusters');
    expect([clusters.status, ((await clusters.json()) as { error: { code: string } }).error.code]).toEqual([
      401,
      'unauthenticated',
    ]);
    // Who is there no more hears nothing more: it is found out with the next change, or within moments of silence.
    const [id] = await native.clusterIds();
    await native.ask('PATCH', `/clusters/${id}`, { description: 'changed once more' });
    await stream.ended();
  });

  it('is in the audit trail with whoever else changed something, through whichever API', async () => {
    const eks = new EksRig(server);
    await expect(eks.client.send(new DeleteClusterCommand({ name: 'nobody' }))).rejects.toThrow(/No cluster/);
    // Asked again where a busy machine answers too late for the client.
    await eventually('Alibaba’s client is told that there is no such instance', limitMs, () =>
      new AliyunRig(server).resume('es-cn-nobody').then(
        () => undefined,
        (error: unknown) => (String(error).includes('InstanceNotFound') ? true : undefined),
      ),
    );
    const entries = await audit();
    const seen = (action: string) => entries.find((entry) => entry.action === action);
    expect(seen('eks:DeleteCluster')).toMatchObject({
      ...{ face: 'eks', via: 'key', keyId: server.keyId, status: 404, code: 'ResourceNotFoundException' },
      about: expect.stringMatching(/^arn:aws:eks:eu-central-1:\d+:cluster\/nobody$/),
    });
    expect(seen('elasticsearch:ResumeElasticsearchTask')).toMatchObject({
      ...{ face: 'aliyun', via: 'key', about: 'instances/es-cn-nobody', code: 'InstanceNotFound' },
    });
    expect(seen('clusterlift:AddCluster')).toMatchObject({ via: 'session', about: 'cluster/told-of', status: 201 });
    const changes = entries.filter(({ action }) => action === 'clusterlift:ChangeCluster');
    expect(changes.map(({ face, via, status, code }) => [face, via, status, code])).toEqual([
      ['native', 'key', 200, null],
      ['native', 'session', 200, null],
    ]);
    expect(seen('clusterlift:OpenSession')).toMatchObject({ status: 200 });
    expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(entries.length);
    expect(entries.filter(({ action }) => /Describe|List|Get/.test(action))).toEqual([]);
  });

  it('leaves no secret in the log nor in the database', async () => {
    expect(secrets).toHaveLength(4);
    const [log, stored] = [server.log(), await everythingStored()];
    expect(stored).toContain('clusterlift:OpenSession');
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(15);
      expect([log.includes(secret), stored.includes(secret)]).toEqual([false, false]);
    }
  });
});

/** The stream of changes, as the console reads it. */
async function openStream(browser: Browser) {
  const answer = await browser.ask('GET', '/changes', undefined, { accept: 'text/event-stream' });
  expect(answer.status).toBe(200);
  let text = '';
  let isOver = false;
  const reading = (async () => {
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
  })();
  reading
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  return {
    told: (data: string) => eventually(`the stream tells ${data}`, limitMs, () => (text.includes(data) ? true : undefined)),
    ended: () => eventually('the stream ends', limitMs, () => (isOver ? true : undefined)),
  };
}
