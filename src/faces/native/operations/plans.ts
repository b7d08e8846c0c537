import { Type } from 'typebox';
import { created, ok } from '../call.ts';
import { notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { planWire } from '../translate/plan.ts';
import { refusal } from '../translate/refusal.ts';
import { NewPlan, Plan, PlanId, ref } from '../wire/index.ts';
import { clusterParams } from './clusters.ts';

const makePlan = operation({
  id: 'makePlan',
  tag: 'plans',
  method: 'POST',
  path: '/clusters/:clusterId/plans',
  summary: 'Plan an upgrade: the way, what holds it, what it will touch',
  description: 'The dry run. Nothing of the cluster is changed; findings are part of the plan and no error.',
  params: clusterParams,
  body: NewPlan,
  answers: { 201: { description: 'The plan.', schema: ref(Plan) } },
  errors: ['upgrade-unfinished', 'not-ready', 'no-route', 'unreachable'],
  run: async ({ control }, { caller, params, body }) => {
    const { version, build = null } = body.to;
    const result = await control.planUpgrade(caller, params.clusterId, { version, build }, body.nodegroup);
    if (result.kind !== 'planned') return refusal(result, { clusterId: params.clusterId, planId: null });
    return created(planWire(result.plan), `/plans/${result.plan.id}`);
  },
});

const getPlan = operation({
  id: 'getPlan',
  tag: 'plans',
  method: 'GET',
  path: '/plans/:planId',
  summary: 'One plan',
  params: Type.Object({ planId: PlanId }),
  answers: { 200: { description: 'The plan.', schema: ref(Plan) } },
  run: async ({ control }, { caller, params }) => {
    const plan = await control.getPlan(caller, params.planId);
    return plan === undefined ? notFound('plan', params.planId) : ok(planWire(plan));
  },
});

export const planOperations: readonly Operation[] = [makePlan, getPlan];
