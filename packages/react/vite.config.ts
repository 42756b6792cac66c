import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const BROWSER = fileURLToPath(new URL("../browser/src/index.ts", import.meta.url));

/** Everything once more with each React that the package takes; `from` is a package that has it. */
function withReact(name: string, from: string) {
  const { resolve } = createRequire(new URL(`${from}/package.json`, import.meta.url));
  const folder = (of: string): string => dirname(resolve(`${of}/package.json`));
  return {
    extends: true as const,
    resolve: {
      alias: [
        { find: "@understudy/browser", replacement: BROWSER },
        { find: /^react(?=\/|$)/, replacement: folder("react") },
        { find: /^react-dom(?=\/|$)/, replacement: folder("react-dom") },
      ],
    },
    test: { name, env: { REACT: name } },
  };
}

export default defineConfig({
  test: {
    environment: "jsdom",
    // One jsdom for all takes a quarter of the time.
    pool: "vmThreads",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
    projects: [withReact("18", "../react-18"), withReact("19", ".")],
  },
});
