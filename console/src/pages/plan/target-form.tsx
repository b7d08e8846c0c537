import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { type Cluster, releasesQuery } from '../../api/index.ts';
import { Answer, Button, ReleaseName } from '../../components/index.ts';
import { type Target, targetsOf } from './targets.ts';

export interface Wanted {
  readonly version: string;
  readonly build: string | null;
}

interface Props {
  readonly cluster: Cluster;
  readonly wanted: Wanted | null;
  readonly busy: boolean;
  readonly again: boolean;
  onPlan(wanted: Wanted): void;
}

export function TargetForm(props: Props) {
  const releases = useQuery(releasesQuery(props.cluster.engine));
  return (
    <Answer asked={releases} what="the releases">
      {(list) => <Form {...props} targets={targetsOf(list, props.cluster.release.version)} />}
    </Answer>
  );
}

function Form({ cluster, wanted, busy, again, onPlan, targets }: Props & { readonly targets: readonly Target[] }) {
  const id = useId();
  const [chosen, setChosen] = useState<Wanted | null>(wanted);
  // Where nothing was chosen, the nearest one: what leads there is the least.
  const nearest = targets.filter(({ isBack }) => !isBack).at(-1) ?? targets[0];
  const version = chosen?.version ?? nearest?.version ?? '';
  const builds = targets.find((target) => target.version === version)?.builds ?? [];
  const isKnown = targets.some((target) => target.version === version);
  if (targets.length === 0 && wanted === null)
    return <p className="empty">No way of the catalog leads on from {cluster.release.version}.</p>;
  return (
    <form
      className="target-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onPlan({ version, build: chosen?.build ?? null });
      }}
    >
      <div className="field">
        <span className="hint">It runs</span>
        <b>
          <ReleaseName release={cluster.release} />
        </b>
      </div>
      <div className="field">
        <label htmlFor={`${id}-version`}>Lift it to</label>
        <select
          id={`${id}-version`}
          value={version}
          onChange={(event) => setChosen({ version: event.target.value, build: null })}
        >
          {isKnown ? null : <option value={version}>{version}</option>}
          {targets.map((target) => (
            <option key={target.version} value={target.version}>
              {target.version}
              {target.isBack ? ', back' : target.hops > 1 ? `, ${target.hops} hops` : ''}
            </option>
          ))}
        </select>
      </div>
      {builds.length === 0 ? null : (
        <div className="field">
          <label htmlFor={`${id}-build`}>Build</label>
          <select
            id={`${id}-build`}
            value={chosen?.build ?? ''}
            onChange={(event) => setChosen({ version, build: event.target.value === '' ? null : event.target.value })}
          >
            <option value="">{cluster.engine === 'kubernetes' ? 'the newest' : 'stock'}</option>
            {builds.map((build) => (
              <option key={build}>{build}</option>
            ))}
          </select>
        </div>
      )}
      <Button type="submit" kind={again ? 'plain' : 'main'} busy={busy}>
        {busy ? 'Looking at the cluster …' : again ? 'Plan again' : 'Plan it'}
      </Button>
    </form>
  );
}
