import { accessibilityFaults, type ConsolePage, overhangPx } from './rig.ts';

const desk = { width: 1280, height: 800 };
const phone = { width: 380, height: 720 };

/** What is wrong with the page as it is: for axe in light and dark, and where it is wider than a desk or a phone. */
export async function faultsOf(page: ConsolePage, where: string): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [viewport, colorScheme] of [
    [phone, 'light'],
    [desk, 'dark'],
    [desk, 'light'],
  ] as const) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const look = `${where}, ${colorScheme}, ${viewport.width} wide`;
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${look}: ${fault}`));
    const overhang = await overhangPx(page);
    if (overhang > 0) faults.push(`${look}: ${overhang} px of it hang over`);
  }
  return faults;
}
