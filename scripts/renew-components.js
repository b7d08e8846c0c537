// `node scripts/renew-components.js kubernetes-1.36.4 etcd-3.6.17`: writes go.mod and go.sum of upstream releases anew, to be
// committed. What is built from them is then pinned by hash. A new release needs a line in `components-parts.js` besides.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { etcdModule, kubernetesModule, nameParts } from './components-parts.js';

const root = fileURLToPath(new URL('../components/', import.meta.url));

for (const name of process.argv.slice(2)) {
  const parts = nameParts(name);
  if (parts === null) {
    console.error(`${name} is no release of Kubernetes or etcd: write it as kubernetes-1.36.4 or etcd-3.6.17.`);
    process.exit(2);
  }
  renew(name, parts);
}

function renew(name, { kind, version }) {
  const scratch = mkdtempSync(join(tmpdir(), 'clusterlift-components-'));
  try {
    const module = kind === 'etcd' ? 'go.etcd.io/etcd/server/v3' : 'k8s.io/kubernetes';
    const upstream = JSON.parse(go(scratch, 'mod', 'download', '-json', `${module}@v${version}`));
    const make = kind === 'etcd' ? etcdModule : kubernetesModule;
    writeFileSync(join(scratch, 'go.mod'), make(version, readFileSync(upstream.GoMod, 'utf8')));
    const shared = join(root, kind);
    const programs = existsSync(shared) ? readdirSync(shared).filter((file) => file.endsWith('.go')) : [];
    for (const file of programs) copyFileSync(join(shared, file), join(scratch, file));
    go(scratch, 'mod', 'tidy');
    mkdirSync(join(root, name), { recursive: true });
    for (const file of ['go.mod', 'go.sum']) copyFileSync(join(scratch, file), join(root, name, file));
    console.log(
      `${name}: go.mod and go.sum are written. Upstream released it ${JSON.parse(readFileSync(upstream.Info, 'utf8')).Time}.`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function go(folder, ...args) {
  const ended = spawnSync('go', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GOWORK: 'off' } });
  if (ended.status === 0) return ended.stdout;
  console.error(ended.error?.message ?? ended.stderr);
  process.exit(1);
}
