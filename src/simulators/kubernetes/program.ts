import type { Program } from '../program.ts';
import { Members } from './members.ts';
import { commandOf } from './processes/command.ts';
import { failures } from './processes/faults.ts';

/** Simulated Kubernetes: each component listens where its launch says, and kubectl works through the front door. */
export const kubernetesProgram: Program = {
  kind: 'kubernetes',
  failures,
  runs: (launch) => commandOf(launch) !== null,
  open: (parts) => new Members(parts),
};
