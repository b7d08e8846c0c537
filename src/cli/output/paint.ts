import { styleText } from 'node:util';
import type { Shell } from '../shell.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Colours only on a terminal, and not where NO_COLOR (no-color.org) or a dumb terminal asks for none. */
export function paintFor({ env, out }: Pick<Shell, 'env' | 'out'>): Paint {
  const colourless = !out.isTerminal || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return colourless ? (_style, text) => text : (style, text) => styleText(style, text, { validateStream: false });
}

const statusStyles: Readonly<Record<string, Style>> = {
  active: 'green',
  done: 'green',
  passed: 'green',
  running: 'cyan',
  upgrading: 'cyan',
  creating: 'cyan',
  pending: 'cyan',
  paused: 'yellow',
  gated: 'yellow',
  cancelled: 'yellow',
  deleting: 'yellow',
  policy: 'yellow',
  waiting: 'yellow',
  acting: 'cyan',
  'could-not-run': 'yellow',
  stopped: 'red',
  returned: 'red',
  failed: 'red',
  refused: 'red',
  hazard: 'red',
};

/** A status or a kind in its colour; the word itself always says the same. */
export function paintWord(paint: Paint, word: string): string {
  const style = statusStyles[word];
  return style === undefined ? word : paint(style, word);
}
