import { fixedFlags } from './jvm.ts';

/** Said elsewhere, or true only of the process that has it: heap, folders, class path, and what a launcher adds by itself. */
const ofTheProcess = [
  /^-X(ms|mx)/i,
  /^-XX:(InitialHeapSize|MaxHeapSize)=/,
  /^-Des\.(path|distribution|java|bundled_jdk|cli|entitlements|nativelibs)\b/,
  /^-D(java\.io\.tmpdir|java\.library\.path|java\.class\.path|jna\.tmpdir|jna\.library\.path|jdk\.module\.main|cli\.\w+)\b/,
  /^(-cp|-classpath|--class-path)$|^--class-path=/,
  /^-Xshare:|^-XX:([+-]AutoCreateSharedArchive|SharedArchiveFile=|ArchiveClassesAtExit=|[+-]UseSharedSpaces)/,
  /^--(module-path|add-modules|patch-module|enable-native-access|upgrade-module-path)\b/,
  /=org\.elasticsearch/,
];

/** What Java 17 and later refuse to start with, that the Java of an older node took. */
const unknownToJava = [
  /^-XX:[+-]?(CMS|UseCMS|UseConcMarkSweepGC|UseParNewGC|UseParallelOldGC|ParallelCMSThreads|ExplicitGCInvokesConcurrentAndUnloads)/,
  /^-XX:[+-]?(PrintGC|PrintTenuringDistribution|PrintHeapAtGC|PrintAdaptiveSizePolicy|PrintReferenceGC|PrintPromotionFailure)/,
  /^-XX:[+-]?(UseGCLogFileRotation|NumberOfGCLogFiles|GCLogFileSize|PrintJNIGCStalls|G1PrintHeapRegions|G1PrintRegion)/,
  /^-XX:[+-]?(PermSize|MaxPermSize|AggressiveOpts|UseBiasedLocking|BiasedLocking|UseAppCDS|UseMembar|MonitorBound)/,
  /^-XX:[+-]?(UnlockCommercialFeatures|FlightRecorder\b|UseCGroupMemoryLimitForHeap|UseStringCache|UseFastAccessorMethods)/,
  /^-XX:[+-]?(TraceClass|TraceLoaderConstraints|CheckEndorsedAndExtDirs|FailOverToOldVerifier|FastTLABRefill)/,
  /^-(Xincgc|d64|d32|Xoss)/,
  /^-Djava\.(endorsed|ext)\.dirs=/,
  /^--illegal-access/,
];

/** Two processes cannot both have it, or somebody is called: ports, agents, files that the node itself is writing. */
const notInTrials = [
  /^-Dcom\.sun\.management\./,
  /^-(javaagent|agentlib|agentpath|Xrunjdwp|Xdebug)/,
  /^-Xlog/,
  /^-XX:(StartFlightRecording|FlightRecorderOptions|HeapDumpPath|ErrorFile|LogFile|OnOutOfMemoryError|OnError)\b/,
];

/** The JVM options of a node that runs which are as true of it at another release. */
export function carriedOptions(jvmInputArguments: readonly string[]): readonly string[] {
  const dropped = [...ofTheProcess, ...unknownToJava];
  const kept = jvmInputArguments.filter(
    (one, index) =>
      // `-cp` has its value in the next word. What holds blanks cannot be handed to the launcher of 8 and later.
      /^-\S+$/.test(one) && !/^(-cp|-classpath)$/.test(jvmInputArguments[index - 1] ?? '') && !isAnyOf(dropped, one),
  );
  return [...new Set(kept.filter((one) => !fixedFlags.includes(one)))];
}

export function trialOptions(jvmOptions: readonly string[]): readonly string[] {
  return jvmOptions.filter((one) => !isAnyOf(notInTrials, one));
}

function isAnyOf(patterns: readonly RegExp[], option: string): boolean {
  return patterns.some((pattern) => pattern.test(option));
}
