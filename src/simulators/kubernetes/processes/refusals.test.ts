import { describe, expect, it } from 'vitest';
import type { Command, Component } from './command.ts';
import { refusalOf } from './refusals.ts';

function started(component: Component, flags: Readonly<Record<string, string>>): Command {
  return { component, words: [], flags: new Map(Object.entries(flags)) };
}

describe('what a program refuses at its start', () => {
  it.each([
    ['kube-apiserver', 'insecure-port', '1.23.17', '1.24.1'],
    ['kube-controller-manager', 'pod-eviction-timeout', '1.26.15', '1.27.1'],
    ['kube-scheduler', 'port', '1.23.17', '1.24.1'],
    ['kube-apiserver', 'cloud-provider', '1.32.9', '1.33.4'],
    ['kube-controller-manager', 'concurrent-service-syncs', '1.36.3', '1.37.2'],
  ] as const)('of %s is --%s from the minor on that no longer has it, in its own words', (component, flag, knows, refuses) => {
    const command = started(component, { [flag]: '1' });
    expect(refusalOf(command, knows)).toBeNull();
    expect(refusalOf(command, refuses)).toEqual([`Error: unknown flag: --${flag}`]);
  });

  it('is a gate that is gone, one that is locked, and a minor that it cannot behave as', () => {
    const gates = (text: string) => started('kube-apiserver', { 'feature-gates': text });
    expect(refusalOf(gates('SidecarContainers=true'), '1.36.3')).toBeNull();
    expect(refusalOf(gates('SidecarContainers=true'), '1.37.2')?.[0]).toContain('unrecognized feature gate: SidecarContainers');
    expect(refusalOf(gates('PodObservedGenerationTracking=false'), '1.35.4')?.[0]).toContain('locked to true');
    const behaves = (minor: string) => refusalOf(started('kube-apiserver', { 'emulated-version': minor }), '1.37.2');
    expect(behaves('1.36')).toBeNull();
    expect(behaves('1.33')?.[0]).toContain('is not between [1.34, 1.37.0]');
  });
});
