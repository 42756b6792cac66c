/** Builds the scripts that pages load, the banner and the page's own, beside the compiled SDK. */

import { fileURLToPath } from "node:url";
import { build } from "vite";

const outDir = fileURLToPath(new URL("dist/static", import.meta.url));

for (const name of ["banner", "page"]) {
  const root = fileURLToPath(new URL(`../${name}`, import.meta.url));
  await build({ root, logLevel: "warn", build: { outDir, emptyOutDir: false } });
}
