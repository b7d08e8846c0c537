import { type DoorOptions, listenDoor } from './door.ts';
import { type Listening, type ListenOptions, listenHttps } from './https.ts';

/** Where processes listen. Both reject when the address is taken, with the code `EADDRINUSE`. */
export interface Network {
  listenHttps(options: ListenOptions): Promise<Listening>;
  listenDoor(options: DoorOptions): Promise<Listening>;
}

/** Real addresses: anybody on this machine can ask. */
export const sockets: Network = { listenHttps, listenDoor };
