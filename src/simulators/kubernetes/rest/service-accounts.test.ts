import { describe, expect, it } from 'vitest';
import { holderOf } from './index.ts';
import { issuer, startServer } from './testing.ts';

const accounts = '/api/v1/namespaces/default/serviceaccounts';
const user = 'system:serviceaccount:default:robot';

function withRobot() {
  const server = startServer();
  server.ask('POST', accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
  const issue = (spec: object = {}, name = 'robot') =>
    server.ask('POST', `${accounts}/${name}/token`, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec });
  const token = (spec: object = {}) => (issue(spec).body.status as { token: string }).token;
  const whose = (text: string, audiences: readonly string[] = []) => holderOf(server.world, server.apiserver, text, audiences);
  return { ...server, issue, token, whose };
}

describe('tokens of service accounts', () => {
  it('name their account and its groups for as long as was asked for, and no longer', () => {
    const { issue, whose, pass } = withRobot();
    const { status, body } = issue({ expirationSeconds: 600 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'TokenRequest', spec: { audiences: [issuer], expirationSeconds: 600 } });
    const { token, expirationTimestamp } = body.status as { token: string; expirationTimestamp: string };
    expect(expirationTimestamp).toBe('2026-01-01T00:10:01Z');
    expect(whose(token)).toEqual({
      user,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    });
    pass(599_000);
    expect(whose(token)?.user).toBe(user);
    pass(2_000);
    expect(whose(token)).toBeNull();
  });

  it('end with the account, also when another one has its name, and with what they are bound to', () => {
    const { ask, token, whose } = withRobot();
    const secrets = '/api/v1/namespaces/default/secrets';
    ask('POST', secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' } });
    const plain = token();
    const bound = token({ boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'key' } });
    expect([whose(plain)?.user, whose(bound)?.user]).toEqual([user, user]);
    ask('DELETE', `${secrets}/key`);
    expect([whose(plain)?.user, whose(bound)?.user]).toEqual([user, undefined]);
    ask('DELETE', `${accounts}/robot`);
    ask('POST', accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
    expect(whose(plain)).toBeNull();
    expect(whose(token())?.user).toBe(user);
  });

  it('are good for whom they were issued for, and reviewed so', () => {
    const { ask, token, whose } = withRobot();
    const forVault = token({ audiences: ['vault'] });
    expect(whose(forVault)).toBeNull();
    expect(whose(forVault, ['vault'])?.user).toBe(user);
    const review = (spec: object) => ask('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec }).body.status;
    expect(review({ token: forVault, audiences: ['vault'] })).toMatchObject({ authenticated: true, user: { username: user } });
    expect(review({ token: forVault })).toEqual({ user: {}, error: '[invalid bearer token]' });
  });

  it('are refused when anything of them was changed, or another cluster signed them', () => {
    const { token, whose } = withRobot();
    const [header, claims = '', signature] = token().split('.');
    const changed = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('robot', 'admin')).toString('base64url');
    expect(whose([header, changed, signature].join('.'))).toBeNull();
    expect(whose(withRobot().token())).toBeNull();
    for (const nothing of ['', '.', '..', 'a.b.c', 'k8s-aws-v1.aHR0cHM6Ly8']) expect(whose(nothing)).toBeNull();
  });

  it('are not issued for less than ten minutes, for no account, and bound to nothing that is not there or not its own', () => {
    const { ask, issue } = withRobot();
    const pod = { metadata: { name: 'solo' }, spec: { containers: [{ name: 'solo', image: 'solo' }] } };
    ask('POST', '/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'Pod', ...pod });
    expect(issue({ expirationSeconds: 599 }).status).toBe(422);
    expect(issue({}, 'nobody').status).toBe(404);
    expect(issue({ boundObjectRef: { kind: 'Pod', name: 'nothing' } }).status).toBe(404);
    expect(issue({ boundObjectRef: { kind: 'Pod', name: 'solo' } }).status).toBe(400);
    expect(issue({ boundObjectRef: { kind: 'Pod', name: 'solo' } }, 'default').status).toBe(201);
    expect(issue({ boundObjectRef: { kind: 'Lease', name: 'one' } }).status).toBe(400);
    expect(issue({ audiences: 'vault' }).status).toBe(400);
  });
});
