// @vitest-environment node
import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { expect, it } from "vitest";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("@mantine/core/styles.css"));
const SOURCES = resolve(import.meta.dirname, "../src");

const NOTIFICATIONS = dirname(
  createRequire(import.meta.url).resolve("@mantine/notifications/styles.css"),
);

/** The parts of Mantine that our code names, and its own notifications. */
function named(): Set<string> {
  const names = new Set<string>();
  for (const folder of [SOURCES, join(NOTIFICATIONS, "esm")]) {
    for (const file of globSync("**/*.{ts,tsx,mjs}", { cwd: folder })) {
      const code = readFileSync(join(folder, file), "utf8");
      for (const [, list = ""] of code.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)) {
        for (const name of list.split(",")) names.add(name.trim());
      }
    }
  }
  return names;
}

/** The style sheets of a part and of the parts that it is made of. */
function sheetsOf(module: string, seen: Set<string>): void {
  if (seen.has(module) || !existsSync(module)) return;
  seen.add(module);
  const code = readFileSync(module, "utf8");
  for (const [, path = ""] of code.matchAll(/from "(\.[^"]+\.mjs)"/g)) {
    sheetsOf(resolve(dirname(module), path), seen);
  }
}

it("loads the styles of every part of Mantine that is used", () => {
  const seen = new Set<string>();
  for (const name of named()) {
    sheetsOf(join(PACKAGE, "esm/components", name, `${name}.mjs`), seen);
  }
  const needed = [...seen]
    .map((path) => /([A-Za-z]+)\.module\.mjs$/.exec(path)?.[1])
    .filter((name) => name !== undefined && existsSync(join(PACKAGE, "styles", `${name}.css`)));
  const loaded = readFileSync(join(SOURCES, "theme/mantine.css"), "utf8");
  expect(needed.length).toBeGreaterThan(20);
  expect(needed.filter((name) => !loaded.includes(`/${name}.css"`))).toEqual([]);
});
