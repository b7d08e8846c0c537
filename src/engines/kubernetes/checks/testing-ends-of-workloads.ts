/** The ends of checks about what runs in the cluster, its flags and the way back. */
import { backward, old, patch, young } from '../testing-world.ts';
import {
  apiserver,
  budget,
  type Ends,
  noCatalog,
  node,
  nodes,
  pod,
  request,
  trial,
  tried,
  unknown,
  webhook,
} from './testing-facts.ts';

export const endsOfWorkloads: Readonly<Record<string, Ends>> = {
  'k8s.no-removed-api-in-use': {
    passed: { seen: { apiservers: [apiserver({ deprecated: [{ ...request, removedRelease: '' }] })] } },
    found: {
      change: {
        seen: {
          apiservers: [
            apiserver({ deprecated: [{ ...request, removedRelease: '1.37' }] }),
            apiserver({ name: 'apiserver-2', deprecated: [{ ...request, version: 'v1', removedRelease: '1.38' }] }),
          ],
        },
      },
      subjects: ['policy api networking.k8s.io/v1beta1/ipaddresses', 'told policy api networking.k8s.io/v1/ipaddresses'],
    },
    notApplicable: { hop: backward },
    couldNotRun: unknown('deprecated requests apiserver-2: HTTP 500'),
  },
  'k8s.flags-are-known': {
    passed: { spec: { flags: { 'kube-apiserver': ['--audit-log-maxage=3', '--feature-gates=Known=true'] } } },
    found: {
      change: {
        spec: {
          flags: {
            'kube-apiserver': ['--feature-gates=Known=true,APIServerTracing=true'],
            'kube-controller-manager': ['--concurrent-service-syncs=3'],
          },
        },
      },
      subjects: ['hazard feature gate APIServerTracing', 'hazard flag concurrent-service-syncs'],
    },
    notApplicable: { hop: patch },
    couldNotRun: noCatalog,
  },
  'k8s.trial-passed': {
    passed: {},
    found: {
      change: {
        trials: [
          ...tried.slice(2).map((member) => trial(member, { kind: 'off' })),
          trial('apiserver-1', { kind: 'refused', at: '', lastLines: ['unknown flag'] }),
        ],
      },
      subjects: ['hazard member apiserver-1', 'told policy member apiserver-2'],
    },
    notApplicable: { trials: tried.map((member) => trial(member, { kind: 'off' })) },
    couldNotRun: {
      trials: tried.map((member) => trial(member, { kind: 'could-not-run', at: '', because: 'no memory' })),
    },
  },
  'k8s.webhooks-answer': {
    passed: { seen: { failingClosedWebhooks: [{ ...webhook, unreachable: false }] } },
    found: {
      change: { seen: { failingClosedWebhooks: [webhook, { ...webhook, webhook: 'x', resources: ['widgets'] }] } },
      subjects: ['hazard webhook w.example.com', 'policy webhook x'],
    },
    notApplicable: null,
    couldNotRun: unknown('webhooks: HTTP 500'),
  },
  'k8s.api-services-available': {
    passed: {},
    found: {
      change: { seen: { unavailableApiServices: [{ name: 'v1.metrics', says: 'ServiceNotFound' }] } },
      subjects: ['policy api service v1.metrics'],
    },
    notApplicable: null,
    couldNotRun: unknown('API services: HTTP 500'),
  },
  'k8s.custom-resources-served': {
    passed: {},
    found: {
      change: { seen: { customResources: [{ name: 'widgets.x', storedVersions: ['v1alpha1', 'v1'], servedVersions: ['v1'] }] } },
      subjects: ['policy custom resource widgets.x'],
    },
    notApplicable: { hop: nodes },
    couldNotRun: unknown('custom resources: HTTP 500'),
  },
  'k8s.add-ons-fit': {
    passed: { seen: { addons: [{ name: 'coredns', kind: 'Deployment', version: 'v1.12.1' }] } },
    found: {
      change: { seen: { addons: [{ name: 'coredns', kind: 'Deployment', version: 'v1.9.3' }] } },
      subjects: ['policy add-on coredns'],
    },
    notApplicable: { hop: patch },
    couldNotRun: unknown('add-ons: HTTP 500'),
  },
  'k8s.certificates-last': {
    passed: { seen: { certificateNotAfter: '2026-02-01T00:00:00.000Z' } },
    found: { change: { seen: { certificateNotAfter: '2026-01-30T00:00:00.000Z' } }, subjects: ['policy certificate'] },
    notApplicable: null,
    couldNotRun: { seen: { certificateNotAfter: null } },
  },
  'k8s.room-for-surge': {
    passed: {},
    found: {
      change: {
        observation: {
          hosts: { local: { kind: 'seen', javas: [], freeMemoryBytes: 511 * 2 ** 20, prefetched: [], generation: 0 } },
        },
      },
      subjects: ['policy host local'],
    },
    notApplicable: { spec: { members: [] } },
    couldNotRun: { observation: { hosts: {} } },
  },
  'k8s.disruption-budgets-allow': {
    passed: { hop: nodes },
    found: {
      change: {
        hop: nodes,
        seen: {
          disruptionBudgets: [budget, { ...budget, name: 'other', disruptionsAllowed: 1 }],
          nodes: [
            node({
              pods: [
                { ...pod, budgets: ['db'] },
                { ...pod, name: 'db-2', budgets: ['db', 'other'] },
                { ...pod, name: 'db-3', budgets: ['other'] },
              ],
            }),
            node({ name: 'green-1', pods: [{ ...pod, name: 'db-4', budgets: ['db'] }] }),
          ],
        },
      },
      subjects: ['told policy pod app/db-1', 'told policy pod app/db-2'],
    },
    notApplicable: {},
    couldNotRun: { hop: nodes, ...unknown('disruption budgets: HTTP 500') },
  },
  'k8s.pods-come-back': {
    passed: { hop: nodes },
    found: {
      change: { hop: nodes, seen: { nodes: [node({ pods: [pod, { ...pod, name: 'bare', owned: false }] })] } },
      subjects: ['policy pod app/bare'],
    },
    notApplicable: {},
    couldNotRun: { hop: nodes, ...unknown('pods: HTTP 500') },
  },
  'k8s.rollback-within-seven-days': {
    passed: { hop: backward },
    found: {
      change: {
        hop: backward,
        context: { history: [{ from: old, to: young, status: 'done', endedAt: '2025-12-24T23:59:59.000Z' }] },
      },
      subjects: ['policy cluster'],
    },
    notApplicable: {},
    couldNotRun: null,
  },
  'k8s.not-below-first-version': {
    passed: { hop: backward, spec: { firstVersion: '1.36' } },
    found: { change: { hop: backward, spec: { firstVersion: '1.37' } }, subjects: ['hazard cluster'] },
    notApplicable: {},
    couldNotRun: null,
  },
  'k8s.rollback-hides-nothing': {
    passed: { hop: backward },
    found: {
      change: {
        hop: backward,
        seen: {
          newerObjects: [
            { api: 'x/v1/widgets', names: ['a'] },
            { api: 'x/v1/none', names: [] },
          ],
        },
      },
      subjects: ['policy api x/v1/widgets'],
    },
    notApplicable: {},
    couldNotRun: { hop: backward, ...unknown('objects of newer APIs: HTTP 500') },
  },
};
