/** What we look at a registered Kubernetes cluster with, from its owner's texts or from a kubeconfig. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/schema';
import { parseDocument } from 'yaml';
import { ownersTokenSecret } from '../../../domain/index.ts';
import type { NewKubernetes } from '../wire/index.ts';

type Credentials = NonNullable<Static<typeof NewKubernetes>['credentials']>;

export interface Access {
  readonly kind: 'access';
  readonly secrets: Readonly<Record<string, string>>;
  /** Of the kubeconfig, where that is what was given. */
  readonly server: string | null;
}

interface Wrong {
  readonly kind: 'wrong';
  readonly key: string;
  readonly says: string;
}

interface Texts {
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
}

export function accessOf({ kubeconfig, ...texts }: Credentials): Access | Wrong {
  if (kubeconfig === undefined) return checked(texts, null, (key) => `credentials.${key}`);
  const [beside] = Object.keys(texts);
  if (beside !== undefined) return wrong(`credentials.${beside}`, 'is not for who gives a kubeconfig.');
  const read = readKubeconfig(kubeconfig);
  return 'kind' in read ? read : checked(read.texts, read.server, () => 'credentials.kubeconfig');
}

/** Texts that are no certificates would only be found out by a connection that fails without a reason. */
function checked(texts: Texts, server: string | null, keyOf: (key: keyof Texts) => string): Access | Wrong {
  const { certificateAuthority, clientCertificate, clientKey, token } = texts;
  if (certificateAuthority === undefined)
    return wrong(keyOf('certificateAuthority'), 'must have the certificate of the authority, in PEM.');
  if (certificateOf(certificateAuthority) === null)
    return wrong(keyOf('certificateAuthority'), 'has no certificate of an authority that can be read.');
  const authority = { 'ca.crt': certificateAuthority };
  if (clientCertificate === undefined && clientKey === undefined) {
    if (token === undefined) return wrong(keyOf('token'), 'must be given, or a client certificate and its key.');
    return { kind: 'access', server, secrets: { ...authority, [ownersTokenSecret]: token } };
  }
  if (token !== undefined) return wrong(keyOf('token'), 'is not for who shows a client certificate.');
  const certificate = certificateOf(clientCertificate ?? '');
  if (clientCertificate === undefined || certificate === null)
    return wrong(keyOf('clientCertificate'), 'must have the certificate of the client, in PEM.');
  if (clientKey === undefined || !isKeyOf(certificate, clientKey))
    return wrong(keyOf('clientKey'), 'must have the key of the client certificate, in PEM and without a passphrase.');
  return { kind: 'access', server, secrets: { ...authority, 'admin.crt': clientCertificate, 'admin.key': clientKey } };
}

function certificateOf(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}

function isKeyOf(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

const Named = Type.Object({ name: Type.String() });
const Kubeconfig = Type.Object({
  'current-context': Type.String(),
  contexts: Type.Array(
    Type.Intersect([Named, Type.Object({ context: Type.Object({ cluster: Type.String(), user: Type.String() }) })]),
  ),
  clusters: Type.Array(
    Type.Intersect([
      Named,
      Type.Object({
        cluster: Type.Object({
          server: Type.String(),
          'certificate-authority-data': Type.Optional(Type.String()),
          'insecure-skip-tls-verify': Type.Optional(Type.Boolean()),
        }),
      }),
    ]),
  ),
  users: Type.Array(
    Type.Intersect([
      Named,
      Type.Object({
        user: Type.Object({
          'client-certificate-data': Type.Optional(Type.String()),
          'client-key-data': Type.Optional(Type.String()),
          token: Type.Optional(Type.String()),
        }),
      }),
    ]),
  ),
});

function readKubeconfig(text: string): { readonly texts: Texts; readonly server: string } | Wrong {
  const unread = (says: string) => wrong('credentials.kubeconfig', says);
  const read: unknown = yamlOf(text);
  if (!Check(Kubeconfig, read)) return unread('cannot be read as a kubeconfig with a current context.');
  const context = read.contexts.find(({ name }) => name === read['current-context'])?.context;
  const cluster = read.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = read.users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined)
    return unread('does not have the cluster and the user of its current context.');
  const elsewhere = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile', 'exec', 'auth-provider'];
  const named = elsewhere.find((key) => key in cluster || key in user);
  if (named !== undefined)
    return unread(`names what only its own machine has (${named}); give what "kubectl config view --flatten --raw" prints.`);
  const texts = {
    certificateAuthority: decoded(cluster['certificate-authority-data']),
    clientCertificate: decoded(user['client-certificate-data']),
    clientKey: decoded(user['client-key-data']),
    token: user.token,
  };
  return { texts: withoutAbsent(texts), server: cluster.server };
}

/** A document may refer to itself without end: aliases are not followed. */
function yamlOf(text: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function decoded(data: string | undefined): string | undefined {
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
}

function withoutAbsent(texts: { readonly [key in keyof Texts]: string | undefined }): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}

function wrong(key: string, says: string): Wrong {
  return { kind: 'wrong', key, says };
}
