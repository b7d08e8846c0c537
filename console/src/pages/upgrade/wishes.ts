/** What a person can do now. The server says whether it is possible and why not; this says how it is offered. */

export type Wish = 'pause' | 'resume' | 'continue' | 'cancel' | 'roll-back';

/** What is read of an upgrade. */
export interface Asked {
  readonly status: string;
  readonly intent: string;
  readonly actions: readonly { readonly action: string; readonly possible: boolean; readonly reason: string | null }[];
}

export interface Offer {
  readonly wish: Wish;
  readonly label: string;
  /** Why it cannot be done; null when it can. */
  readonly reason: string | null;
  /** What happens, before it is asked for; null where nothing needs to be thought over. */
  readonly confirm: { readonly title: string; readonly says: string } | null;
}

const notTold = 'The server does not say whether this is possible.';

export function offersOf({ status, actions }: Omit<Asked, 'intent'>): readonly Offer[] {
  const offer = (wish: Wish, label: string, confirm: Offer['confirm'] = null): Offer => {
    const told = actions.find(({ action }) => action === wish);
    const reason = told === undefined ? notTold : told.possible ? null : (told.reason ?? 'It is not possible now.');
    return { wish, label, reason, confirm };
  };
  return [
    // Most upgrades have no gate: only at one there is something to be offered.
    ...(status === 'gated' ? [offer('continue', 'Let it past the gate')] : []),
    offer('pause', 'Pause'),
    offer('resume', 'Resume'),
    offer('cancel', 'Cancel', cancelling),
    offer('roll-back', 'Roll back'),
  ];
}

const cancelling = {
  title: 'Cancel this upgrade?',
  says:
    'The members in hand are finished first. The cluster may be left with mixed versions; an upgrade to the same target takes ' +
    'it up again.',
};

/** What was asked for and has not come about yet. */
export function askedSays({ status, intent }: Omit<Asked, 'actions'>): string | null {
  if (status !== 'running') return null;
  if (intent === 'pause') return 'Asked to pause: the members in hand are finished first.';
  return intent === 'cancel' ? 'Asked to cancel: the members in hand are finished first.' : null;
}
