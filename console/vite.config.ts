import { defineConfig } from 'vite';

/** Where `clusterlift server` serves it; development asks a server that is already there. */
const serverUrl = process.env.CLUSTERLIFT_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // Nothing goes into the page itself: the server's content security policy lets no inline script, style or data through.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onLog: (level, log, tell) => {
        // A word of React's own bundlers that libraries carry; it means nothing here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
    },
  },
  server: { proxy: { '/api': serverUrl } },
});
