import type { SeenElasticsearch, SeenNode } from '../../../domain/index.ts';
import { type EsCheck, type Found, hazard, passedUnless, policy } from './check.ts';
import { standingOf } from './disk.ts';

/** `index.blocks.read_only_allow_delete`, which a full disk sets. */
const floodBlock = '12';

/**
 * A replica does not return to a node over the low watermark, and shards leave one over the high watermark: the next
 * wave would be held. An index blocked by a full disk takes no writes.
 */
export const roomForShards: EsCheck = {
  id: 'es.room-for-shards',
  asks: 'Is every data node below its disk watermarks, so that copies return to it, and no index blocked by a full disk?',
  scope: 'first-hop',
  run: ({ seen }) => {
    const blocked = blockedIndices(seen);
    if (!seen.watermarks.enabled)
      return blocked.length > 0 ? passedUnless(blocked) : { kind: 'not-applicable', because: 'disk watermarks are switched off' };
    const nodes = seen.nodes.filter((node) => node.roles.includes('data')).map((node) => ofNode(node, seen));
    const findings = [...blocked, ...nodes.flatMap((node) => node.findings)];
    const open = nodes.flatMap((node) => node.open);
    return findings.length === 0 && open.length > 0
      ? { kind: 'could-not-run', because: open.join('; ') }
      : passedUnless(findings);
  },
};

function blockedIndices(seen: SeenElasticsearch): readonly Found[] {
  return seen.indices
    .filter((index) => index.blocks.includes(floodBlock) || index.settings['index.blocks.read_only_allow_delete'] === 'true')
    .map((index) =>
      hazard(
        `index ${index.name}`,
        `${index.name} takes no writes: a full disk has blocked it.`,
        `Make room, then PUT /${index.name}/_settings {"index.blocks.read_only_allow_delete": null}.`,
      ),
    );
}

function ofNode(
  node: SeenNode,
  seen: SeenElasticsearch,
): { readonly findings: readonly Found[]; readonly open: readonly string[] } {
  const { watermarks } = seen;
  const { name, diskUsedPercent, diskFreeBytes } = node;
  if (diskUsedPercent === null || diskFreeBytes === null)
    return { findings: [], open: [`${name} did not tell how full its disk is`] };
  const standing = standingOf({ usedPercent: diskUsedPercent, freeBytes: diskFreeBytes }, watermarks);
  const evidence = [`${diskUsedPercent.toFixed(1)} % used, ${(diskFreeBytes / 1024 ** 3).toFixed(1)} GiB free`];
  const remedy = 'Make room on its disk, or give it a larger one.';
  switch (standing) {
    case 'below':
      return { findings: [], open: [] };
    case 'over-low':
      return {
        findings: [
          policy(
            `node ${name}`,
            `${name} is over the low disk watermark (${watermarks.low}): replicas that leave it do not return.`,
            remedy,
            evidence,
          ),
        ],
        open: [],
      };
    case 'over-high':
      return {
        findings: [
          hazard(
            `node ${name}`,
            `${name} is over the high disk watermark (${watermarks.high}): shards leave it.`,
            remedy,
            evidence,
          ),
        ],
        open: [],
      };
    case 'unknown':
      return { findings: [], open: [`the watermarks ${watermarks.low} and ${watermarks.high} cannot be read`] };
  }
}
