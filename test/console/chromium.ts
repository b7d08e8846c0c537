import { existsSync } from 'node:fs';
import process from 'node:process';

/** Where packages of common systems put it. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The system's Chromium; throws with what to install where there is none. */
export function chromiumPath(): string {
  const named = process.env.CLUSTERLIFT_CHROMIUM;
  const found = [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    'There is no Chromium for the tests of the console. Install it (apt-get install chromium), or name it in CLUSTERLIFT_CHROMIUM.',
  );
}
