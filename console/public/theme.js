// Runs before the first paint, so that a theme that was chosen does not flash the other one first.
try {
  const theme = localStorage.getItem('clusterlift-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is used.
}
