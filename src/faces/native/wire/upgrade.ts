import { Type } from 'typebox';
import {
  ClusterId,
  closed,
  Instant,
  NodegroupName,
  named,
  oneOf,
  orNull,
  PlanId,
  Reason,
  Release,
  ref,
  Says,
  Target,
  UpgradeId,
  uuid,
} from './common.ts';
import { Finding } from './plan.ts';

export const Upgrade = named(
  'Upgrade',
  Type.Object(
    {
      id: UpgradeId,
      clusterId: ClusterId,
      planId: PlanId,
      from: ref(Release),
      to: ref(Release),
      status: oneOf(['running', 'paused', 'stopped', 'gated', 'done', 'cancelled', 'returned']),
      intent: oneOf(['go', 'pause', 'cancel'], 'What its owner wants of it now.'),
      generation: Type.Integer(),
      reason: orNull(ref(Reason)),
      hop: Type.Integer({ minimum: 0, description: 'The hop in hand, counted from 0.' }),
      hops: orNull(
        Type.Integer({ minimum: 1, description: 'How many there are; null when the plan was forgotten with its cluster.' }),
      ),
      inHand: Type.Array(Type.String({ description: 'Members taken and not yet settled again.' })),
      recorded: Type.Array(ref(Finding), { description: 'Policy findings that did not hold the start.' }),
      acknowledged: Type.Array(Type.String({ description: 'Ids of checks.' })),
      startedBy: Type.String({ description: 'The access key that started it.' }),
      createdAt: Instant,
      updatedAt: Instant,
      endedAt: orNull(Instant),
      actions: Type.Array(
        Type.Object({
          action: oneOf(['pause', 'resume', 'cancel', 'continue', 'roll-back']),
          possible: Type.Boolean(),
          reason: orNull(Type.String({ description: 'Why not, in a sentence; null where it is possible.' })),
        }),
        { description: 'What may be done with it now.' },
      ),
    },
    { description: 'The durable record of lifting one cluster. `reason` says what it waits for, or why it does not run.' },
  ),
);

export const UpgradeList = Type.Object({
  upgrades: Type.Array(ref(Upgrade), { description: 'Newest first.' }),
  next: orNull(Type.String({ description: 'Ask for what comes after these with `before` set to it; null at the end.' })),
});
export const WishAnswer = Type.Object({ upgrade: ref(Upgrade), says: Says });

export const StartUpgrade = Type.Object(
  {
    planId: Type.Optional(PlanId),
    clusterId: Type.Optional(ClusterId),
    to: Type.Optional(Target),
    nodegroup: Type.Optional(NodegroupName),
    acknowledge: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$' }), {
        maxItems: 100,
        description: 'Ids of checks whose policy findings, or whose failure to run, you accept.',
      }),
    ),
    clientToken: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,64}$',
        description: 'The same request with the same token is answered again, not done twice.',
      }),
    ),
  },
  { ...closed, description: 'Either `planId`, so that what was reviewed is what runs, or `clusterId` and `to`.' },
);

export const UpgradesQuery = Type.Object({
  clusterId: Type.Optional(ClusterId),
  unfinished: Type.Optional(Type.Boolean()),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  before: Type.Optional(Type.String({ pattern: uuid, description: '`next` of the page before.' })),
});

export const UpgradeEvent = named(
  'UpgradeEvent',
  Type.Object(
    {
      seq: Type.Integer(),
      upgradeId: UpgradeId,
      at: Instant,
      kind: oneOf([
        'started',
        'acting',
        'acted',
        'refused',
        'failed',
        'waiting',
        'stopped',
        'gated',
        'paused',
        'resumed',
        'cancelled',
        'returned',
        'done',
        'asked',
        'remark',
      ]),
      generation: Type.Integer(),
      move: orNull(Type.String()),
      members: Type.Array(Type.String()),
      says: Says,
      reason: orNull(ref(Reason)),
      actor: orNull(Type.String({ description: 'The access key that asked; null when the loop itself did it.' })),
    },
    { description: 'What happened, in order.' },
  ),
);
export const EventList = Type.Object({ events: Type.Array(ref(UpgradeEvent)) });

export const EventsQuery = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0, description: 'Events with a greater seq.' }),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 200, description: 'Without meaning where events are followed.' }),
  follow: Type.Boolean({ default: false, description: 'Server-sent events, as with `Accept: text/event-stream`.' }),
});
