import { useEffect, useRef } from 'react';
import type { ReleaseList } from '../../api/index.ts';
import { TableFrame } from '../../components/index.ts';
import { type CatalogEdge, type Layout, layoutOf, type Place } from './layout.ts';
import type { Support } from './support.ts';
import { supportLooks } from './support-looks.ts';

const box = { width: 92, height: 46 } as const;
const gap = { across: 44, down: 26 } as const;
const edge = 8;

interface Props {
  readonly list: ReleaseList;
  readonly supports: ReadonlyMap<string, Support>;
  runBy(version: string): number;
}

/** The catalog as a picture; the table below tells the same to whoever cannot see it. */
export function CatalogGraph({ list, supports, runBy }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const layout = layoutOf(list.releases, list.edges);
  const width = layout.columns * (box.width + gap.across) - gap.across + 2 * edge;
  const height = layout.lanes * (box.height + gap.down) - gap.down + 2 * edge;
  // The newest stand at the end, and they are what is looked for.
  useEffect(() => {
    const scrolling = frame.current?.querySelector('.table-frame');
    if (scrolling != null) scrolling.scrollLeft = scrolling.scrollWidth;
  });
  return (
    <div ref={frame}>
      <TableFrame label="Ways between releases">
        <svg className="graph" width={width} height={height} role="img" aria-label={saysOf(list, layout)}>
          {layout.forward.map((way) => (
            <Way key={`${way.from} ${way.to}`} way={way} layout={layout} />
          ))}
          {layout.places.map((place) => (
            <Release
              key={place.version}
              place={place}
              support={supports.get(place.version) ?? { kind: 'not-dated' }}
              clusters={runBy(place.version)}
              hasWayBack={layout.back.some(({ from }) => from === place.version)}
            />
          ))}
        </svg>
      </TableFrame>
      {layout.alone.length === 0 ? null : <p className="hint">No way leads to or from: {layout.alone.join(', ')}.</p>}
      {layout.back.length === 0 ? null : <p className="hint">↩ It has a way back to the one before.</p>}
    </div>
  );
}

function leftOf({ column }: Place): number {
  return edge + column * (box.width + gap.across);
}

function topOf({ lane }: Place): number {
  return edge + lane * (box.height + gap.down);
}

function Way({ way, layout }: { readonly way: CatalogEdge; readonly layout: Layout }) {
  const [from, to] = [way.from, way.to].map((version) => layout.places.find((place) => place.version === version));
  if (from === undefined || to === undefined) return null;
  const [x1, y1] = [leftOf(from) + box.width, topOf(from) + box.height / 2];
  const [x2, y2] = [leftOf(to), topOf(to) + box.height / 2];
  const bend = gap.across * 0.75;
  const isFar = to.column - from.column > 1;
  // One that passes others goes between their lanes: below its own, or above where it leads up.
  const between = topOf(from) + (to.lane < from.lane ? -gap.down / 2 : box.height + gap.down / 2);
  const line = isFar
    ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x1 + 6} ${between} ${x1 + bend} ${between}H${x2 - bend}C${x2 - 6} ${between} ${x2 - bend} ${y2} ${x2} ${y2}`
    : `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return (
    <>
      <path className="graph-way" d={line} />
      <path className="graph-head" d={`M${x2} ${y2}l-7 -4v8z`} />
    </>
  );
}

interface ReleaseProps {
  readonly place: Place;
  readonly support: Support;
  readonly clusters: number;
  readonly hasWayBack: boolean;
}

function Release({ place, support, clusters, hasWayBack }: ReleaseProps) {
  const look = support.kind === 'not-dated' ? null : supportLooks(support);
  const second = [look?.says, clusters === 0 ? null : clusters === 1 ? '1 cluster' : `${clusters} clusters`]
    .filter((part) => part != null)
    .at(-1);
  return (
    <g transform={`translate(${leftOf(place)} ${topOf(place)})`} className={`tone-${look?.tone ?? 'idle'}`}>
      <rect className={clusters === 0 ? 'graph-box' : 'graph-box graph-box-run'} width={box.width} height={box.height} rx={7} />
      <text className="graph-name" x={box.width / 2} y={second === undefined ? 28 : 20} textAnchor="middle">
        {place.version}
        {hasWayBack ? ' ↩' : ''}
      </text>
      {second === undefined ? null : (
        <text className="graph-says" x={box.width / 2} y={36} textAnchor="middle">
          {second}
        </text>
      )}
      <title>
        {[
          place.version,
          look?.says,
          hasWayBack ? 'has a way back to the one before' : null,
          clusters === 1 ? '1 cluster runs it' : `${clusters} clusters run it`,
        ]
          .filter((part) => part != null)
          .join(', ')}
      </title>
    </g>
  );
}

function saysOf({ engine, releases }: ReleaseList, { forward }: Layout): string {
  return `${releases.length} releases of ${engine} with ${forward.length} ways on. The table below has all of them.`;
}
