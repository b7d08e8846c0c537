/**
 * Runs in a network namespace: `ADDRESS PORT SOCKET [NAME=ADDRESS ...]`. What comes to the port goes on to the socket, which
 * is of no network. Prints a line when it listens, and then the names of those that it reaches whenever that has changed.
 */
import { connect, createServer } from 'node:net';

const [address, port, socket, ...peers] = process.argv.slice(2);
/** Relays tell each other here that they are there. */
const beatPort = 9_999;
const beatMs = 100;
/** So long without a word, and another is not reached. */
const patienceMs = 700;

const heardAt = new Map();
let told = null;

function tell() {
  const now = performance.now();
  const reached = [...heardAt].flatMap(([name, at]) => (now - at < patienceMs ? [name] : []));
  const line = reached.sort().join(' ');
  if (line === told) return;
  told = line;
  process.stdout.write(`${line}\n`);
}

/** Asks again and again on one connection; a new one when that does not answer any more. */
function beat(name, to) {
  const connection = connect({ host: to, port: beatPort });
  let heard = performance.now();
  const asking = setInterval(() => {
    if (performance.now() - heard > patienceMs) connection.destroy();
    else if (!connection.connecting) connection.write('?');
  }, beatMs);
  connection.on('data', () => {
    heard = performance.now();
    heardAt.set(name, heard);
  });
  connection.on('error', () => undefined);
  connection.on('close', () => {
    clearInterval(asking);
    setTimeout(() => beat(name, to), beatMs);
  });
}

createServer((caller) => {
  caller.on('error', () => undefined);
  caller.on('data', () => caller.write('!'));
}).listen(beatPort, address);

createServer((caller) => {
  const onward = connect(socket);
  for (const [one, other] of [
    [caller, onward],
    [onward, caller],
  ]) {
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}).listen(Number(port), address, () => {
  process.stdout.write('listens\n');
  for (const peer of peers) {
    const [name, to] = peer.split('=');
    beat(name, to);
  }
  if (peers.length > 0) setInterval(tell, beatMs / 2);
});
