/** Moments as signatures of AWS write them: ISO 8601's basic format, in whole seconds. */

import { Remembered } from './remembered.ts';

/** Clients of one second say the same. */
const moments = new Remembered((text) => {
  const at = text.length > lengthMax ? null : parsed(text);
  return { at, basic: at === null ? null : basicMoment(at) };
});
/** Longer than any moment is. */
const lengthMax = 40;

/** Milliseconds of `20261124T100000Z`, or of the form that HTTP's Date header has; null for anything else. */
export function momentOf(text: string): number | null {
  return moments.of(text).at;
}

/** The same moment in the basic form, as what is signed has it. */
export function basicMomentIn(text: string): string | null {
  return moments.of(text).basic;
}

function parsed(text: string): number | null {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (basic !== null) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = basic.slice(1).map(Number);
    const at = Date.UTC(year, month - 1, day, hour, minute, second);
    // The 31st of February is the 3rd of March to a Date.
    return basicMoment(at) === text ? at : null;
  }
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|UTC|[+-]0000)$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

export function basicMoment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
