import { defineConfig } from 'vite';

/** Whom `vite` asks while the console is being changed. */
const serverUrl = process.env.CLUSTERLIFT_SERVER ?? 'http://127.0.0.1:7171';

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
  // The server lets nothing be changed from a page that it has not served itself.
  server: { proxy: { '/api': { target: serverUrl, changeOrigin: true, headers: { origin: serverUrl } } } },
});
