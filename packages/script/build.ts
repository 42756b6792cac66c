import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** How a script that the SDK serves to pages is built and tested: as one file, `<name>.js`. */
export function scriptOfPages(name: string, globalName: string) {
  return defineConfig({
    plugins: [joinLines()],
    build: {
      target: "es2022",
      // The folder belongs to the Python package; other files may lie there.
      outDir: "../../src/understudy/sdk/static",
      emptyOutDir: false,
      minify: true,
      lib: {
        entry: "src/index.ts",
        formats: ["iife"],
        name: globalName,
        fileName: () => `${name}.js`,
      },
    },
    test: {
      environment: "jsdom",
      setupFiles: ["tests/setup.ts"],
      restoreMocks: true,
      unstubGlobals: true,
      projects: [
        // One jsdom for all takes a quarter of the time; the bundler does not run in its context.
        {
          extends: true,
          test: {
            name,
            pool: "vmThreads",
            include: ["tests/**/*.test.ts"],
            exclude: ["tests/bundle.test.ts"],
          },
        },
        { extends: true, test: { name: "bundle", include: ["tests/bundle.test.ts"] } },
      ],
    },
  });
}

// After minifying, line breaks are left only in the style sheet's text, where they mean nothing.
function joinLines(): Plugin {
  return {
    name: "join-lines",
    apply: "build",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "chunk") file.code = file.code.replace(/\n\s*/g, "");
      }
    },
  };
}
