/** What happens now, why, what is left, and what a person can do: what is looked at first at night. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, keys, type Plan, type Reason, type Upgrade } from '../../api/index.ts';
import {
  Button,
  Confirm,
  durationText,
  FailureNote,
  Icon,
  type IconName,
  ReasonNote,
  releaseText,
} from '../../components/index.ts';
import { shortened } from './long-text.ts';
import { waitingSince } from './story.ts';
import type { Course } from './use-course.ts';
import './progress.css';
import { askedSays, type Offer, offersOf, type Wish } from './wishes.ts';

export function Now({ upgrade, course }: { readonly upgrade: Upgrade; readonly course: Course }) {
  const asked = askedSays(upgrade);
  return (
    <section className="panel now" aria-labelledby="now">
      <h2 id="now" className="visually-hidden">
        Now
      </h2>
      <Progress upgrade={upgrade} course={course} />
      {asked === null ? null : (
        <p className="note note-warn" role="status">
          <Icon name="clock" />
          {asked}
        </p>
      )}
      <Why upgrade={upgrade} course={course} />
      <Wishes upgrade={upgrade} />
    </section>
  );
}

function Progress({ upgrade, course }: { readonly upgrade: Upgrade; readonly course: Course }) {
  const { over, of } = course.progress;
  const { tookMs, restedMs, expectedMs } = course.times;
  const { hop, hops } = upgrade;
  return (
    <div className="now-progress">
      <dl className="now-figures">
        <Figure name={hops === null || hops === 1 ? 'Members lifted' : 'Members lifted, in all hops'}>
          {over} <span className="of">of {of}</span>
        </Figure>
        {hops === null || hops === 1 ? null : (
          <Figure name="Hop">
            {Math.min(hop + 1, hops)} <span className="of">of {hops}</span>
          </Figure>
        )}
        <Figure name={upgrade.endedAt === null ? 'Elapsed' : 'Took'}>{durationText(tookMs)}</Figure>
        <Figure name="Expected">{expectedMs === null ? 'not known' : `about ${durationText(expectedMs)}`}</Figure>
        {restedMs < 1_000 ? null : <Figure name="Of that at rest">{durationText(restedMs)}</Figure>}
        {upgrade.inHand.length === 0 ? null : <Figure name="In hand">{upgrade.inHand.join(', ')}</Figure>}
      </dl>
      <progress
        className={`progress progress-${upgrade.status}`}
        value={over}
        max={Math.max(1, of)}
        aria-label="Members lifted"
      />
    </div>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Why it waits, rests or has ended, and since when. */
function Why({ upgrade, course }: { readonly upgrade: Upgrade; readonly course: Course }) {
  const { reason, status } = upgrade;
  if (status === 'done')
    return (
      <Said icon="check" tone="ok" says={`Done: the cluster runs ${releaseText(upgrade.to)}.`}>
        <Link href={`/upgrades/${upgrade.id}/report`}>See what happened</Link>
      </Said>
    );
  if (reason === null)
    return status === 'running' ? (
      <Said
        icon="up"
        tone="busy"
        says={upgrade.inHand.length === 0 ? 'It runs, and waits for nothing.' : `In hand: ${upgrade.inHand.join(', ')}.`}
      />
    ) : (
      <Said icon={status === 'paused' ? 'pause' : 'dot'} tone="warn" says={restWords[status] ?? `It is ${status}.`} />
    );
  const since = waitingSince(course.story, reason.code);
  const tone = status === 'stopped' ? 'bad' : status === 'running' ? 'busy' : 'warn';
  return (
    <div className="now-why">
      <h3>
        {reasonHeads[status] ?? 'Why'}
        {since === null ? null : <span className="of"> for {durationText(course.untilMs - Date.parse(since))}</span>}
      </h3>
      <ReasonNote reason={readable(reason)} tone={tone} />
    </div>
  );
}

function readable(reason: Reason): Reason {
  const { says, whole } = shortened(reason.says);
  return whole === null ? reason : { ...reason, says, evidence: [whole, ...(reason.evidence ?? [])] };
}

const restWords: Readonly<Record<string, string>> = {
  paused: 'It is paused: nobody is in hand, and settings are as their owner had them.',
  cancelled: 'It was cancelled.',
  returned: 'It went back by itself.',
};

const reasonHeads: Readonly<Record<string, string>> = {
  running: 'It waits',
  stopped: 'It has stopped for a person',
  paused: 'It is paused',
  gated: 'It is at a gate',
  cancelled: 'It was cancelled',
  returned: 'It went back by itself',
};

interface SaidProps {
  readonly icon: IconName;
  readonly tone: 'ok' | 'busy' | 'warn';
  readonly says: string;
  readonly children?: React.ReactNode;
}

function Said({ icon, tone, says, children }: SaidProps) {
  return (
    <div className={`note note-${tone}`}>
      <Icon name={icon} />
      <div>
        <p className="note-says">{says}</p>
        {children}
      </div>
    </div>
  );
}

const wishIcons: Readonly<Record<Wish, IconName>> = {
  pause: 'pause',
  resume: 'play',
  continue: 'gate',
  cancel: 'cross',
  'roll-back': 'back',
};

function Wishes({ upgrade }: { readonly upgrade: Upgrade }) {
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [confirming, setConfirming] = useState<Offer | null>(null);
  const asking = useMutation({
    mutationFn: (wish: Wish) =>
      api.post<{ readonly upgrade: Upgrade; readonly says: string }>(`/upgrades/${encodeURIComponent(upgrade.id)}/${wish}`),
    onSuccess: ({ upgrade: now }) => queries.setQueryData(keys.upgrade(upgrade.id), now),
    onSettled: () => {
      setConfirming(null);
      void queries.invalidateQueries({ queryKey: keys.upgrade(upgrade.id) });
    },
  });
  // Going back is an upgrade of its own: its plan is read before it is started.
  const goingBack = useMutation({
    mutationFn: () => api.post<Plan>(`/upgrades/${encodeURIComponent(upgrade.id)}/way-back`),
    onSuccess: (plan) => go(planAddress(plan)),
  });
  const take = (offer: Offer) => {
    if (offer.wish === 'roll-back') goingBack.mutate();
    else if (offer.confirm !== null) setConfirming(offer);
    else asking.mutate(offer.wish);
  };
  return (
    <div className="wishes">
      <ul>
        {offersOf(upgrade).map((offer) => (
          <li key={offer.wish}>
            <Button
              icon={wishIcons[offer.wish]}
              kind={offer.wish === 'cancel' ? 'danger' : 'plain'}
              because={offer.reason}
              busy={offer.wish === 'roll-back' ? goingBack.isPending : asking.isPending && asking.variables === offer.wish}
              onClick={() => take(offer)}
            >
              {offer.label}
            </Button>
            {offer.reason === null ? null : (
              <span className="hint" aria-hidden="true">
                {offer.reason}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div role="status">{asking.data === undefined ? null : <p className="hint">{asking.data.says}</p>}</div>
      {asking.error === null ? null : <FailureNote failure={asking.error} />}
      {goingBack.error === null ? null : <FailureNote failure={goingBack.error} />}
      {confirming?.confirm == null ? null : (
        <Confirm
          title={confirming.confirm.title}
          does={`${confirming.label} it`}
          danger
          busy={asking.isPending}
          onDo={() => asking.mutate(confirming.wish)}
          onLeave={() => setConfirming(null)}
        >
          <p>{confirming.confirm.says}</p>
        </Confirm>
      )}
    </div>
  );
}

function planAddress({ id, clusterId, to }: Plan): string {
  const target = new URLSearchParams({ to: to.version, ...(to.build === null ? {} : { build: to.build }), plan: id });
  return `/clusters/${encodeURIComponent(clusterId)}/plan?${target}`;
}
