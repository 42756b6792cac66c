import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    target: "es2022",
    // The folder belongs to the Python package; other files may lie there.
    outDir: "../../src/understudy/sdk/static",
    emptyOutDir: false,
    minify: true,
    lib: {
      entry: "src/index.ts",
      formats: ["iife"],
      name: "understudyBanner",
      fileName: () => "banner.js",
    },
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
