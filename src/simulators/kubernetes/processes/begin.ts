/** How a process of each kind begins, and is asked to end. */
import { createHash, X509Certificate } from 'node:crypto';
import { type Listening, type ListenOptions, troubleWithPair } from '../listen/https.ts';
import { serveApiserver } from '../listen/serve-apiserver.ts';
import { serveController } from '../listen/serve-controller.ts';
import { serveEtcd } from '../listen/serve-etcd.ts';
import { createTokens } from '../listen/tokens.ts';
import { endApiserver, isLifted, startApiserver } from './apiserver.ts';
import { addressOf, fileOf } from './command.ts';
import { endController, startController } from './controllers.ts';
import { serversOf } from './door.ts';
import { endEtcd, startEtcd } from './etcd.ts';
import { endKubelet, startKubeletOf } from './kubelet.ts';
import { refusalOf } from './refusals.ts';
import { answersNow, end, later, type Process, type Room } from './room.ts';
import { startSnapshot } from './snapshot.ts';

const refusedAfterMs = 300;
const doorMs = 100;
/** What `node-rejoins-slowly` does. */
const slowdown = 10;

/** Which pair of files each kind listens with. */
const pairs: Readonly<Record<string, string>> = {
  etcd: 'etcd',
  'kube-apiserver': 'apiserver',
  'kube-controller-manager': 'controller-manager',
  'kube-scheduler': 'scheduler',
};

/** Resolves once it listens, or is known to end at once. */
export async function begin(room: Room, process: Process) {
  const { member, command, version } = process;
  if (room.failures.has('node-rejoins-slowly') && isLifted(room, process)) room.faults.slow.set(member, slowdown);
  room.world.knobs.podsEnd = !room.failures.has('pods-not-evicted');
  if (!room.failures.has('etcd-full') && command.component === 'kube-apiserver') room.world.etcd.noSpace = false;
  const lines = refusalOf(command, version) ?? troubleWithFiles(process) ?? (await listen(room, process));
  if (lines !== null) {
    later(room, process, refusedAfterMs, 'is refused', (moment) => end(room, process, 1, lines, moment));
    return;
  }
  switch (command.component) {
    case 'etcd':
      return startEtcd(room, process);
    case 'kube-apiserver':
      return startApiserver(room, process);
    case 'kube-controller-manager':
    case 'kube-scheduler':
      return startController(room, process);
    case 'haproxy':
      return later(room, process, doorMs, 'serves', () => {
        process.phase = 'serving';
      });
    case 'hollow-node':
      return startKubeletOf(room, process);
    case 'snapshot':
      return startSnapshot(room, process);
  }
}

export function askToEnd(room: Room, process: Process) {
  if (process.phase === 'ending' || process.phase === 'ended' || room.faults.frozen.has(process.member)) return;
  switch (process.command.component) {
    case 'etcd':
      return endEtcd(room, process);
    case 'kube-apiserver':
      return endApiserver(room, process);
    case 'kube-controller-manager':
    case 'kube-scheduler':
      return endController(room, process);
    case 'hollow-node':
      return endKubelet(room, process);
    default:
      process.phase = 'ending';
      later(room, process, 0, 'ends', (moment) => end(room, process, 143, [], moment));
  }
}

export function troubleWithFiles({ launch, command }: Pick<Process, 'launch' | 'command'>): readonly string[] | null {
  const pair = pairs[command.component];
  if (pair === undefined) return null;
  for (const end of ['crt', 'key'])
    if (fileOf(launch, `conf/${pair}.${end}`) === undefined)
      return [`Error: open conf/${pair}.${end}: no such file or directory`];
  const trouble = troubleWithPair(fileOf(launch, `conf/${pair}.crt`) ?? '', fileOf(launch, `conf/${pair}.key`) ?? '');
  return trouble === null ? null : [`Error: ${trouble}`];
}

/** Null once it listens; else what it says to that. */
async function listen(room: Room, process: Process): Promise<readonly string[] | null> {
  const address = addressOf(process.command, process.launch);
  if (address === null) return null;
  const { host, port } = address;
  try {
    process.listening = await listenAs(room, process, address);
    return null;
  } catch (error) {
    const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const why = inUse ? 'bind: address already in use' : String(error);
    return [`failed to create listener: failed to listen on ${host}:${port}: listen tcp ${host}:${port}: ${why}`];
  }
}

function listenAs(
  room: Room,
  process: Process,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const { launch, command, member } = process;
  const open = () => answersNow(room, process) && !room.faults.cutOff.has(member);
  if (command.component === 'haproxy') {
    const up = () => {
      room.clock.catchUp();
      return serversOf(room).filter(({ name }) => room.up.has(name));
    };
    return room.network.listenDoor({ host, port, open, up });
  }
  const pair = pairs[command.component] ?? '';
  const certificate = fileOf(launch, `conf/${pair}.crt`) ?? '';
  const clientAuthority = fileOf(launch, 'conf/ca.crt') ?? certificate;
  const common = { host, port, open, certificate, clientAuthority, key: fileOf(launch, `conf/${pair}.key`) ?? '' };
  return room.network.listenHttps({ ...common, serve: serveOf(room, process, certificate) });
}

function serveOf(room: Room, process: Process, certificate: string): ListenOptions['serve'] {
  if (process.command.component === 'etcd') return serveEtcd(room, process, new X509Certificate(certificate).raw);
  if (process.command.component !== 'kube-apiserver') return serveController(room, process);
  return serveApiserver(room, process, createTokens(fileOf(process.launch, 'conf/webhook.yaml'), room.clock.wallMs));
}

export function startTimeOf(member: string, pid: number): string {
  return createHash('sha256').update(`${member}/${pid}`).digest('hex').slice(0, 12);
}
