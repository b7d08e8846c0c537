import { Icon, type IconName, TableFrame, type Tone } from '../../components/index.ts';
import { type MapMember, type MemberState, stateWords, type WaveColumn, type WaveMap } from './wave-map.ts';
import './wave-map.css';

const looks: Readonly<Record<MemberState, { readonly tone: Tone; readonly icon: IconName }>> = {
  lifted: { tone: 'ok', icon: 'check' },
  'once-more': { tone: 'ok', icon: 'clock' },
  'in-hand': { tone: 'busy', icon: 'up' },
  'to-come': { tone: 'idle', icon: 'dot' },
  troubled: { tone: 'bad', icon: 'stop' },
  'went-back': { tone: 'warn', icon: 'back' },
  left: { tone: 'idle', icon: 'cross' },
};

const waveWords: Readonly<Record<WaveColumn['state'], string>> = {
  done: 'done',
  now: 'now',
  'to-come': 'to come',
  left: 'not lifted',
};

interface Props {
  readonly map: WaveMap;
  readonly label: string;
  /** Before anything runs there are no states to be told. */
  readonly planned?: boolean;
}

/** Zones down, waves across: who is taken together with whom, and how far that is. */
export function WaveMapView({ map, label, planned = false }: Props) {
  if (map.waves.length === 0) return <p className="empty">Every member runs it already: nobody is taken.</p>;
  const states = new Set(map.rows.flatMap(({ cells }) => cells.flat()).map(({ state }) => state));
  return (
    <>
      <TableFrame label={label}>
        <table className="wave-map">
          <thead>
            <tr>
              <th scope="col">{map.rowsAre === 'zones' ? 'Zone' : 'Members'}</th>
              {map.waves.map((wave) => (
                <th key={wave.number} scope="col" className={planned ? '' : `wave-${wave.state}`}>
                  Wave {wave.number}
                  {planned ? null : <span className="wave-word">{waveWords[wave.state]}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                {row.cells.map((cell, index) => (
                  <td key={map.waves[index]?.number ?? index} className={planned ? '' : `wave-${map.waves[index]?.state}`}>
                    <Cell members={cell} planned={planned} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {planned ? null : <Legend states={states} />}
      {isOutOfOrder(map) ? (
        <p className="hint">Waves stand as they were planned. Who is taken next is chosen afresh each time.</p>
      ) : null}
    </>
  );
}

function isOutOfOrder({ waves }: WaveMap): boolean {
  const first = waves.findIndex(({ state }) => state === 'to-come');
  return first >= 0 && waves.slice(first).some(({ state }) => state !== 'to-come');
}

function Cell({ members, planned }: { readonly members: readonly MapMember[]; readonly planned: boolean }) {
  if (members.length === 0) return null;
  return (
    <ul className="chips">
      {members.map(({ name, state }) => (
        <li key={name} className={`chip tone-${looks[state].tone} chip-${state}`} title={planned ? undefined : stateWords[state]}>
          {planned ? null : <Icon name={looks[state].icon} />}
          {name}
          {planned ? null : <span className="visually-hidden">, {stateWords[state]}</span>}
        </li>
      ))}
    </ul>
  );
}

const order = Object.keys(looks) as readonly MemberState[];

function Legend({ states }: { readonly states: ReadonlySet<MemberState> }) {
  return (
    <ul className="legend" aria-hidden="true">
      {order
        .filter((state) => states.has(state))
        .map((state) => (
          <li key={state} className={`tone-${looks[state].tone}`}>
            <Icon name={looks[state].icon} />
            {stateWords[state]}
          </li>
        ))}
    </ul>
  );
}
