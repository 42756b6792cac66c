import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(css|js|json|svg|txt)$/;
// Below this size the headers cost more than is saved.
const SMALLEST_BYTES = 1024;

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/**
 * Writes `.br` and `.gz` beside every built file that gains from it, so that the service compresses
 * nothing at run time. `index.html` is left out: the service puts a nonce into each answer.
 */
export function precompress(): Plugin {
  return {
    name: "understudy:precompress",
    apply: "build",
    async writeBundle({ dir }) {
      if (dir !== undefined) await compressFolder(dir);
    },
  };
}

async function compressFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && COMPRESSIBLE.test(entry.name)) {
      await compressFile(join(entry.parentPath, entry.name));
    }
  }
}

async function compressFile(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < SMALLEST_BYTES) return;
  await writeFile(`${path}.br`, await toBrotli(content));
  await writeFile(`${path}.gz`, await toGzip(content, { level: 9 }));
}
