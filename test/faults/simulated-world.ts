import type { Simulator } from '../../src/simulators/elasticsearch/index.ts';

/** What a simulator tells of its clusters, whatever server lifts them. */
export class SimulatedWorld {
  readonly simulator: Simulator;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  launchesOf({ id }: { readonly id: string }) {
    return this.simulator.journal.launches.filter((launch) => launch.clusterId === id);
  }

  stopsOf({ id }: { readonly id: string }) {
    return this.simulator.journal.stops.filter((stop) => stop.clusterId === id);
  }

  /** Version of each member that is in its cluster now. */
  versions({ name }: { readonly name: string }): Readonly<Record<string, string>> {
    const { members } = this.simulator.cluster(name);
    const nodes = [...members.values()].flatMap((pid) => this.simulator.world.processes.get(pid) ?? []);
    return Object.fromEntries(nodes.map((node) => [node.name, node.release.version]).sort());
  }
}
