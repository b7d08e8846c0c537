import { it } from 'vitest';

/** Tests that tell one story on one cluster: after a chapter that failed the later ones fail at once and say why. */
export function chapters(): (name: string, tell: () => Promise<void>) => void {
  let failed: string | null = null;
  return (name, tell) =>
    it(name, async () => {
      if (failed !== null) throw new Error(`Left out, because this failed before it: ${failed}`);
      try {
        await tell();
      } catch (error) {
        failed = name;
        throw error;
      }
    });
}
