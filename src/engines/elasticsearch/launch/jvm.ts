import { type ElasticsearchBuild, majorOf, type Release } from '../../../domain/index.ts';

/** Up to this heap a node is small: one collector thread and the quick compiler start it in less processor time. */
const smallHeapMb = 512;

/** What the JVM of a member is told beyond what every member is. */
export interface JvmChoice {
  readonly heapMb: number;
  readonly build: ElasticsearchBuild | undefined;
  readonly enforceBootstrapChecks: boolean;
  /** Of the node itself: they come last, so that they win. */
  readonly jvmOptions: readonly string[];
}

const collector = /^-XX:\+Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC$/;

/** Two collectors chosen at once are refused: an owner's own choice leaves ours out. */
function heapFlags({ heapMb, jvmOptions, build }: JvmChoice): readonly string[] {
  const chosen = [...jvmOptions, ...(build?.jvmOptions ?? [])].some((one) => collector.test(one));
  const small = heapMb <= smallHeapMb ? [...(chosen ? [] : ['-XX:+UseSerialGC']), '-XX:TieredStopAtLevel=1'] : [];
  return [`-Xms${heapMb}m`, `-Xmx${heapMb}m`, ...small];
}

function lastFlags({ build, enforceBootstrapChecks, jvmOptions }: JvmChoice): readonly string[] {
  return [...(enforceBootstrapChecks ? ['-Des.enforce.bootstrap.checks=true'] : []), ...(build?.jvmOptions ?? []), ...jvmOptions];
}

/** What every member of 5, 6 and 7 is told, whatever it is. */
export const fixedFlags: readonly string[] = [
  '-Xss1m',
  '-Djava.awt.headless=true',
  '-Dfile.encoding=UTF-8',
  '-Djna.nosys=true',
  '-XX:-OmitStackTraceInFastThrow',
  '-Dio.netty.noUnsafe=true',
  '-Dio.netty.noKeySetOptimization=true',
  '-Dio.netty.recycler.maxCapacityPerThread=0',
  '-Dlog4j.shutdownHookEnabled=false',
  '-Dlog4j2.disable.jmx=true',
  '-Dlog4j2.formatMsgNoLookups=true',
];

/**
 * The command for 5, 6 and 7: the server's own JVM without its shell script, whose jvm.options name flags that newer
 * Java no longer knows. `-Dlog4j2.disable.jmx=true` is what 5.5 cannot start on 17 without.
 */
export function directCommand(release: Release, choice: JvmChoice): readonly string[] {
  const major = majorOf(release.version);
  return [
    '${java}/bin/java',
    ...heapFlags(choice),
    ...fixedFlags,
    '-Djava.io.tmpdir=${tmp}',
    '-Des.path.home=${home}',
    ...(major === 5 ? ['-Djdk.io.permissionsUseCanonicalPath=true', '-Dlog4j.skipJansi=true'] : pathFlags(major)),
    ...(major === 7 ? sevenFlags : []),
    ...lastFlags(choice),
    '${archive}',
    '-cp',
    '${home}/lib/*',
    'org.elasticsearch.bootstrap.Elasticsearch',
    ...(major === 5 ? ['-Epath.conf=${conf}'] : []),
  ];
}

function pathFlags(major: number): readonly string[] {
  const flavor = major === 7 ? 'default' : 'oss';
  return ['-Des.path.conf=${conf}', `-Des.distribution.flavor=${flavor}`, '-Des.distribution.type=zip', '-Des.bundled_jdk=false'];
}

const sevenFlags = [
  '-Dio.netty.allocator.numDirectArenas=0',
  '-Des.networkaddress.cache.ttl=60',
  '-Des.networkaddress.cache.negative.ttl=10',
  '--add-opens=java.base/java.io=ALL-UNNAMED',
  '-Djava.locale.providers=SPI,COMPAT',
];

/**
 * For 8 and 9, whose own launcher reads it from `jvm.options.d`, after a file of theirs that chooses G1: it has to be taken
 * back where another is chosen.
 */
export function jvmOptionsFile(choice: JvmChoice): string {
  const flags = [...heapFlags(choice), ...lastFlags(choice)];
  return `${[...withoutG1(flags), ...flags].join('\n')}\n`;
}

/**
 * The same where `jvm.options` is the owner's: nothing is written beside it. The collector is chosen there. The launcher
 * splits this at blanks.
 */
export function jvmOptionsVariable(choice: JvmChoice): string {
  const flags = [`-Xms${choice.heapMb}m`, `-Xmx${choice.heapMb}m`, ...lastFlags(choice)].filter((one) => !/\s/.test(one));
  return [...withoutG1(flags), ...flags].join(' ');
}

function withoutG1(flags: readonly string[]): readonly string[] {
  const chosen = flags.filter((one) => collector.test(one));
  return chosen.length > 0 && !chosen.includes('-XX:+UseG1GC') ? ['-XX:-UseG1GC'] : [];
}
