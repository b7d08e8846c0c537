/** The secure port of a controller manager or a scheduler: health for everybody, figures for those who are known. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Process, Room } from '../processes/room.ts';
import { statusBody } from '../rest/status.ts';
import { shownBy } from './https.ts';

export function serveController(room: Room, process: Process) {
  return (incoming: IncomingMessage, response: ServerResponse) => {
    room.clock.catchUp();
    const path = (incoming.url ?? '/').split('?')[0];
    if (path === '/healthz' || path === '/livez' || path === '/readyz') return say(response, 200, 'ok');
    if (path !== '/metrics') return say(response, 404, '404 page not found\n');
    const shown = shownBy(incoming);
    const mayLook = shown?.groups.includes('system:masters') === true;
    if (!mayLook) {
      const message = `forbidden: User "${shown?.user ?? 'system:anonymous'}" cannot get path "${path}"`;
      return say(response, 403, JSON.stringify(statusBody(403, 'Forbidden', message, {})), 'application/json');
    }
    const { component } = process.command;
    const [major = '1', minor = ''] = process.version.split('.');
    const leads = room.leaders.get(component)?.member === process.member ? 1 : 0;
    say(
      response,
      200,
      [
        '# TYPE kubernetes_build_info gauge',
        `kubernetes_build_info{compiler="gc",git_version="v${process.version}",major="${major}",minor="${minor}",platform="linux/amd64"} 1`,
        '# TYPE leader_election_master_status gauge',
        `leader_election_master_status{name="${component}"} ${leads}`,
        '',
      ].join('\n'),
    );
  };
}

export function say(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
