/** What programs refuse at their start, in their own words. */
import { type Command, minorOf } from './command.ts';

/** Gates that a minor no longer knows and the one before it did. */
const removedGates: Readonly<Record<number, string>> = {
  35: `AllowServiceLBStatusOnNonLB CronJobsScheduledAnnotation LoadBalancerIPMode PodIndexLabel ProbeHostPodSecurityStandards
    SizeMemoryBackedVolumes StatefulSetAutoDeletePVC StrictCostEnforcementForVAP StrictCostEnforcementForWebhooks
    UserNamespacesPodSecurityStandards`,
  36: `CSIMigrationPortworx HonorPVReclaimPolicy InPlacePodVerticalScalingAllocatedStatus InTreePluginPortworxUnregister
    MemoryManager ServiceTrafficDistribution StructuredAuthorizationConfiguration TopologyAwareHints
    WatchFromStorageWithoutResourceVersion`,
  37: `APIServerTracing AnonymousAuthConfigurableEndpoints AnyVolumeDataSource AuthorizeNodeWithSelectors AuthorizeWithSelectors
    BtreeWatchCache ConsistentListFromCache GangScheduling JobBackoffLimitPerIndex JobPodReplacementPolicy JobSuccessPolicy
    LogarithmicScaleDown OrderedNamespaceDeletion PodLifecycleSleepAction PodLifecycleSleepActionAllowZero
    PreventStaticPodAPIReferences RelaxedDNSSearchValidation ResilientWatchCacheInitialization RetryGenerateName
    SchedulerQueueingHints SidecarContainers StreamingCollectionEncodingToJSON StreamingCollectionEncodingToProtobuf
    StructuredAuthenticationConfiguration WorkloadAwarePreemption`,
};

/** Flags that no minor knows from one on. Between 1.35 and 1.37 the programs themselves were asked; the rest is from their change logs. */
const removedFlags: readonly { readonly of: Command['component']; readonly flag: string; readonly from: number }[] = [
  { of: 'kube-apiserver', flag: 'insecure-port', from: 24 },
  { of: 'kube-controller-manager', flag: 'port', from: 24 },
  { of: 'kube-scheduler', flag: 'port', from: 24 },
  { of: 'kube-controller-manager', flag: 'pod-eviction-timeout', from: 27 },
  { of: 'kube-controller-manager', flag: 'enable-taint-manager', from: 27 },
  { of: 'kube-apiserver', flag: 'cloud-provider', from: 33 },
  { of: 'kube-apiserver', flag: 'cloud-config', from: 33 },
  { of: 'kube-controller-manager', flag: 'concurrent-service-syncs', from: 37 },
];
/** What nobody ever had: a stand-in for every flag that is misspelt. */
const neverKnown = /^(no-such|unknown|bogus|not-a)-/;

const lockedGates: readonly { readonly gate: string; readonly from: number; readonly to: string }[] = [
  { gate: 'PodObservedGenerationTracking', from: 35, to: 'true' },
];

/** How many minors back an apiserver can behave as. */
const emulationWindow = 3;

/** Lines of the program before it ended with 1; null: it goes on. */
export function refusalOf(command: Command, version: string): readonly string[] | null {
  const { component, flags } = command;
  if (!component.startsWith('kube-') && component !== 'hollow-node') return null;
  const minor = minorOf(version);
  for (const flag of flags.keys()) {
    const removed = removedFlags.some((one) => one.of === component && one.flag === flag && minor >= one.from);
    if (removed || neverKnown.test(flag)) return [`Error: unknown flag: --${flag}`];
  }
  return refusedGate(flags.get('feature-gates') ?? '', minor) ?? refusedEmulation(command, version);
}

function refusedGate(text: string, minor: number): readonly string[] | null {
  for (const [gate = '', value] of text.split(',').map((pair) => pair.trim().split('='))) {
    if (gate === '') continue;
    const gone = Object.entries(removedGates).some(([from, names]) => minor >= Number(from) && names.split(/\s+/).includes(gate));
    if (gone || neverKnownGate.test(gate)) return [said(`unrecognized feature gate: ${gate}`)];
    const locked = lockedGates.find((one) => one.gate === gate && minor >= one.from && value !== one.to);
    if (locked !== undefined) return [said(`cannot set feature gate ${gate} to ${value}, feature is locked to ${locked.to}`)];
  }
  return null;
}

const neverKnownGate = /^(NoSuch|Unknown|Bogus)/;

function said(what: string): string {
  return `Error: invalid argument for "--feature-gates" flag: ${what}`;
}

/** `1.36` is what 1.37.2 may behave as, and so on for three minors. */
function refusedEmulation({ component, flags }: Command, version: string): readonly string[] | null {
  const wanted = flags.get('emulated-version');
  if (component !== 'kube-apiserver' || wanted === undefined) return null;
  const oldest = minorOf(version) - emulationWindow;
  const [major = '1'] = version.split('.');
  const emulated = minorOf(wanted);
  if (emulated > minorOf(version))
    return [`Error: emulation version ${wanted} is not between [${major}.${oldest}, ${major}.${minorOf(version)}.0]`];
  if (emulated >= oldest) return null;
  const below = `minCompatibilityVersion version ${major}.${emulated - 1 < oldest ? oldest : emulated - 1}`;
  return [
    `Error: [emulation version ${wanted} is not between [${major}.${oldest}, ${major}.${minorOf(version)}.0], ${below} is not between [${major}.${oldest}, ${wanted}]]`,
  ];
}
