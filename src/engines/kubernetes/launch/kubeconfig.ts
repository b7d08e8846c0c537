/** A kubeconfig with everything in it, so that it works wherever it is copied to. All but the server are PEM texts. */
export function kubeconfigText(
  name: string,
  server: string,
  identity: { readonly authority: string; readonly certificate: string; readonly key: string },
): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `  - name: ${JSON.stringify(name)}`,
    '    cluster:',
    `      server: ${server}`,
    `      certificate-authority-data: ${base64(identity.authority)}`,
    'users:',
    `  - name: ${JSON.stringify(name)}`,
    '    user:',
    `      client-certificate-data: ${base64(identity.certificate)}`,
    `      client-key-data: ${base64(identity.key)}`,
    'contexts:',
    `  - name: ${JSON.stringify(name)}`,
    '    context:',
    `      cluster: ${JSON.stringify(name)}`,
    `      user: ${JSON.stringify(name)}`,
    `current-context: ${JSON.stringify(name)}`,
    '',
  ].join('\n');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
