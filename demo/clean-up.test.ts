import { expect, it } from 'vitest';
import { nodeFolderIn } from './clean-up.ts';

it('finds the folder of a node in its environment, and takes no other for one', () => {
  expect(nodeFolderIn('PATH=/bin\0TMPDIR=/tmp/clusterlift-node-0123\0HOME=/')).toBe('/tmp/clusterlift-node-0123');
  expect(nodeFolderIn('TMPDIR=/tmp/cl-demo-1/x')).toBeNull();
  expect(nodeFolderIn('TMPDIR=/home/clusterlift-node-0123')).toBeNull();
  expect(nodeFolderIn('OLD_TMPDIR=/tmp/clusterlift-node-0123')).toBeNull();
  expect(nodeFolderIn('')).toBeNull();
});
