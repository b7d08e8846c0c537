import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { type Retention, usualRetention } from '../domain/index.ts';

/** The key under which a server that simulates has its own simulated host. */
export const simulatedHostKey = 'simulated';

const HostConfig = Type.Union([
  Type.Object({ kind: Type.Literal('process') }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('simulated'), url: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
]);

/** The config file, YAML or JSON. Every key may be left out. */
const ConfigFile = Type.Object(
  {
    listen: Type.Optional(Type.String({ description: 'Address and port, 127.0.0.1:7171' })),
    listenTls: Type.Optional(
      Type.String({ description: 'Address and port of a TLS listener beside it, 127.0.0.1:7172, or off' }),
    ),
    stateDir: Type.Optional(Type.String({ minLength: 1 })),
    cacheDir: Type.Optional(Type.String({ minLength: 1 })),
    databaseUrl: Type.Optional(Type.String({ minLength: 1 })),
    secretKeyFile: Type.Optional(
      Type.String({ minLength: 1, description: 'The key that seals secrets in the database: one file for all servers on it' }),
    ),
    region: Type.Optional(Type.String({ minLength: 1 })),
    account: Type.Optional(Type.String({ pattern: '^[0-9]{12,16}$' })),
    javaHomes: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    trials: Type.Optional(Type.Boolean({ description: 'False switches trial starts off' })),
    upgradesAtOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    retention: Type.Optional(
      Type.Object(
        {
          upgradesPerCluster: Type.Optional(
            Type.Integer({ minimum: 20, maximum: 10_000, description: 'Newest upgrades of a cluster that stay, however old' }),
          ),
          upgradesDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650, description: 'After which the others go' })),
          eventsPerUpgrade: Type.Optional(
            Type.Integer({ minimum: 100, maximum: 1_000_000, description: 'Newest events that an upgrade keeps' }),
          ),
          eventsDays: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 3_650, description: 'After which an upgrade that is over keeps its last ones' }),
          ),
          auditDays: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 3_650, description: 'After which entries of the audit trail go' }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    logLevel: Type.Optional(Type.Union(['debug', 'info', 'warn', 'error'].map((level) => Type.Literal(level)))),
    tls: Type.Optional(
      Type.Object(
        { certFile: Type.String({ minLength: 1 }), keyFile: Type.String({ minLength: 1 }) },
        { additionalProperties: false },
      ),
    ),
    localHost: Type.Optional(Type.Boolean({ description: 'False: no host local, so that other servers may share the database' })),
    simulate: Type.Optional(
      Type.Boolean({ description: 'True: clusters are made on a simulated host; nothing real is started' }),
    ),
    downloads: Type.Optional(
      Type.Boolean({ description: 'True: official archives are downloaded where `npm run components` has built nothing' }),
    ),
    hosts: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9._-]+$' }), HostConfig)),
    artefactMirror: Type.Optional(
      Type.String({
        pattern: '^https?://.*[{]version[}]',
        description: 'http://mirror/{artifact}-{version}.zip, asked before Maven',
      }),
    ),
    elasticsearchCatalog: Type.Optional(Type.String({ minLength: 1, description: 'A catalog file instead of ours' })),
    kubernetesCatalog: Type.Optional(Type.String({ minLength: 1, description: 'A catalog file instead of ours' })),
  },
  { additionalProperties: false },
);
type ConfigFile = Static<typeof ConfigFile>;
const compiled = Compile(ConfigFile);

export interface Config {
  readonly listen: { readonly address: string; readonly port: number };
  /** A TLS listener beside the plain one; null: none. */
  readonly listenTls: { readonly address: string; readonly port: number } | null;
  readonly stateDir: string;
  readonly cacheDir: string;
  /** Null: the embedded server. */
  readonly databaseUrl: string | null;
  /** Seals the secrets in the database; servers that share a database share it. */
  readonly secretKeyFile: string;
  readonly region: string;
  readonly account: string;
  readonly javaHomes: readonly string[];
  readonly trials: boolean;
  readonly upgradesAtOnce: number;
  readonly retention: Retention;
  readonly logLevel: string;
  /** Shown by the TLS listener; without one, `listen` itself speaks TLS with them. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly hosts: Readonly<Record<string, Static<typeof HostConfig>>>;
  /** Clusters are made on a simulated host of the server's own. */
  readonly simulate: boolean;
  /** Official archives are downloaded of what is not built on this machine. */
  readonly downloads: boolean;
  readonly elasticsearchCatalog: string | null;
  readonly kubernetesCatalog: string | null;
  /** Where artefacts are looked for first; null: as the catalog says. */
  readonly artefactMirror: string | null;
  /** From the environment: never in a file that is shown around. */
  readonly firstKey: { readonly id: string; readonly secret: string } | null;
}

/** What was given on the command line. */
export interface Flags {
  readonly listen?: string;
  readonly listenTls?: string;
  readonly stateDir?: string;
  readonly config?: string;
  readonly simulate?: boolean;
}

export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** Flags come before the environment, the environment before the file, the file before what is usual. */
export function readConfig(flags: Flags, environment: Environment, isRoot: boolean): ConfigResult {
  const read = flags.config === undefined ? { kind: 'file' as const, file: {} } : readFile(flags.config);
  if (read.kind === 'invalid') return read;
  const { file } = read;
  const listenText = flags.listen ?? environment.CLUSTERLIFT_LISTEN ?? file.listen ?? '127.0.0.1:7171';
  const listen = parseListen(listenText);
  const listenTlsText = listenTlsOf(flags, environment, file);
  const listenTls = listenTlsText === 'off' ? null : parseListen(listenTlsText);
  const firstKey = firstKeyOf(environment);
  const simulate = flags.simulate ?? (isOn(environment.CLUSTERLIFT_SIMULATE) || file.simulate === true);
  const errors = [
    ...(listen === null ? [`listen: "${listenText}" is not an address and a port, such as 127.0.0.1:7171.`] : []),
    ...(listenTls === null && listenTlsText !== 'off'
      ? [`listenTls: "${listenTlsText}" is not an address and a port, such as 127.0.0.1:7172, nor off.`]
      : []),
    ...(listen !== null && listen.port !== 0 && listenTls?.port === listen.port && listenTls.address === listen.address
      ? [`listenTls: ${listenTlsText} is where the server listens without TLS.`]
      : []),
    ...(typeof firstKey === 'string' ? [firstKey] : []),
    ...(simulate && file.hosts?.[simulatedHostKey] !== undefined
      ? [`hosts.${simulatedHostKey}: with simulate, that is the server's own simulated host. Give yours another name.`]
      : []),
  ];
  if (errors.length > 0 || listen === null || typeof firstKey === 'string') return { kind: 'invalid', errors };
  const stateDir = flags.stateDir ?? environment.CLUSTERLIFT_STATE_DIR ?? file.stateDir ?? usualStateDir(environment, isRoot);
  const cacheDir = environment.CLUSTERLIFT_CACHE_DIR ?? file.cacheDir ?? usualCacheDir(environment, isRoot);
  return {
    kind: 'config',
    config: {
      listen,
      listenTls,
      stateDir: resolve(stateDir),
      cacheDir: resolve(cacheDir),
      databaseUrl: environment.DATABASE_URL || file.databaseUrl || null,
      secretKeyFile: resolve(environment.CLUSTERLIFT_SECRET_KEY_FILE || file.secretKeyFile || join(stateDir, 'secret.key')),
      region: file.region ?? 'local',
      account: file.account ?? '100000000000',
      javaHomes: file.javaHomes ?? [],
      trials: file.trials ?? true,
      upgradesAtOnce: file.upgradesAtOnce ?? 200,
      retention: retentionOf(file.retention ?? {}),
      logLevel: String(file.logLevel ?? 'info'),
      tls: file.tls ?? null,
      hosts: { ...(file.localHost === false ? {} : { local: { kind: 'process' } as const }), ...file.hosts },
      simulate,
      downloads:
        environment.CLUSTERLIFT_DOWNLOADS === undefined ? file.downloads === true : isOn(environment.CLUSTERLIFT_DOWNLOADS),
      elasticsearchCatalog: file.elasticsearchCatalog ?? null,
      kubernetesCatalog: file.kubernetesCatalog ?? null,
      artefactMirror: file.artefactMirror ?? null,
      firstKey,
    },
  };
}

function isOn(text = ''): boolean {
  return !['', '0', 'false', 'off'].includes(text.toLowerCase());
}

const dayMs = 24 * 60 * 60_000;

function retentionOf({
  upgradesPerCluster,
  upgradesDays,
  eventsPerUpgrade,
  eventsDays,
  auditDays,
}: NonNullable<ConfigFile['retention']>): Retention {
  return {
    upgradesPerCluster: upgradesPerCluster ?? usualRetention.upgradesPerCluster,
    upgradesKeptMs: upgradesDays === undefined ? usualRetention.upgradesKeptMs : upgradesDays * dayMs,
    eventsPerUpgrade: eventsPerUpgrade ?? usualRetention.eventsPerUpgrade,
    eventsKeptMs: eventsDays === undefined ? usualRetention.eventsKeptMs : eventsDays * dayMs,
    auditKeptMs: auditDays === undefined ? usualRetention.auditKeptMs : auditDays * dayMs,
  };
}

/** Whoever chose where the server listens chooses its other listener too: two servers do not meet on a port that nobody named. */
function listenTlsOf(flags: Flags, environment: Environment, file: ConfigFile): string {
  const given = flags.listenTls ?? environment.CLUSTERLIFT_LISTEN_TLS ?? file.listenTls;
  if (given !== undefined) return given;
  const chosen = flags.listen ?? environment.CLUSTERLIFT_LISTEN ?? file.listen;
  return chosen === undefined && file.tls === undefined ? '127.0.0.1:7172' : 'off';
}

function readFile(
  path: string,
): { readonly kind: 'file'; readonly file: ConfigFile } | { readonly kind: 'invalid'; readonly errors: readonly string[] } {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    return { kind: 'invalid', errors: [`${path}: ${error instanceof Error ? error.message : String(error)}`] };
  }
  if (compiled.Check(value)) return { kind: 'file', file: value };
  const errors = [...compiled.Errors(value)].map((error) => `${path}: ${keyOf(error)}: ${error.message}`);
  return { kind: 'invalid', errors: [...new Set(errors)] };
}

/** `/tls/certFile` is `tls.certFile` to people; a key that does not belong is named itself. */
function keyOf(error: { readonly instancePath: string; readonly params?: unknown }): string {
  const path = error.instancePath.split('/').filter(Boolean);
  const extra = (error.params as { additionalProperties?: readonly string[] } | undefined)?.additionalProperties ?? [];
  return [...path, ...extra.slice(0, 1)].join('.') || 'the file';
}

function parseListen(text: string): Config['listen'] | null {
  const found = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (found === null || port > 65_535) return null;
  return { address: found[1] || found[2] || '0.0.0.0', port };
}

function firstKeyOf(environment: Environment): Config['firstKey'] | string {
  const id = environment.CLUSTERLIFT_ACCESS_KEY_ID ?? '';
  const secret = environment.CLUSTERLIFT_SECRET_ACCESS_KEY ?? '';
  if (id === '' && secret === '') return null;
  if (id === '' || secret === '')
    return 'CLUSTERLIFT_ACCESS_KEY_ID and CLUSTERLIFT_SECRET_ACCESS_KEY belong together: set both, or neither.';
  if (!/^[\w.-]{8,128}$/.test(id))
    return 'CLUSTERLIFT_ACCESS_KEY_ID must be 8 to 128 letters, digits, dots, dashes or underscores.';
  if (secret.length < 16) return 'CLUSTERLIFT_SECRET_ACCESS_KEY must have at least 16 characters.';
  return { id, secret };
}

function usualStateDir(environment: Environment, isRoot: boolean): string {
  if (isRoot) return '/var/lib/clusterlift';
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'clusterlift');
}

function usualCacheDir(environment: Environment, isRoot: boolean): string {
  if (isRoot) return '/var/cache/clusterlift';
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'clusterlift');
}
