import { createHash } from 'node:crypto';
import type { Static } from 'typebox';
import { actionsOfStarted, type StartRequest } from '../../../control/index.ts';
import { nativePolicy, type TokenRecord } from '../../../domain/index.ts';
import { type Answer, type Call, created, type FaceParts } from '../call.ts';
import { type ApiError, fail, notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { refusal } from '../translate/refusal.ts';
import { type UpgradeWire, upgradeWire } from '../translate/upgrade.ts';
import { ref, StartUpgrade, Upgrade } from '../wire/index.ts';

/** How long an accepted start is remembered by its token. */
const tokenLifetimeMs = 24 * 60 * 60_000;

type Body = Static<typeof StartUpgrade>;
type NewToken = Omit<TokenRecord, 'answer'>;

/** What to start, and of which cluster. */
interface Asked {
  readonly clusterId: string;
  readonly what: StartRequest['what'];
}

export const startUpgrade = operation({
  id: 'startUpgrade',
  tag: 'upgrades',
  method: 'POST',
  path: '/upgrades',
  summary: 'Start an upgrade',
  description:
    'With `planId`, what was reviewed is what runs; with `clusterId` and `to` a plan is made now. Hazards hold every start. ' +
    'Policy findings and checks that could not run hold it until they are acknowledged by the id of the check, which is recorded.',
  body: StartUpgrade,
  answers: { 201: { description: 'The upgrade.', schema: ref(Upgrade) } },
  errors: [
    'not-found',
    'plan-outdated',
    'upgrade-unfinished',
    'not-ready',
    'token-mismatch',
    'obstacles',
    'no-route',
    'unreachable',
  ],
  concerns: ({ body: { planId, clusterId } }) => {
    if (planId !== undefined) return { kind: 'plan', id: planId };
    return clusterId === undefined ? 'everything' : { kind: 'cluster', id: clusterId };
  },
  run: async (parts, { caller, body }) => {
    const token = tokenOf(parts, caller, body);
    const before = await replay(parts, caller, token);
    if (before !== null) return before;
    const asked = await askedOf(parts, caller, body);
    return 'kind' in asked ? asked : start(parts, caller, body, asked, token);
  },
});

async function askedOf({ control }: FaceParts, caller: Call['caller'], body: Body): Promise<Asked | ApiError> {
  const { planId, clusterId, to, nodegroup } = body;
  if (planId !== undefined) {
    if (clusterId !== undefined || to !== undefined || nodegroup !== undefined)
      return either('planId already says what is started, and of which cluster.');
    const plan = await control.getPlan(caller, planId);
    return plan === undefined ? notFound('plan', planId) : { clusterId: plan.clusterId, what: { planId } };
  }
  if (clusterId === undefined || to === undefined) return either('planId is needed, or clusterId and to.');
  const what = { to: { version: to.version, build: to.build ?? null }, ...(nodegroup === undefined ? {} : { nodegroup }) };
  return { clusterId, what };
}

function either(says: string): ApiError {
  return fail('bad-input', says, { details: { key: 'planId' } });
}

async function start(
  parts: FaceParts,
  caller: Call['caller'],
  body: Body,
  asked: Asked,
  token: NewToken | null,
): Promise<Answer> {
  const result = await parts.control.startUpgrade(caller, {
    ...asked,
    acknowledge: [...new Set(body.acknowledge ?? [])],
    policy: nativePolicy,
    token,
    answer: (upgrade) => upgradeWire(upgrade, { hops: null, actions: actionsOfStarted(upgrade) }),
  });
  if (result.kind === 'started') {
    const { upgrade, plan } = result;
    const beside = { hops: plan.hops.length, actions: actionsOfStarted(upgrade) };
    return created(upgradeWire(upgrade, beside), `/upgrades/${upgrade.id}`);
  }
  // The same request may have come a moment earlier: then its answer is this one's, too.
  const meanwhile = await replay(parts, caller, token);
  if (meanwhile !== null) return meanwhile;
  if (result.kind === 'token-taken') return mismatch();
  return refusal(result, { clusterId: asked.clusterId, planId: body.planId ?? null });
}

/** Scoped to the key. */
function tokenOf({ now }: FaceParts, caller: Call['caller'], body: Body): NewToken | null {
  if (body.clientToken === undefined) return null;
  const { planId = null, clusterId = null, to, acknowledge = [] } = body;
  const what = [planId, clusterId, to?.version ?? null, to?.build ?? null, [...new Set(acknowledge)].sort()];
  return {
    scope: ['native', caller.keyId, 'startUpgrade'].join(' '),
    token: body.clientToken,
    parameters: createHash('sha256').update(JSON.stringify(what)).digest('hex'),
    expiresAt: new Date(Date.parse(now()) + tokenLifetimeMs).toISOString(),
  };
}

/** The first answer to the same request; an error for another request with the same token; null when it is the first. */
async function replay({ control, hopsOf }: FaceParts, caller: Call['caller'], token: NewToken | null): Promise<Answer | null> {
  if (token === null) return null;
  const before = await control.getToken(token.scope, token.token);
  if (before === undefined) return null;
  if (before.parameters !== token.parameters) return mismatch();
  const upgrade = before.answer as UpgradeWire;
  // When the answer was stored, how many hops there are was not at hand; the plan never changes.
  return created({ ...upgrade, hops: await hopsOf(caller, upgrade) }, `/upgrades/${upgrade.id}`);
}

function mismatch(): ApiError {
  return fail('token-mismatch', 'This clientToken was used before with other parameters.', {
    remedy: 'Take a new token for a new request.',
    details: { key: 'clientToken' },
  });
}
