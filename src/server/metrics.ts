import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { unfinishedStatuses } from '../domain/index.ts';
import type { PostgresStore } from '../store/index.ts';

export interface Metrics {
  readonly registry: Registry;
  request(face: string, status: number, seconds: number): void;
  turn(end: 'go-on' | 'ended' | 'threw', seconds: number): void;
}

/** Figures for Prometheus. Names are stable; none has a label whose values grow without end. */
export function createMetrics(store: Pick<PostgresStore, 'countUnfinished'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'clusterlift_http_requests_total',
    help: 'Requests answered, by public API and status.',
    labelNames: ['face', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'clusterlift_http_request_seconds',
    help: 'Time to answer a request, by public API.',
    labelNames: ['face'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 15],
    registers: [registry],
  });
  const turns = new Histogram({
    name: 'clusterlift_turn_seconds',
    help: 'Time of one turn of the loop, by how it ended.',
    labelNames: ['end'],
    buckets: [0.05, 0.2, 1, 5, 15, 30, 60, 300],
    registers: [registry],
  });
  new Gauge({
    name: 'clusterlift_unfinished_upgrades',
    help: 'Upgrades that have not ended, by status.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const counts = await store.countUnfinished();
      for (const status of unfinishedStatuses) this.set({ status }, counts.get(status) ?? 0);
    },
  });
  return {
    registry,
    request: (face, status, seconds) => {
      requests.inc({ face, status: String(status) });
      durations.observe({ face }, seconds);
    },
    turn: (end, seconds) => turns.observe({ end }, seconds),
  };
}
