import { join } from 'node:path';
import { Type } from 'typebox';
import type { ActResult, Ticket } from '../../domain/index.ts';
import { clusterFolder, type HostFolders } from './folders.ts';
import { readRecord, writeRecord } from './records.ts';

const Generation = Type.Object({ generation: Type.Number() });

export function generationOf(folders: HostFolders, clusterId: string): number {
  return readRecord(fileOf(folders, clusterId), Generation)?.generation ?? 0;
}

/** Refuses a ticket older than the newest seen; a newer one is remembered before anything is done with it. */
export function pass(folders: HostFolders, ticket: Ticket): Extract<ActResult, { kind: 'refused' }> | null {
  const newest = generationOf(folders, ticket.clusterId);
  if (ticket.generation < newest) {
    return {
      kind: 'refused',
      because: 'older-generation',
      says: `Generation ${ticket.generation} is older than ${newest}: another server has taken over.`,
    };
  }
  if (ticket.generation > newest) writeRecord(fileOf(folders, ticket.clusterId), { generation: ticket.generation });
  return null;
}

function fileOf(folders: HostFolders, clusterId: string): string {
  return join(clusterFolder(folders.stateDir, clusterId), 'generation.json');
}
