export function programPath(name: string): string | null;
