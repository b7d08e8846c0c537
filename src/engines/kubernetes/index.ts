/**
 * The engine `kubernetes`: how its clusters are made, observed, lifted and launched.
 * It does not know: how upgrades are stored, which public API asked, how a host does its work.
 */
export { parseKubernetesCatalog, patchOf } from './catalog.ts';
export { type RequestedSpec, requestedSpec, usualServiceCidr, usualSoakMs } from './draft/index.ts';
export { kubernetesEngine } from './engine.ts';
export {
  addNodegroup,
  changeNodegroup,
  desiredSizeOf,
  dropNodegroup,
  type NewNodegroup,
  setNodegroupSize,
} from './nodegroups.ts';
