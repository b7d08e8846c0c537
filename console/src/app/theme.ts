import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';
/** `public/theme.js` reads it before the first paint. */
const place = 'clusterlift-theme';

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(chosen);
  return [
    theme,
    (next) => {
      keep(next);
      if (next === 'system') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = next;
      setTheme(next);
    },
  ];
}

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function keep(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(place);
    else localStorage.setItem(place, theme);
  } catch {
    // Storage is switched off: the choice holds for this page alone.
  }
}
