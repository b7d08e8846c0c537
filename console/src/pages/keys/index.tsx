/**
 * Access keys and what each may do; new ones, and ones that are revoked.
 * It does not know: any secret but that of a key that was made just now, until it is put away.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Key } from '../../api/index.ts';
import type { PageProps } from '../../app/pages.ts';
import {
  Answer,
  Badge,
  Button,
  Confirm,
  dayText,
  FailureNote,
  momentText,
  PageHead,
  Panel,
  TableFrame,
} from '../../components/index.ts';
import { keysKey, keysQuery } from './keys-query.ts';
import { NewKey } from './new-key.tsx';
import { inShort, sentencesOf } from './policy-words.ts';
import './keys.css';

export default function Page(_: PageProps) {
  const asked = useQuery(keysQuery);
  return (
    <>
      <PageHead title="Keys">
        <p className="hint">
          Access keys of your account, and what each may do. The same key opens the console, the command line and both public
          APIs.
        </p>
      </PageHead>
      <NewKey />
      <Answer asked={asked} what="the keys">
        {(keys) => <KeyTable keys={keys} />}
      </Answer>
    </>
  );
}

/** Active ones first, the newest of them first. */
function ordered(keys: readonly Key[]): readonly Key[] {
  const rank = ({ status }: Key) => (status === 'active' ? 0 : 1);
  return [...keys].sort((one, other) => rank(one) - rank(other) || other.createdAt.localeCompare(one.createdAt));
}

function KeyTable({ keys }: { readonly keys: readonly Key[] }) {
  const [revoking, setRevoking] = useState<Key | null>(null);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/keys/${encodeURIComponent(id)}`),
    onSettled: () => {
      setRevoking(null);
      void queries.invalidateQueries({ queryKey: keysKey });
    },
  });
  const active = keys.filter(({ status }) => status === 'active').length;
  return (
    <Panel title={`${active} active ${active === 1 ? 'key' : 'keys'}`}>
      {revoke.error === null ? null : <FailureNote failure={revoke.error} />}
      <TableFrame label="Access keys">
        <table className="keys">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">What for</th>
              <th scope="col">May do</th>
              <th scope="col">State</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span className="visually-hidden">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {ordered(keys).map((key) => (
              <KeyRow key={key.id} of={key} onRevoke={() => setRevoking(key)} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      {revoking === null ? null : (
        <Confirm
          title={`Revoke ${revoking.id}?`}
          does="Revoke it"
          danger
          busy={revoke.isPending}
          onDo={() => revoke.mutate(revoking.id)}
          onLeave={() => setRevoking(null)}
        >
          <p>
            {revoking.description === '' ? 'Whoever' : `“${revoking.description}”: whoever`} uses it is shut out at once, also
            from the console. It cannot be undone.
          </p>
        </Confirm>
      )}
    </Panel>
  );
}

function KeyRow({ of, onRevoke }: { readonly of: Key; onRevoke(): void }) {
  const isActive = of.status === 'active';
  return (
    <tr>
      <th scope="row">
        <code>{of.id}</code>
      </th>
      <td>{of.description}</td>
      <td>
        <MayDo keyId={of.id} policy={of.policy} />
      </td>
      <td>{isActive ? <Badge tone="ok" icon="check" says="Active" /> : <Badge tone="idle" icon="cross" says="Revoked" />}</td>
      <td title={momentText(of.createdAt)}>{dayText(of.createdAt)}</td>
      <td>
        {isActive ? (
          <Button kind="danger" onClick={onRevoke}>
            Revoke<span className="visually-hidden"> {of.id}</span>
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

function MayDo({ keyId, policy }: { readonly keyId: string; readonly policy: Key['policy'] }) {
  if (policy === null) return <>everything</>;
  return (
    <details>
      <summary>{inShort(policy)}</summary>
      <ul className="policy">
        {sentencesOf(policy).map(({ effect, actions, resources }) => (
          <li key={`${effect} ${actions.join()} ${resources.join()}`}>
            <b>{effect === 'allows' ? 'Allows' : 'Denies'}</b> {actions.join(', ')} <b>on</b>{' '}
            {resources.join(', ') === '*' ? 'everything' : resources.join(', ')}
          </li>
        ))}
      </ul>
      <details>
        <summary>
          Its policy<span className="visually-hidden"> of {keyId}</span>
        </summary>
        <pre>{JSON.stringify(policy, null, 2)}</pre>
      </details>
    </details>
  );
}
