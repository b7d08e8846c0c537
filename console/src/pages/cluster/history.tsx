import { Link } from 'wouter';
import type { Upgrade } from '../../api/index.ts';
import { durationText, Empty, momentText, releaseText, TableFrame, UpgradeStatus } from '../../components/index.ts';

/** Upgrades of the cluster, newest first. */
export function History({ upgrades, hasMore }: { readonly upgrades: readonly Upgrade[]; readonly hasMore: boolean }) {
  if (upgrades.length === 0) return <Empty>It has not been upgraded here yet.</Empty>;
  return (
    <>
      <TableFrame label="Upgrades of this cluster">
        <table>
          <thead>
            <tr>
              <th scope="col">Upgrade</th>
              <th scope="col">End</th>
              <th scope="col">Started</th>
              <th scope="col">Took</th>
              <th scope="col">Started by</th>
            </tr>
          </thead>
          <tbody>
            {upgrades.map((upgrade) => (
              <UpgradeRow key={upgrade.id} upgrade={upgrade} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      {hasMore ? <p className="hint">Older ones: clusterlift upgrade list</p> : null}
    </>
  );
}

function UpgradeRow({ upgrade }: { readonly upgrade: Upgrade }) {
  const { id, from, to, status, createdAt, endedAt, startedBy } = upgrade;
  return (
    <tr>
      <th scope="row">
        <Link href={endedAt === null ? `/upgrades/${id}` : `/upgrades/${id}/report`}>
          {releaseText(from)} → {releaseText(to)}
        </Link>
      </th>
      <td>
        <UpgradeStatus status={status} />
      </td>
      <td>
        <time dateTime={createdAt}>{momentText(createdAt)}</time>
      </td>
      <td>{endedAt === null ? '' : durationText(Date.parse(endedAt) - Date.parse(createdAt))}</td>
      <td>
        <code>{startedBy}</code>
      </td>
    </tr>
  );
}
