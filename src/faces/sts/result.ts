import type { Service } from './request.ts';

/** What an action answers with: members of its result, in the order of the text. An empty list is an empty element. */
export interface Result {
  readonly kind: 'result';
  readonly action: string;
  readonly members: Readonly<Record<string, string | readonly []>>;
}

export const namespaces: Readonly<Record<Service, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
};

export function xmlOf({ action, members }: Result, service: Service, requestId: string): string {
  const lines = Object.entries(members).map(([name, value]) =>
    typeof value === 'string' ? `    <${name}>${escapeXml(value)}</${name}>\n` : `    <${name}/>\n`,
  );
  return (
    `<${action}Response xmlns="${namespaces[service]}">\n  <${action}Result>\n${lines.join('')}  </${action}Result>\n` +
    `  <ResponseMetadata>\n    <RequestId>${requestId}</RequestId>\n  </ResponseMetadata>\n</${action}Response>\n`
  );
}

export function jsonOf({ action, members }: Result, requestId: string) {
  return { [`${action}Response`]: { [`${action}Result`]: members, ResponseMetadata: { RequestId: requestId } } };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Characters that no XML text may hold are left out: a caller's own text comes back in a sentence. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"']/g, (one) => escapes[one] ?? '');
}
