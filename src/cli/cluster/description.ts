/** Reads the description of a cluster: YAML, of which JSON is a part. What its keys mean is the server's business. */
import { type Document, isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

export interface Description {
  readonly value: Readonly<Record<string, unknown>>;
  /** Line of a key as the server names it (`nodes[0].url`), or of the nearest key around it; null when there is none. */
  lineOf(key: string): number | null;
}

export function readDescription(text: string, name: string): Description {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) throw new Failure(exitCodes.usage, `${name} cannot be read: ${error.message}`);
  if (!isMap(document.contents))
    throw new Failure(exitCodes.usage, `${name} is not the description of a cluster.`, {
      remedy: 'It begins with keys such as name, engine and nodes; see clusterlift cluster add --help.',
    });
  // Settings and tags are texts, in whatever dress: `10`, `false` and `1.10` mean what stands there.
  for (const key of ['settings', 'tags']) keepTexts(document, key);
  return {
    value: document.toJS() as Record<string, unknown>,
    lineOf: (key) => lineOf(document, lines, key),
  };
}

function keepTexts(document: Document.Parsed, key: string): void {
  const map = document.get(key);
  if (!isMap(map)) return;
  for (const { value } of map.items) {
    if (isScalar(value) && (typeof value.value === 'number' || typeof value.value === 'boolean'))
      value.value = value.source ?? String(value.value);
  }
}

function lineOf(document: Document.Parsed, lines: LineCounter, key: string): number | null {
  const path = key.split(/[.[\]]+/).filter((part) => part !== '');
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as Node | ParsedNode | undefined;
    const offset = node?.range?.[0];
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return null;
}
