/**
 * The engine `elasticsearch`: how its clusters are observed, lifted and launched.
 * It does not know: how upgrades are stored, which public API asked, how a host does its work.
 */
export { parseCatalog } from './catalog.ts';
export { checks } from './checks/index.ts';
export { decide, settledVerdict } from './decide/index.ts';
export { elasticsearchEngine, perform } from './engine.ts';
export { artefacts, launch, trialText } from './launch/index.ts';
export { basisOf, observe, releaseOf } from './observe/index.ts';
export { planHops, touches } from './plan.ts';
