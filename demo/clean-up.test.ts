import { expect, it } from 'vitest';
import { kubeletFoldersIn, nodeFolderIn } from './clean-up.ts';

it('finds the folder of a node in its environment, and takes no other for one', () => {
  expect(nodeFolderIn('PATH=/bin\0TMPDIR=/tmp/clusterlift-node-0123\0HOME=/')).toBe('/tmp/clusterlift-node-0123');
  expect(nodeFolderIn('TMPDIR=/tmp/cl-demo-1/x')).toBeNull();
  expect(nodeFolderIn('TMPDIR=/home/clusterlift-node-0123')).toBeNull();
  expect(nodeFolderIn('OLD_TMPDIR=/tmp/clusterlift-node-0123')).toBeNull();
  expect(nodeFolderIn('')).toBeNull();
});

it('finds what a kubelet keeps by its log, each folder once', () => {
  const log =
    'Using /tmp/hollow-kubelet.123 as root dir\nroot="/tmp/hollow-kubelet.123" /var/lib/kubelet\n/tmp/hollow-kubelet.9/x';
  expect(kubeletFoldersIn(log)).toEqual(['/tmp/hollow-kubelet.123', '/tmp/hollow-kubelet.9']);
});
