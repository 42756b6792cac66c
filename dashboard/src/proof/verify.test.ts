// @vitest-environment node
import { describe, expect, it } from "vitest";
import checkpoint from "../../../tests/vectors/audit/checkpoint_v1.txt?raw";
import key from "../../../tests/vectors/audit/key_v1.txt?raw";
import receipt from "../../../tests/vectors/audit/receipt_v1.tlog-proof?raw";
import notes from "../../../tests/vectors/audit/signed_notes.json";
import { type Evidence, verify } from "./verify";

// The receipt carries its entry for convenience; the service sends it beside the receipt.
const extra = /^extra (.+)$/m.exec(receipt)?.[1] ?? "";
const leaf = atob(extra);
const facts = JSON.parse(leaf) as { t: number; type: string };
const good: Evidence = {
  index: 3,
  leaf,
  receipt,
  verifierKeys: [key.trim()],
  shown: { type: facts.type, time: new Date(facts.t).toISOString() },
};

async function lastStep(change: Partial<Evidence>) {
  const verdict = await verify({ ...good, ...change });
  const { name, holds } = verdict.steps.at(-1) ?? {};
  return { holds: verdict.holds, steps: verdict.steps.length, last: name, lastHolds: holds };
}

describe("a receipt", () => {
  it("of the frozen format verifies, step by step", async () => {
    const verdict = await verify(good);
    expect(verdict.holds).toBe(true);
    expect(verdict.size).toBe(8);
    expect(verdict.steps.map(({ name, holds }) => [name, holds])).toEqual([
      ["The receipt can be read", true],
      ["The leaf says what this page shows", true],
      ["The checkpoint carries the log’s signature", true],
      ["The path leads from the leaf to the signed root", true],
    ]);
    expect(verdict.steps[2]?.fact).toBe("Ed25519 key 5b72c9f7 of log.example/understudy");
  });

  it("of another entry fails at once", async () => {
    expect(await lastStep({ index: 4 })).toMatchObject({ holds: false, steps: 1 });
  });

  it("fails when the page shows another type or time than the leaf", async () => {
    const other = { ...good.shown, type: "session.ended" };
    expect(await lastStep({ shown: other })).toMatchObject({ holds: false, steps: 2 });
    const later = { ...good.shown, time: new Date(facts.t + 1).toISOString() };
    expect(await lastStep({ shown: later })).toMatchObject({ holds: false, steps: 2 });
  });

  it("fails when the leaf is another one, however small the difference", async () => {
    const other = leaf.replace(/"core":"2/, '"core":"3');
    expect(other).not.toBe(leaf);
    expect(await lastStep({ leaf: other })).toMatchObject({
      holds: false,
      last: "The path leads from the leaf to the signed root",
      lastHolds: false,
    });
  });

  it("fails when the leaf has a second spelling", async () => {
    expect(await lastStep({ leaf: `${leaf} ` })).toMatchObject({ holds: false, steps: 2 });
  });

  it("fails when the checkpoint was changed after it was signed", async () => {
    const grown = receipt.replace("\nlog.example/understudy\n8\n", "\nlog.example/understudy\n9\n");
    expect(grown).not.toBe(receipt);
    expect(await lastStep({ receipt: grown })).toMatchObject({ holds: false, steps: 3 });
  });

  it("fails when the checkpoint is an older one of the same log", async () => {
    const older = receipt.slice(0, receipt.indexOf("\n\n") + 2) + checkpoint;
    expect(await lastStep({ receipt: older })).toMatchObject({
      holds: false,
      steps: 4,
      lastHolds: false,
    });
  });

  it("fails without a key of the log, and with none at all", async () => {
    const stranger = notes[0]?.vkey ?? "";
    expect(await lastStep({ verifierKeys: [stranger] })).toMatchObject({ holds: false, steps: 3 });
    expect(await lastStep({ verifierKeys: [] })).toMatchObject({ holds: false, steps: 3 });
  });

  it("is not fooled by hashes of the proof that were swapped", async () => {
    const lines = receipt.split("\n");
    const [one = "", two = ""] = [lines[3], lines[4]];
    const swapped = receipt.replace(`${one}\n${two}`, `${two}\n${one}`);
    expect(swapped).not.toBe(receipt);
    expect(await lastStep({ receipt: swapped })).toMatchObject({ holds: false, steps: 4 });
  });

  it.each(["", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 3\n\n", "index 3\n\nx"])(
    "that is %j cannot be read",
    async (text) => {
      expect(await lastStep({ receipt: text })).toMatchObject({ holds: false, steps: 1 });
    },
  );
});
