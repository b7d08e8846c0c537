/** The snapshot of etcd that is run beside a member: its script ends with a line about what it took. */
import { end, later, type Process, type Room } from './room.ts';

const takesMs = 700;
const objectBytes = 1_400;

export function startSnapshot(room: Room, process: Process): void {
  process.phase = 'serving';
  const [, file = 'etcd.db'] = process.command.words;
  later(room, process, takesMs, 'is taken', (moment) => {
    const { world } = room;
    if (!world.etcd.quorum) {
      end(room, process, 1, ['Error: context deadline exceeded'], moment);
      return;
    }
    const hash = Math.floor(room.random() * 2 ** 32).toString(16);
    const size = `${Math.ceil((world.objects.size * objectBytes) / 1_000)} kB`;
    const line = `snapshot taken: ${file} (${hash}, ${world.revision}, ${world.objects.size}, ${size})`;
    end(room, process, 0, [line], moment);
  });
}
