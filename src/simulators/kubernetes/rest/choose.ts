/** Selectors in the query of a request. */
import type { KubeObject } from '../world/index.ts';

export type Choice = (object: KubeObject) => boolean;

/** Null: it cannot be read. */
export function choiceOf(query: URLSearchParams): Choice | { readonly wrong: string } {
  const labels = labelChoice(query.get('labelSelector') ?? '');
  const fields = fieldChoice(query.get('fieldSelector') ?? '');
  if (typeof labels !== 'function') return labels;
  if (typeof fields !== 'function') return fields;
  return (object) => labels(object) && fields(object);
}

function labelChoice(text: string): Choice | { readonly wrong: string } {
  const tests: ((labels: Readonly<Record<string, string>>) => boolean)[] = [];
  for (const part of text.split(/,(?![^(]*\))/).map((one) => one.trim())) {
    if (part === '') continue;
    const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
    const equality = /^([^!=\s]+)\s*(==|=|!=)\s*([^=\s]*)$/.exec(part);
    const presence = /^(!?)\s*([\w./-]+)$/.exec(part);
    if (set !== null) {
      const [, key = '', how, list = ''] = set;
      const values = list.split(',').map((value) => value.trim());
      tests.push((labels) => (how === 'in') === (labels[key] !== undefined && values.includes(labels[key])));
    } else if (equality !== null) {
      const [, key = '', how, value = ''] = equality;
      tests.push((labels) => (how !== '!=') === (labels[key] === value));
    } else if (presence !== null) {
      const [, not, key = ''] = presence;
      tests.push((labels) => (not === '') === (labels[key] !== undefined));
    } else {
      return { wrong: `unable to parse requirement: found '${part}'` };
    }
  }
  return ({ metadata: { labels = {} } }) => tests.every((test) => test(labels));
}

function fieldChoice(text: string): Choice | { readonly wrong: string } {
  const tests: Choice[] = [];
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [, path = '', how, value = ''] = /^([^!=]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    if (path === '') return { wrong: `invalid selector: '${part}'; can't understand '${part}'` };
    tests.push((object) => (how !== '!=') === (fieldOf(object, path) === value));
  }
  return (object) => tests.every((test) => test(object));
}

function fieldOf(object: unknown, path: string): string {
  let value: unknown = object;
  for (const key of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
}
