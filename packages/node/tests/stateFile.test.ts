/** What the service has not heard outlives the process, where there is a directory. */

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Calls } from "../src/calls.ts";
import { NotSignedIn, Unavailable } from "../src/core/errors.ts";
import type { Gateway } from "../src/gateway.ts";
import { Recorder } from "../src/recorder.ts";
import { Secret } from "../src/secret.ts";
import { StateFiles } from "../src/stateFile.ts";
import { hearing } from "./support/heard.ts";
import { Ledger, times } from "./support/ledger.ts";
import { anAction, ManualTime } from "./support/sample.ts";
import { during, pass, withManualTimers } from "./support/timers.ts";

withManualTimers();
const heard = hearing();
let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "understudy-")), "state");
});
afterEach(() => rmSync(join(directory, ".."), { recursive: true }));

function recorderTo(gateway: Gateway, key = "key-1"): Recorder {
  return new Recorder({
    gateway,
    calls: new Calls(),
    newKey: () => key,
    monotonic: new ManualTime().monotonic,
    state: new StateFiles(directory, "app_test"),
  });
}

function away(): Ledger {
  return new Ledger(...times(1_000, new Unavailable()));
}

async function closed(recorder: Recorder, seconds = 5): Promise<void> {
  await during(seconds, recorder.close(seconds));
}

function files(): string[] {
  return readdirSync(directory);
}

function content(): unknown[] {
  return files().map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")));
}

describe("an ending", () => {
  it("is written down at its first failure, for this user alone, and removed when it is done", async () => {
    const ledger = new Ledger(...times(4, new NotSignedIn()));
    const recorder = recorderTo(ledger);
    void recorder.end("s1", null, "ended_by_actor");
    await pass(0.1);
    expect(content()).toEqual([{ session_id: "s1", cause: "ended_by_actor" }]);
    const modes = [directory, ...files().map((name) => join(directory, name))].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600]);
    await pass(10);
    expect([ledger.told.length, files()]).toEqual([1, []]);
  });

  it("goes on in the next process", async () => {
    const recorder = recorderTo(away());
    void recorder.end("s1", null, "identity_not_applied");
    void recorder.end(null, new Secret("uss_1"), "ended_by_actor");
    recorder.revokeOf("kim");
    await closed(recorder, 1);
    expect(files()).toHaveLength(3);
    const ledger = new Ledger();
    const later = recorderTo(ledger);
    expect(later.resume()).toEqual(["s1"]);
    await closed(later);
    expect(ledger.told).toEqual([["s1", "identity_not_applied"]]);
    expect(ledger.calls).toEqual(expect.arrayContaining(["refresh", "sessionsOf"]));
    expect(files()).toEqual([]);
  });

  it("that took effect and is not in the log waits for the next process", async () => {
    const ledger = new Ledger();
    ledger.unlogged = 1_000;
    const recorder = recorderTo(ledger);
    await recorder.end("s1", null, "ended_by_actor");
    await closed(recorder, 1);
    expect(recorderTo(new Ledger()).resume()).toEqual(["s1"]);
  });

  it("of a cause that a later version knows is an ending all the same", () => {
    const state = new StateFiles(directory, "app_test");
    const recorder = recorderTo(away());
    recorder.revokeOf("kim");
    recorder.leave();
    const [name = ""] = files();
    const path = join(directory, name.replace("leavers", "ending"));
    writeFileSync(path, '{"session_id": "s1", "cause": "invented_later"}');
    expect(state.endings(1)).toMatchObject([
      { sessionId: "s1", cause: "ended_by_actor" },
      { kind: "actors" },
    ]);
  });
});

describe("actions", () => {
  it("survive a stop under their own key", async () => {
    const recorder = recorderTo(away());
    const made = { phase: "minted", kind: "api_key", reference: "key 7" } as const;
    recorder.add("s1", anAction("a", { status: 200, userAgent: "ö" }));
    recorder.add("s1", anAction("b", made));
    await closed(recorder, 1);
    const ledger = new Ledger();
    const later = recorderTo(ledger, "key-2");
    later.resume();
    await closed(later);
    expect(ledger.batches).toEqual([["s1", ["a", "b"], "key-1"]]);
    const taken = [anAction("a", { status: 200, userAgent: "ö" }), anAction("b", made)];
    expect(ledger.taken).toEqual(taken);
    expect(files()).toEqual([]);
  });

  it("and endings are left at once where nobody can wait", () => {
    const recorder = recorderTo(away());
    recorder.add("s1", anAction("a"));
    void recorder.end("s1", null, "ended_by_actor");
    recorder.leave();
    expect(files().map((name) => name.split("-")[2])).toEqual(["batch", "ending"]);
    expect(heard).toEqual([]);
  });
});

describe("a directory", () => {
  it("with files that cannot be read stops nothing", () => {
    const recorder = recorderTo(away());
    void recorder.end("s1", null, "ended_by_actor");
    recorder.leave();
    const [name = ""] = files();
    writeFileSync(join(directory, name.replace(/-[0-9a-f]{32}/, "-odd")), "{");
    writeFileSync(join(directory, name.replace("ending", "batch")), '{"actions": [7]}');
    const later = recorderTo(new Ledger());
    expect(later.resume()).toEqual(["s1"]);
    expect(heard).toMatchObject([{ action: "read_state" }, { action: "read_state" }]);
  });

  it("that cannot be written is told of, and what is lost counted", () => {
    mkdirSync(join(directory, ".."), { recursive: true });
    writeFileSync(directory, "a file");
    const recorder = recorderTo(away());
    void recorder.end("s1", null, "ended_by_actor");
    recorder.leave();
    expect(heard).toMatchObject([{ action: "write_state" }, { action: "stop_recording", lost: 1 }]);
  });

  it("is written through nobody's link", () => {
    const recorder = recorderTo(away());
    void recorder.end("s1", null, "ended_by_actor");
    recorder.leave();
    const [name = ""] = files();
    const elsewhere = join(directory, "..", "elsewhere");
    writeFileSync(elsewhere, "somebody's");
    symlinkSync(elsewhere, join(directory, name.replace(".json", `.${process.pid}`)));
    const again = recorderTo(away());
    again.resume();
    const [ending] = new StateFiles(directory, "app_test").endings(1);
    if (ending !== undefined) new StateFiles(directory, "app_test").keepEnding(ending);
    expect(readFileSync(elsewhere, "utf8")).toBe("somebody's");
    expect(content()).toEqual([{ session_id: "s1", cause: "ended_by_actor" }]);
  });

  it("belongs to one application alone", () => {
    const recorder = recorderTo(away());
    void recorder.end("s1", null, "ended_by_actor");
    recorder.leave();
    expect(new StateFiles(directory, "app_other").endings(1)).toEqual([]);
  });
});
