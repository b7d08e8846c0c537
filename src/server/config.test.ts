import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, type Flags, readConfig } from './config.ts';

function good(flags: Flags = {}, environment: Record<string, string> = {}, isRoot = false): Config {
  const result = readConfig(flags, { HOME: '/home/ada', ...environment }, isRoot);
  if (result.kind === 'invalid') throw new Error(result.errors.join('; '));
  return result.config;
}

function errors(flags: Flags, environment: Record<string, string> = {}): readonly string[] {
  const result = readConfig(flags, environment, false);
  return result.kind === 'invalid' ? result.errors : [];
}

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'clusterlift-config-')), 'clusterlift.yaml');
  writeFileSync(path, text);
  return path;
}

describe('the configuration', () => {
  it('needs nothing: loopback, the embedded database, folders of the account', () => {
    expect(good({}, { XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' })).toMatchObject({
      listen: { address: '127.0.0.1', port: 7171 },
      stateDir: '/s/clusterlift',
      cacheDir: '/c/clusterlift',
      databaseUrl: null,
      trials: true,
      hosts: { local: { kind: 'process' } },
      firstKey: null,
    });
    expect(good({}, {}, true)).toMatchObject({ stateDir: '/var/lib/clusterlift', cacheDir: '/var/cache/clusterlift' });
  });

  it('leaves host local out where that is asked for, and keeps the others', () => {
    expect(Object.keys(good({ config: file('localHost: false\n') }).hosts)).toEqual([]);
    const lab = 'hosts:\n  lab: {kind: simulated, url: http://127.0.0.1:1}\n';
    expect(Object.keys(good({ config: file(`localHost: false\n${lab}`) }).hosts)).toEqual(['lab']);
    expect(Object.keys(good({ config: file(`localHost: true\n${lab}`) }).hosts)).toEqual(['local', 'lab']);
  });

  it('downloads nothing that is built on this machine otherwise, unless that is asked for', () => {
    expect(good().downloads).toBe(false);
    expect(good({ config: file('downloads: true\n') }).downloads).toBe(true);
    expect(good({}, { CLUSTERLIFT_DOWNLOADS: '1' }).downloads).toBe(true);
    expect(good({ config: file('downloads: true\n') }, { CLUSTERLIFT_DOWNLOADS: '0' }).downloads).toBe(false);
  });

  it('takes days for what is kept of what is over, each key by itself', () => {
    const dayMs = 24 * 60 * 60_000;
    const usual = {
      ...{ upgradesPerCluster: 100, upgradesKeptMs: 30 * dayMs, eventsPerUpgrade: 5_000, eventsKeptMs: 30 * dayMs },
      auditKeptMs: 90 * dayMs,
    };
    expect(good().retention).toEqual(usual);
    const some = file('retention: {upgradesDays: 7, eventsPerUpgrade: 200}\n');
    expect(good({ config: some }).retention).toEqual({ ...usual, upgradesKeptMs: 7 * dayMs, eventsPerUpgrade: 200 });
    const all = file(
      'retention: {upgradesPerCluster: 20, upgradesDays: 1, eventsPerUpgrade: 100, eventsDays: 2, auditDays: 3}\n',
    );
    expect(good({ config: all }).retention).toEqual({
      upgradesPerCluster: 20,
      upgradesKeptMs: dayMs,
      eventsPerUpgrade: 100,
      eventsKeptMs: 2 * dayMs,
      auditKeptMs: 3 * dayMs,
    });
    // The newest stay: estimates and the next generation are made from them.
    expect(errors({ config: file('retention: {upgradesPerCluster: 1}\n') }).join()).toContain('retention.upgradesPerCluster');
  });

  it('takes flags before the environment, the environment before the file', () => {
    const config = file('listen: 127.0.0.1:1\nstateDir: /from-file\nregion: file-region\n');
    const environment = { CLUSTERLIFT_LISTEN: '127.0.0.1:2', CLUSTERLIFT_STATE_DIR: '/from-env', DATABASE_URL: 'postgres://x/y' };
    expect(good({ config })).toMatchObject({ listen: { port: 1 }, stateDir: '/from-file', region: 'file-region' });
    expect(good({ config }, environment)).toMatchObject({
      listen: { port: 2 },
      stateDir: '/from-env',
      databaseUrl: 'postgres://x/y',
    });
    expect(good({ config, listen: '[::1]:3', stateDir: '/flag' }, environment)).toMatchObject({
      listen: { address: '::1', port: 3 },
      stateDir: '/flag',
    });
  });

  it.each([
    ['an unknown key', 'listem: 127.0.0.1:1\n', 'listem'],
    ['a wrong type', 'upgradesAtOnce: many\n', 'upgradesAtOnce'],
    ['a nested key', 'tls:\n  certFile: a\n', 'tls'],
    ['an unknown kind of host', 'hosts:\n  far: {kind: rocket}\n', 'hosts.far'],
    ['broken YAML', 'listen: [\n', 'clusterlift.yaml'],
    ['a log level that is none', 'logLevel: loud\n', 'logLevel'],
  ])('names %s', (_, text, key) => {
    const found = errors({ config: file(text) });
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(key);
  });

  it('names a file that is not there, and an address that is none', () => {
    expect(errors({ config: '/no/such/file.yaml' }).join()).toContain('/no/such/file.yaml');
    for (const listen of ['here', '127.0.0.1', '127.0.0.1:70000', ':x']) expect(errors({ listen }).join()).toContain(listen);
  });

  it('speaks TLS besides where nobody chose another address, and wherever it is asked to', () => {
    const usual = { address: '127.0.0.1', port: 7172 };
    expect(good()).toMatchObject({ listenTls: usual, tls: null });
    expect(good({ listen: '127.0.0.1:1' }).listenTls).toBeNull();
    expect(good({}, { CLUSTERLIFT_LISTEN: '127.0.0.1:1' }).listenTls).toBeNull();
    expect(good({ listenTls: 'off' }).listenTls).toBeNull();
    const config = file('listen: 127.0.0.1:1\nlistenTls: 127.0.0.1:2\n');
    expect(good({ config }).listenTls).toMatchObject({ port: 2 });
    expect(good({ config }, { CLUSTERLIFT_LISTEN_TLS: '[::1]:3' }).listenTls).toEqual({ address: '::1', port: 3 });
    expect(good({ config, listenTls: '0.0.0.0:4' }, { CLUSTERLIFT_LISTEN_TLS: 'off' }).listenTls).toMatchObject({ port: 4 });
  });

  it('speaks TLS where it listens when it was given files alone, as it always has', () => {
    const files = 'tls: {certFile: a, keyFile: b}\n';
    expect(good({ config: file(files) })).toMatchObject({ listenTls: null, tls: { certFile: 'a', keyFile: 'b' } });
    expect(good({ config: file(`listenTls: 127.0.0.1:2\n${files}`) })).toMatchObject({ listenTls: { port: 2 } });
  });

  it('names a TLS address that is none, or that is taken by the other listener', () => {
    for (const listenTls of ['on', '', '127.0.0.1:99999']) expect(errors({ listenTls }).join()).toContain('listenTls');
    expect(errors({ listen: '127.0.0.1:5', listenTls: '127.0.0.1:5' }).join()).toContain('listenTls: 127.0.0.1:5');
  });

  it('takes the first access key whole or not at all', () => {
    const id = 'LTAI0123456789';
    const secret = 'sixteen-characters-at-least';
    expect(good({}, { CLUSTERLIFT_ACCESS_KEY_ID: id, CLUSTERLIFT_SECRET_ACCESS_KEY: secret }).firstKey).toEqual({ id, secret });
    expect(errors({}, { CLUSTERLIFT_ACCESS_KEY_ID: id }).join()).toContain('belong together');
    expect(errors({}, { CLUSTERLIFT_ACCESS_KEY_ID: 'a b', CLUSTERLIFT_SECRET_ACCESS_KEY: secret }).join()).toContain('8 to 128');
    const short = errors({}, { CLUSTERLIFT_ACCESS_KEY_ID: id, CLUSTERLIFT_SECRET_ACCESS_KEY: 'short-one' }).join();
    expect(short).toContain('16 characters');
    expect(short).not.toContain('short-one');
  });
});
