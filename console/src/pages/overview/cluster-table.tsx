import { type KeyboardEvent, memo } from 'react';
import { Link } from 'wouter';
import type { Upgrade } from '../../api/index.ts';
import { ClusterStatus, engineNames, ReleaseName, releaseText, TableFrame } from '../../components/index.ts';
import { SupportEnd } from '../../components/support.tsx';
import { type Row, type SortName, soonDays, type View } from './rows.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly view: View;
  readonly change: (change: Partial<View>) => void;
}

/** `wide` columns are left out on a phone. */
const columns: readonly { readonly name: SortName; readonly says: string; readonly className?: string }[] = [
  { name: 'name', says: 'Cluster' },
  { name: 'release', says: 'Release' },
  { name: 'status', says: 'State' },
  { name: 'support', says: 'Support', className: 'wide' },
  { name: 'members', says: 'Members', className: 'wide number' },
];

export function ClusterTable({ rows, view, change }: Props) {
  return (
    <TableFrame label="Clusters">
      <table className="clusters" onKeyDown={moveByArrow}>
        <thead>
          <tr>
            {columns.map((column) => (
              <SortHead key={column.name} {...column} view={view} change={change} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ClusterRow key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function SortHead({ name, says, className, view, change }: (typeof columns)[number] & Omit<Props, 'rows'>) {
  const isIt = view.sort === name;
  const direction = view.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={className} aria-sort={isIt ? direction : undefined}>
      <button type="button" className="sort" onClick={() => change({ sort: name, isDescending: isIt && !view.isDescending })}>
        {says}
        <span aria-hidden="true" className="sort-mark">
          {isIt ? (view.isDescending ? '▾' : '▴') : ''}
        </span>
      </button>
    </th>
  );
}

const ClusterRow = memo(function ClusterRow({ row }: { readonly row: Row }) {
  return (
    <tr>
      <th scope="row">
        <Link href={`/clusters/${row.id}`} className="cluster-link">
          {row.name}
        </Link>
        <div className="under">
          {engineNames[row.engine]} · {row.region}
          {row.isSimulated ? ' · simulated' : ''}
        </div>
      </th>
      <td>
        <ReleaseName release={row.release} />
        {row.upgrade === null ? null : (
          <div className="under">
            <span className="visually-hidden">is being lifted to </span>
            <span aria-hidden="true">→ </span>
            {releaseText(row.upgrade.to)}
          </div>
        )}
        {row.support?.kind === 'not-dated' ? null : (
          <div className="under narrow">
            <SupportEnd support={row.support} soonDays={soonDays} />
          </div>
        )}
      </td>
      <td>
        <ClusterStatus status={row.status} />
        <RunningUpgrade row={row} />
      </td>
      <td className="wide">
        <SupportEnd support={row.support} soonDays={soonDays} />
      </td>
      <td className="wide number">
        {row.members}
        {row.zones > 1 ? <div className="under">in {row.zones} zones</div> : null}
      </td>
    </tr>
  );
}, isSameRow);

/** Rows are made anew with every answer; most of them say the same as before. */
function isSameRow(a: { readonly row: Row }, b: { readonly row: Row }): boolean {
  return JSON.stringify(a.row) === JSON.stringify(b.row);
}

function RunningUpgrade({ row: { upgradeId, upgrade, because } }: { readonly row: Row }) {
  if (upgradeId === null) return because === null ? null : <div className="under because">{because}</div>;
  return (
    <div className="under because">
      <Link href={`/upgrades/${upgradeId}`}>Follow the upgrade</Link>
      {upgrade === null ? '' : progressText(upgrade)}
      {because === null ? null : <div>{because}</div>}
    </div>
  );
}

function progressText({ inHand, hop, hops }: Upgrade): string {
  const which = hops === null || hops < 2 ? '' : ` · hop ${hop + 1} of ${hops}`;
  return `${which}${inHand.length === 0 ? '' : ` · ${inHand.join(', ')} in hand`}`;
}

/** Up and down go from cluster to cluster, as in any list. */
function moveByArrow(event: KeyboardEvent<HTMLTableElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.cluster-link')];
  const here = links.indexOf(document.activeElement as HTMLElement);
  if (here === -1) return;
  event.preventDefault();
  links[here + step]?.focus();
}
