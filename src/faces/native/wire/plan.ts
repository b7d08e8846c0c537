import { Type } from 'typebox';
import { ClusterId, closed, Instant, NodegroupName, named, oneOf, PlanId, Release, ref, Target } from './common.ts';

const Hop = Type.Object({
  from: ref(Release),
  to: ref(Release),
  mode: oneOf(['rolling', 'restart']),
  requires: Type.Array(Type.String()),
  oneWayDoors: Type.Array(Type.String()),
});

const PlanHop = Type.Object({
  hop: Hop,
  waves: Type.Array(Type.Array(Type.String()), {
    description: 'Member names, in the order in which they are expected to be taken.',
  }),
  estimateSeconds: Type.Number(),
  oneWayDoors: Type.Array(Type.String()),
});

const found = {
  kind: oneOf(['hazard', 'policy'], 'A hazard holds every start; a policy finding can be acknowledged by the id of its check.'),
  subject: Type.String(),
  says: Type.String(),
  evidence: Type.Array(Type.String()),
  remedy: Type.String(),
  loopWaits: Type.Optional(Type.Boolean({ description: 'The upgrade itself waits for this; a start is not held by it.' })),
};

export const Finding = named(
  'Finding',
  Type.Object(
    { check: Type.String({ description: 'Id of the check.' }), hop: Type.Integer({ minimum: 0 }), ...found },
    { description: 'What a check found, where, and how to clear it.' },
  ),
);

export const CheckReport = named(
  'CheckReport',
  Type.Object(
    {
      check: Type.String(),
      asks: Type.String({ description: 'The question, for people.' }),
      hop: Type.Integer({ minimum: 0 }),
      result: Type.Union([
        Type.Object({ kind: Type.Literal('passed') }),
        Type.Object({ kind: Type.Literal('not-applicable'), because: Type.String() }),
        Type.Object({ kind: Type.Literal('found'), findings: Type.Array(Type.Object(found)) }),
        Type.Object({ kind: Type.Literal('could-not-run'), because: Type.String() }),
      ]),
    },
    { description: 'One check asked for one hop. A check that could not run has passed nothing.' },
  ),
);

export const Plan = named(
  'Plan',
  Type.Object(
    {
      id: PlanId,
      clusterId: ClusterId,
      engine: oneOf(['elasticsearch', 'kubernetes']),
      from: ref(Release),
      to: ref(Release),
      hops: Type.Array(PlanHop),
      reports: Type.Array(ref(CheckReport)),
      findings: Type.Array(ref(Finding)),
      touches: Type.Array(Type.String({ description: 'What will be touched, in sentences.' })),
      estimateSeconds: Type.Number(),
      basis: Type.String({ description: 'Identity of what the plan was made from.' }),
      gateAfterFirstMember: Type.Boolean(),
      madeAt: Instant,
      madeBy: Type.String({ description: 'The access key that asked for it.' }),
    },
    { description: 'Immutable: what was reviewed is what runs.' },
  ),
);

export const NewPlan = Type.Object({ to: Target, nodegroup: Type.Optional(NodegroupName) }, closed);
