/** Builds the scripts that pages load, the banner and the page's own, beside the compiled SDK. */

import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Build both into `outDir`. */
export async function buildScripts(outDir: string): Promise<void> {
  for (const name of ["banner", "page"]) {
    const root = fileURLToPath(new URL(`../${name}`, import.meta.url));
    await build({ root, logLevel: "warn", build: { outDir, emptyOutDir: false } });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildScripts(fileURLToPath(new URL("dist/static", import.meta.url)));
}
