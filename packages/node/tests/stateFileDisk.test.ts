/** What is written down is on the disk before it counts as kept. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Ending } from "../src/ending.ts";
import { StateFiles } from "../src/stateFile.ts";
import { hearing } from "./support/heard.ts";

const disk = vi.hoisted(() => ({ done: [] as string[], fails: false }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    fsyncSync: (file: number) => {
      disk.done.push("fsync");
      if (disk.fails) throw Object.assign(new Error("somebody's path"), { code: "EIO" });
      fs.fsyncSync(file);
    },
    renameSync: (from: string, to: string) => {
      disk.done.push("rename");
      fs.renameSync(from, to);
    },
  };
});

const heard = hearing();
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "understudy-"));
  disk.done.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

function kept(): boolean {
  const ending = new Ending({ sessionId: "ses_1", keepUntil: 1 });
  return new StateFiles(directory, "app_test").keepEnding(ending);
}

it("is synced before it gets its name", () => {
  disk.fails = false;
  expect([kept(), disk.done]).toEqual([true, ["fsync", "rename"]]);
  expect(heard).toEqual([]);
});

it("is not kept when the disk fails, and that is told without a word of it", () => {
  disk.fails = true;
  expect([kept(), disk.done]).toEqual([false, ["fsync"]]);
  expect(readdirSync(directory).filter((name) => name.endsWith(".json"))).toEqual([]);
  expect(heard).toEqual([{ action: "write_state", text: "State was not written: EIO" }]);
});
