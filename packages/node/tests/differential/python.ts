/** The Python SDK's guard, in a process of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const PYTHON = process.env.UNDERSTUDY_PYTHON ?? `${ROOT}.venv/bin/python`;

export interface PythonGuard {
  /** What it answers to each of the cases of a topic. */
  answers(topic: string, cases: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Started once, as that takes as long as a thousand answers. */
export function pythonGuard(): PythonGuard {
  const child = spawn(PYTHON, ["-m", "tests.fixtures.guard_vectors"], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let failure: Error | null = null;
  child.on("error", (error) => {
    failure = error;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async answers(topic, cases) {
      child.stdin.write(`${JSON.stringify([topic, cases])}\n`);
      const { value, done } = await lines.next();
      if (done)
        throw failure ?? new Error("The Python guard has stopped; its reason stands above.");
      return JSON.parse(value) as unknown;
    },
    async close() {
      child.stdin.end();
      if (failure === null && child.exitCode === null) await once(child, "exit");
    },
  };
}
