import type { ElasticsearchCluster, EngineIo } from '../../../domain/index.ts';

/** How a question to the cluster ends, `url`: of the node that answered. `absent`: this version or distribution does not have it (400, 404, 405 on a probe). */
export type Answer =
  | { readonly kind: 'ok'; readonly status: number; readonly body: unknown; readonly url?: string }
  | { readonly kind: 'failed'; readonly status: number; readonly says: string; readonly body: unknown }
  | { readonly kind: 'unreachable'; readonly because: string };

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** One request to one node may take this long. */
const requestTimeoutMs = 10_000;
const errorTextMaxChars = 600;

/** Asks one node. */
export async function askNode(url: string, cluster: ElasticsearchCluster, io: EngineIo, question: Question): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json', ...authorization(cluster) };
  if (question.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await io.http({
      method: question.method,
      url: `${url}${question.path}`,
      headers,
      timeoutMs: question.timeoutMs ?? requestTimeoutMs,
      ...(question.body === undefined ? {} : { body: JSON.stringify(question.body) }),
    });
    const body = parse(response.body);
    if (response.status >= 200 && response.status < 300) {
      if (body === undefined)
        return { kind: 'unreachable', because: `${url}${question.path} answered something that is not JSON.` };
      return { kind: 'ok', status: response.status, body, url };
    }
    return { kind: 'failed', status: response.status, says: response.body.slice(0, errorTextMaxChars), body };
  } catch (error) {
    return { kind: 'unreachable', because: `${url}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Asks the nodes in turn until one is reached. A node that answers 5xx without a master is passed over, too. */
export async function ask(cluster: ElasticsearchCluster, io: EngineIo, question: Question): Promise<Answer> {
  let last: Answer = { kind: 'unreachable', because: 'the cluster has no nodes' };
  for (const node of cluster.spec.nodes) {
    const answer = await askNode(node.url, cluster, io, question);
    if (answer.kind === 'ok' || (answer.kind === 'failed' && answer.status < 500)) return answer;
    last = answer;
  }
  return last;
}

function authorization(cluster: ElasticsearchCluster): Record<string, string> {
  const { username } = cluster.spec;
  if (username === null) return {};
  const credentials = Buffer.from(`${username}:${cluster.secrets.password ?? ''}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What went wrong, for a person; empty for an answer that is fine. */
export function trouble(answer: Answer): string {
  if (answer.kind === 'ok') return '';
  return answer.kind === 'failed' ? `HTTP ${answer.status}: ${answer.says}` : answer.because;
}
