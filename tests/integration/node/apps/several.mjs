/** The app on Express several times at one port: in processes of a cluster, or in threads. */

import cluster from "node:cluster";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const SEVERAL = 2;
const program = new URL("express.mjs", import.meta.url);
const asked = process.argv.slice(3);

/** A folder for what each could not tell yet: threads are one process, and have one id. */
const folder = () => mkdtempSync(join(tmpdir(), "understudy-state-"));

if (process.argv[2] === "cluster") {
  cluster.setupPrimary({ exec: fileURLToPath(program), args: asked });
  for (let made = 0; made < SEVERAL; made += 1) cluster.fork();
} else {
  for (let made = 0; made < SEVERAL; made += 1) {
    new Worker(program, { argv: asked, env: { ...process.env, STATE_DIR: folder() } });
  }
}
