import type { KubeObject } from './model.ts';

export function isNodeReady(node: KubeObject): boolean {
  const { conditions = [] } = (node.status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
