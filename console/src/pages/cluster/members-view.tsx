import type { Cluster, Observation } from '../../api/index.ts';
import { Badge, type IconName, ReleaseName, type Tone } from '../../components/index.ts';
import { groupsOf, type MemberState, type ShownMember } from './members.ts';

interface Props {
  readonly cluster: Cluster;
  readonly observation: Observation | undefined;
  readonly inHand: readonly string[];
}

/** A zone, or a component, is a column; on a phone they follow one another. */
export function Members({ cluster, observation, inHand }: Props) {
  const groups = groupsOf(cluster, observation, inHand);
  return (
    <div className="zones">
      {groups.map(({ name, members }) => (
        <section key={name ?? ''} className="zone" aria-label={name ?? 'All members'}>
          {name === null ? null : <h3>{name}</h3>}
          <ul>
            {members.map((member) => (
              <Member key={member.name} member={member} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const looks: Readonly<Record<MemberState, { readonly tone: Tone; readonly icon: IconName; readonly says: string }>> = {
  'in-cluster': { tone: 'ok', icon: 'check', says: 'In the cluster' },
  starting: { tone: 'busy', icon: 'clock', says: 'Starting' },
  away: { tone: 'bad', icon: 'cross', says: 'Away' },
  spare: { tone: 'idle', icon: 'dot', says: 'Used during upgrades' },
  unknown: { tone: 'warn', icon: 'question', says: 'Not known' },
  'not-seen': { tone: 'idle', icon: 'question', says: 'Not looked at' },
};

/** One that was taken is away because we stopped it; that it has ended badly is another matter. */
function toneOf({ state, isInHand, seen }: ShownMember): Tone {
  const isTaken = isInHand && state === 'away' && (seen?.process.exitCode ?? 0) === 0;
  return isTaken ? 'busy' : looks[state].tone;
}

function Member({ member }: { readonly member: ShownMember }) {
  const { seen } = member;
  return (
    <li className={member.isInHand ? 'member member-in-hand' : 'member'}>
      <div className="member-head">
        <b className="member-name">{member.name}</b>
        {seen?.release == null ? null : <ReleaseName release={seen.release} />}
      </div>
      <div className="pair">
        {member.isInHand ? <Badge tone="busy" icon="up" says="In hand" /> : null}
        <Badge {...looks[member.state]} tone={toneOf(member)} />
        {member.isMaster ? <Badge tone="idle" icon="dot" says="Elected master" /> : null}
      </div>
      {member.roles.length < 2 ? null : <p className="under">{member.roles.join(', ')}</p>}
      {seen?.process.because == null ? null : <p className="under">{seen.process.because}</p>}
      {seen === null || seen.process.lastLines.length === 0 ? null : (
        <details>
          <summary>What it wrote last{seen.process.exitCode === null ? '' : ` (exit code ${seen.process.exitCode})`}</summary>
          <pre className="lines">{seen.process.lastLines.join('\n')}</pre>
        </details>
      )}
    </li>
  );
}
