import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { precompress } from "./vite/precompress.ts";

const SERVICE = "http://localhost:8700";

// Few files, where the bundler would make one of each set of pages that share something: on a phone
// every file costs a round trip. What the first page needs comes in two, that of others apart since
// it changes less often; what several later pages share is one more, and each page has its own.
const AT_ONCE = { tags: ["$initial" as const] };
const GROUPS = [
  { ...AT_ONCE, name: "vendor", test: /[\\/]node_modules[\\/].*\.m?js$/, priority: 3 },
  { ...AT_ONCE, name: "app", priority: 2 },
  { name: "shared", minShareCount: 2, priority: 1 },
];

export default defineConfig({
  // Embedded, the dashboard lies under the customer's path: the service writes <base href>.
  base: "./",
  plugins: [react(), precompress()],
  // The service puts a new nonce in its place in every answer.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../src/understudy/service/static",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // These know light-dark(); lowering it would need a colour scheme that the compiler can see.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    // Styles and pictures as files: the content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  server: {
    proxy: { "/api": SERVICE, "/log": SERVICE, "/openapi.json": SERVICE },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "vite/**/*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
