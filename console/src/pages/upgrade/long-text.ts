/** What a control plane is not ready for can be a list of forty names: the first few tell it, the rest can be opened. */
const longFrom = 280;
const shownUpTo = 200;

export interface Shortened {
  readonly says: string;
  /** The whole of it, where something was left out. */
  readonly whole: string | null;
}

export function shortened(text: string): Shortened {
  if (text.length <= longFrom) return { says: text, whole: null };
  const cut = text.slice(0, shownUpTo);
  const end = Math.max(cut.lastIndexOf(','), cut.lastIndexOf(' '));
  return { says: `${cut.slice(0, end > 0 ? end : shownUpTo)} …`, whole: text };
}
