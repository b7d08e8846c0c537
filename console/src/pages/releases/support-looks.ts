import { dayText, type IconName, type Tone } from '../../components/index.ts';
import type { Support } from './support.ts';

/** What ends soon is to be seen before it has ended. */
const soonDays = 90;

export function supportLooks(support: Support): { readonly tone: Tone; readonly icon: IconName; readonly says: string } {
  switch (support.kind) {
    case 'not-dated':
      return { tone: 'idle', icon: 'question', says: 'no dates' };
    case 'to-come':
      return { tone: 'idle', icon: 'clock', says: `from ${dayText(support.from)}` };
    case 'standard':
      return support.days <= soonDays
        ? { tone: 'warn', icon: 'clock', says: `${inDays(support.days)} left` }
        : { tone: 'ok', icon: 'check', says: 'standard' };
    case 'extended':
      return {
        tone: 'warn',
        icon: 'warning',
        says: support.days <= soonDays ? `ends in ${inDays(support.days)}` : 'extended',
      };
    case 'ended':
      return { tone: 'bad', icon: 'cross', says: 'ended' };
  }
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
