export function componentsFolder(): string;
export function componentPath(name: string): string;
