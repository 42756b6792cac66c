// How large a package is in a page: all that it exports, with what it needs of ours and without
// React, bundled, minified, gzipped; in bytes. `project` is a folder in which it is installed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const { project, name } = JSON.parse(readFileSync(0, "utf8"));
const entry = join(project, "all.js");
writeFileSync(entry, `export * from "${name}";`);
const [built] = await build({
  root: project,
  configFile: false,
  logLevel: "silent",
  build: {
    write: false,
    minify: true,
    lib: { entry, formats: ["es"] },
    rolldownOptions: { external: /^react(-dom)?(\/|$)/ },
  },
});
const code = built.output.map((file) => file.code ?? "").join("");
process.stdout.write(JSON.stringify({ bytes: gzipSync(code, { level: 9 }).length }));
