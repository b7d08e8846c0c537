import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, type Key } from '../../api/index.ts';
import { Button, FailureNote, Panel } from '../../components/index.ts';
import { keysKey } from './keys-query.ts';
import { type May, policyOf, policySamples } from './new-policy.ts';

type MadeKey = Key & { readonly secret: string };

/** A new key; its secret is shown once, here. */
export function NewKey() {
  const id = useId();
  const queries = useQueryClient();
  const [description, setDescription] = useState('');
  const [may, setMay] = useState<May>('look');
  const [written, setWritten] = useState(policySamples.look);
  const policy = policyOf(may, written);
  const making = useMutation({
    mutationFn: (): Promise<{ readonly key: MadeKey }> => {
      if (policy.kind === 'wrong') throw new Error(policy.says);
      return api.post('/keys', { description, policy: policy.policy });
    },
    onSuccess: () => {
      setDescription('');
      void queries.invalidateQueries({ queryKey: keysKey });
    },
  });
  return (
    <Panel title="A new key">
      <form
        className="new-key"
        onSubmit={(event) => {
          event.preventDefault();
          if (policy.kind === 'policy' && !making.isPending) making.mutate();
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-for`}>What for</label>
          <input
            id={`${id}-for`}
            value={description}
            maxLength={1_024}
            onChange={(event) => setDescription(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-may`}>May do</label>
          <select id={`${id}-may`} value={may} onChange={(event) => setMay(event.target.value as May)}>
            <option value="look">Look at everything, change nothing</option>
            <option value="everything">Everything</option>
            <option value="policy">What a policy says</option>
          </select>
        </div>
        {may !== 'policy' ? null : (
          <div className="field new-policy">
            <label htmlFor={`${id}-policy`}>Policy, in the spelling of IAM</label>
            <textarea
              id={`${id}-policy`}
              rows={9}
              spellCheck={false}
              className="mono"
              value={written}
              aria-describedby={`${id}-wrong`}
              onChange={(event) => setWritten(event.target.value)}
            />
            <p id={`${id}-wrong`} className="hint" role="status">
              {policy.kind === 'wrong' ? policy.says : ''}
            </p>
          </div>
        )}
        <Button type="submit" kind="main" busy={making.isPending} because={policy.kind === 'wrong' ? policy.says : null}>
          Make the key
        </Button>
      </form>
      <div role="status">{making.data === undefined ? null : <Made made={making.data.key} onPut={() => making.reset()} />}</div>
      {making.error === null ? null : <FailureNote failure={making.error} />}
    </Panel>
  );
}

function Made({ made, onPut }: { readonly made: MadeKey; readonly onPut: () => void }) {
  return (
    <div className="note note-ok made-key">
      <div>
        <p className="note-says">The key is made. Its secret is shown now and never again.</p>
        <dl>
          <dt>Access key</dt>
          <dd>
            <code>{made.id}</code>
          </dd>
          <dt>Secret</dt>
          <dd>
            <code>{made.secret}</code>
          </dd>
        </dl>
        <Button onClick={onPut}>I have kept it</Button>
      </div>
    </div>
  );
}
