/** States, each as a picture with its word: colour only helps. */
import type { Cluster, Upgrade } from '../api/index.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'idle';

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly says: string;
}

export function Badge({ tone, icon, says }: Look) {
  return (
    <span className={`badge tone-${tone}`}>
      <Icon name={icon} />
      {says}
    </span>
  );
}

export const clusterLooks: Readonly<Record<Cluster['status'], Look>> = {
  awaited: { tone: 'idle', icon: 'clock', says: 'Awaited' },
  creating: { tone: 'busy', icon: 'clock', says: 'Being made' },
  active: { tone: 'ok', icon: 'check', says: 'Active' },
  upgrading: { tone: 'busy', icon: 'up', says: 'Upgrading' },
  paused: { tone: 'warn', icon: 'pause', says: 'Paused' },
  gated: { tone: 'warn', icon: 'gate', says: 'At a gate' },
  stopped: { tone: 'bad', icon: 'stop', says: 'Needs a person' },
  failed: { tone: 'bad', icon: 'cross', says: 'Could not be made' },
  deleting: { tone: 'idle', icon: 'cross', says: 'Being removed' },
};

export const upgradeLooks: Readonly<Record<Upgrade['status'], Look>> = {
  running: { tone: 'busy', icon: 'up', says: 'Running' },
  paused: { tone: 'warn', icon: 'pause', says: 'Paused' },
  stopped: { tone: 'bad', icon: 'stop', says: 'Needs a person' },
  gated: { tone: 'warn', icon: 'gate', says: 'At a gate' },
  done: { tone: 'ok', icon: 'check', says: 'Done' },
  cancelled: { tone: 'idle', icon: 'cross', says: 'Cancelled' },
  returned: { tone: 'warn', icon: 'back', says: 'Went back' },
};

const unheardOf: Look = { tone: 'idle', icon: 'question', says: 'Unknown' };

export const ClusterStatus = ({ status }: { readonly status: Cluster['status'] }) => (
  <Badge {...(clusterLooks[status] ?? { ...unheardOf, says: status })} />
);
export const UpgradeStatus = ({ status }: { readonly status: Upgrade['status'] }) => (
  <Badge {...(upgradeLooks[status] ?? { ...unheardOf, says: status })} />
);
