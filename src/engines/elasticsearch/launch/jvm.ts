import { type Build, majorOf, type Release } from '../../../domain/index.ts';

/** Up to this heap a node is small: one collector thread and the quick compiler start it in less processor time. */
const smallHeapMb = 512;

export function heapFlags(heapMb: number): readonly string[] {
  const small = heapMb <= smallHeapMb ? ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] : [];
  return [`-Xms${heapMb}m`, `-Xmx${heapMb}m`, ...small];
}

/**
 * The command for 5, 6 and 7: the server's own JVM without its shell script, whose jvm.options name flags that newer
 * Java no longer knows. `-Dlog4j2.disable.jmx=true` is what 5.5 cannot start on 17 without.
 */
export function directCommand(
  release: Release,
  heapMb: number,
  build: Build | undefined,
  enforceBootstrapChecks: boolean,
): readonly string[] {
  const major = majorOf(release.version);
  return [
    '${java}/bin/java',
    ...heapFlags(heapMb),
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
    '-Djava.io.tmpdir=${tmp}',
    '-Des.path.home=${home}',
    ...(major === 5 ? ['-Djdk.io.permissionsUseCanonicalPath=true', '-Dlog4j.skipJansi=true'] : pathFlags(major)),
    ...(major === 7 ? sevenFlags : []),
    ...(enforceBootstrapChecks ? ['-Des.enforce.bootstrap.checks=true'] : []),
    ...(build?.jvmOptions ?? []),
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
 * For 8 and 9, whose own launcher reads it from `jvm.options.d`, after a file of theirs that chooses a collector: two
 * chosen at once are refused.
 */
export function jvmOptionsFile(heapMb: number, build: Build | undefined, enforceBootstrapChecks: boolean): string {
  const theirs = heapMb <= smallHeapMb ? ['-XX:-UseG1GC'] : [];
  const checks = enforceBootstrapChecks ? ['-Des.enforce.bootstrap.checks=true'] : [];
  return `${[...theirs, ...heapFlags(heapMb), ...checks, ...(build?.jvmOptions ?? [])].join('\n')}\n`;
}
