/** What was thrown may carry a request or a connection: neither a secret that we know nor one in a URL is told. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const bare = secrets.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '***'), text);
  return bare.replace(/:\/\/[^\s/@]*@/g, '://***@');
}
