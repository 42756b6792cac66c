// @vitest-environment node
import { resolve } from "node:path";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
// What a page may add to what was there at once: what several share, and its own.
const MOST_ADDED = 2;

let chunks: Map<string, Rolldown.OutputChunk>;
let entry: Rolldown.OutputChunk;

beforeAll(async () => {
  const built = (await build({
    root: ROOT,
    configFile: resolve(ROOT, "vite.config.ts"),
    build: { write: false },
    logLevel: "silent",
  })) as Rolldown.RolldownOutput;
  chunks = new Map(
    built.output.filter((file) => file.type === "chunk").map((chunk) => [chunk.fileName, chunk]),
  );
  entry = [...chunks.values()].find(({ isEntry }) => isEntry) as Rolldown.OutputChunk;
}, 180_000);

/** A file with everything that it does not run without. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const imported of chunks.get(name)?.imports ?? []) withImports(imported, seen);
  return seen;
}

function modulesOf(files: Set<string>): string[] {
  return [...files].flatMap((name) => chunks.get(name)?.moduleIds ?? []);
}

describe("what the page begins with", () => {
  it("is three files of scripts: ours, those of others, and what runs them", () => {
    expect([...withImports(entry.fileName)]).toHaveLength(3);
  });

  it.each(["pages/Users", "pages/SignIn", "components/shell/Shell"])("includes %s", (module) => {
    const there = modulesOf(withImports(entry.fileName));
    expect(there).toContain(resolve(ROOT, `src/${module}.tsx`));
  });

  it.each(["pages/Audit", "pages/ApplicationSettings", "components/impersonate/RequestForm"])(
    "leaves %s for later",
    (module) => {
      const there = modulesOf(withImports(entry.fileName));
      expect(there).not.toContain(resolve(ROOT, `src/${module}.tsx`));
    },
  );
});

describe("a page that is opened later", () => {
  it("adds what several share, and its own file", () => {
    const there = withImports(entry.fileName);
    const later = [...chunks.values()].filter(({ isDynamicEntry }) => isDynamicEntry);
    const added = later.map(({ fileName }) =>
      [...withImports(fileName)].filter((name) => !there.has(name)),
    );
    expect(added.length).toBeGreaterThan(10);
    expect(added.filter((files) => files.length > MOST_ADDED)).toEqual([]);
  });
});
