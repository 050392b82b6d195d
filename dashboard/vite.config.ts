// How the dashboard and the virtual phone are built: two pages, which the gateway and the simulator serve.
import react from '@vitejs/plugin-react'
import presetMantine from 'postcss-preset-mantine'
import { defineConfig } from 'vite'

const GATEWAY = 'http://127.0.0.1:4000'

export default defineConfig({
  plugins: [react()],
  // Mantine's functions in our own stylesheets, such as `light-dark()` and `rem()`.
  css: { postcss: { plugins: [presetMantine()] } },
  build: {
    outDir: 'dist',
    // A slow phone's browser of the last three years.
    target: 'es2023',
    manifest: true,
    modulePreload: { polyfill: false },
    // Inlined files would need `data:` in the policy of the page.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'phone.html'] },
  },
  server: {
    // `npx vite` beside a gateway, for work on the pages themselves.
    proxy: Object.fromEntries(
      ['/v1', '/auth', '/dashboard'].map((path) => [path, { target: GATEWAY, headers: { origin: GATEWAY } }]),
    ),
  },
})
