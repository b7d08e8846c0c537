import {
  type Certificates,
  hostOfUrl,
  type Identity,
  type IdentityRequest,
  type Instant,
  type KubernetesIdentity,
  type KubernetesSpec,
  kubernetesMembers,
} from '../../../domain/index.ts';

const dayMs = 24 * 60 * 60_000;
const authorityLifeMs = 3_650 * dayMs;
const leafLifeMs = 3 * 365 * dayMs;
/** A clock that reads them may be a little behind ours. */
const backdateMs = 5 * 60_000;

type Wanted = Pick<IdentityRequest, 'commonName' | 'organizations' | 'use'> & {
  readonly of: 'ca' | 'front-proxy-ca';
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
};

/** Whoever is in this group may do everything. */
const masters = 'system:masters';

function wantedOf(spec: KubernetesSpec): Readonly<Partial<Record<KubernetesIdentity, Wanted>>> {
  const own = kubernetesMembers(spec).filter(({ component }) => component !== 'node');
  const addresses = (...components: readonly string[]) => [
    ...own.filter(({ component }) => components.includes(component)).map(({ address }) => address),
    '127.0.0.1',
  ];
  const endpoint = hostOfUrl(spec.endpoint);
  const name = 'kubernetes.default.svc';
  return {
    apiserver: {
      of: 'ca',
      commonName: 'kube-apiserver',
      organizations: [],
      use: 'server',
      dnsNames: [
        'kubernetes',
        'kubernetes.default',
        name,
        `${name}.cluster.local`,
        'localhost',
        ...(endpoint.kind === 'name' ? [endpoint.host] : []),
      ],
      ipAddresses: [
        ...new Set([
          ...addresses('kube-apiserver', 'front-door'),
          firstAddressOf(spec.serviceCidr),
          ...(endpoint.kind === 'address' ? [endpoint.host] : []),
        ]),
      ],
    },
    etcd: {
      of: 'ca',
      commonName: 'etcd',
      organizations: [],
      use: 'both',
      dnsNames: ['localhost'],
      ipAddresses: addresses('etcd'),
    },
    'front-proxy-client': { of: 'front-proxy-ca', commonName: 'front-proxy-client', organizations: [], use: 'client' },
    'kubelet-client': { of: 'ca', commonName: 'kube-apiserver-kubelet-client', organizations: [masters], use: 'client' },
    // They serve with it as well: what they tell of themselves is read over TLS.
    'controller-manager': {
      of: 'ca',
      commonName: 'system:kube-controller-manager',
      organizations: [],
      use: 'both',
      dnsNames: ['localhost'],
      ipAddresses: addresses('kube-controller-manager'),
    },
    scheduler: {
      of: 'ca',
      commonName: 'system:kube-scheduler',
      organizations: [],
      use: 'both',
      dnsNames: ['localhost'],
      ipAddresses: addresses('kube-scheduler'),
    },
    admin: { of: 'ca', commonName: 'kubernetes-admin', organizations: [masters], use: 'client' },
  };
}

/** Authorities and certificates of a new cluster, `NAME.crt` and `NAME.key`. */
export async function newIdentities(
  spec: KubernetesSpec,
  certificates: Certificates,
  now: Instant,
): Promise<Readonly<Record<string, string>>> {
  const authorities = {
    ca: await certificates.authority('kubernetes', before(now), after(now, authorityLifeMs)),
    'front-proxy-ca': await certificates.authority('kubernetes-front-proxy', before(now), after(now, authorityLifeMs)),
  };
  const issued = await Promise.all(
    Object.entries(wantedOf(spec)).map(async ([name, wanted]) => {
      const { of, ...request } = { dnsNames: [], ipAddresses: [], ...wanted };
      const times = { notBefore: before(now), notAfter: after(now, leafLifeMs) };
      return [name, await certificates.issue(authorities[of], { ...request, ...times })] as const;
    }),
  );
  return Object.fromEntries([...Object.entries(authorities), ...issued].flatMap(([name, identity]) => filesOf(name, identity)));
}

/** What a node shows the apiservers; made anew whenever it is started. */
export function nodeIdentityRequest(name: string, now: Instant): IdentityRequest {
  return {
    commonName: `system:node:${name}`,
    organizations: ['system:nodes'],
    dnsNames: [],
    ipAddresses: [],
    use: 'client',
    notBefore: before(now),
    notAfter: after(now, leafLifeMs),
  };
}

function filesOf(name: string, identity: Identity): readonly (readonly [string, string])[] {
  return [
    [`${name}.crt`, identity.certificate],
    [`${name}.key`, identity.key],
  ];
}

function before(now: Instant): Instant {
  return new Date(Date.parse(now) - backdateMs).toISOString();
}

function after(now: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(now) + milliseconds).toISOString();
}

/** The service `kubernetes` has the first address of its range: `10.96.0.1` of `10.96.0.0/16`, and of `10.96.7.8/16` too. */
export function firstAddressOf(cidr: string): string {
  const [address = '', bits = '32'] = cidr.split('/');
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}
