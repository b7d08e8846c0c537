import { addressInUrl } from '../../../domain/index.ts';
import { membersOf, ownersFlags, type Parts, type Place } from './place.ts';

/**
 * The balancer passes connections on as they are and asks each apiserver whether it is ready. Every place for an apiserver
 * is in its configuration from the first day, the one that runs only meanwhile too: it is never loaded anew. A connection
 * to an apiserver that goes away is left to it to end.
 */
export function frontDoorParts(place: Place): Parts {
  const { cluster, member, purpose } = place;
  const trial = purpose.kind === 'trial';
  const address = trial ? `127.0.0.1:${purpose.ports[1]}` : `${addressInUrl(member.address)}:${member.port}`;
  const ready = trial ? purpose.ports[0] : null;
  const servers = membersOf(cluster, 'kube-apiserver').map(
    ({ name, address: to, port }) => `  server ${name} ${addressInUrl(to)}:${port} check`,
  );
  return {
    // By its name alone: a host looks for it where systems keep such programs, and says what to install where there is none.
    command: ['haproxy', '-db', '-f', '${conf}/haproxy.cfg', ...ownersFlags(place)],
    files: [{ path: 'conf/haproxy.cfg', text: configuration(address, ready === undefined ? null : ready, servers) }],
    readyUrl: trial ? `http://127.0.0.1:${ready}/` : `https://${address}/readyz`,
  };
}

function configuration(address: string, readyPort: number | null, servers: readonly string[]): string {
  return [
    'global',
    '  log stdout format raw local0 notice',
    'defaults',
    '  mode tcp',
    '  log global',
    '  timeout connect 2s',
    // Watches are quiet for long.
    '  timeout client 1h',
    '  timeout server 1h',
    '  retries 3',
    '  option redispatch',
    'frontend apiservers',
    `  bind ${address}`,
    '  default_backend apiservers',
    'backend apiservers',
    '  balance roundrobin',
    '  option httpchk GET /readyz',
    '  default-server check-ssl verify none inter 500ms fall 2 rise 1',
    ...servers,
    ...(readyPort === null
      ? []
      : ['frontend trial', '  mode http', `  bind 127.0.0.1:${readyPort}`, '  http-request return status 200']),
    '',
  ].join('\n');
}
