import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The dashboard, built into web/dist, which the API function serves from beside its bundle. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 1200 },
  // `vite` alone serves the page for development and passes API calls on to a running stack
  server: { host: '127.0.0.1', proxy: { '^/(?!src|@|node_modules|assets).+': 'http://127.0.0.1:8080' } },
});
