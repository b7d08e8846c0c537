import type { FaceParts } from '../call.ts';

export interface UpgradeWatch {
  /** Resolves on the next change, or at once when there was one since the last time; or after that time, or when gone. */
  changed(timeoutMs: number): Promise<'changed' | 'time'>;
  close(): void;
}

/** Changes of one upgrade from now on. One that comes while nobody waits is not lost. */
export function watchUpgrade(
  { control, pause }: Pick<FaceParts, 'control' | 'pause'>,
  upgradeId: string,
  gone: AbortSignal,
): UpgradeWatch {
  let pending = false;
  let wake = () => {};
  const stop = control.onUpgradeChanged((changedId) => {
    if (changedId !== upgradeId) return;
    pending = true;
    wake();
  });
  return {
    close: stop,
    changed: async (timeoutMs) => {
      const woken = new AbortController();
      wake = () => woken.abort();
      if (!pending) await pause(timeoutMs, AbortSignal.any([woken.signal, gone]));
      wake = () => {};
      const was = pending;
      pending = false;
      return was ? 'changed' : 'time';
    },
  };
}
