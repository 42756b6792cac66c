import { describe, expect, it } from "vitest";
import { Calls, MAX_WAITING } from "../src/calls.ts";
import { Unavailable } from "../src/core/errors.ts";

const never = () => new Promise<never>(() => {});

describe("calls", () => {
  it("bring back what they come to", async () => {
    const calls = new Calls();
    expect(await calls.submit(async () => 1)).toBe(1);
    const fault = new Error("no");
    await expect(calls.submit(() => Promise.reject(fault))).rejects.toBe(fault);
  });

  it("are shared by whoever asks the same meanwhile, and by nobody later", async () => {
    const calls = new Calls();
    let asked = 0;
    const ask = async () => ++asked;
    expect(await Promise.all([calls.share("a", ask), calls.share("a", ask)])).toEqual([1, 1]);
    expect(await calls.share("a", ask)).toBe(2);
    expect(await Promise.all([calls.share("a", ask), calls.share("b", ask)])).toEqual([3, 4]);
  });

  it("share a failure, and ask anew after it", async () => {
    const calls = new Calls();
    const fail = () => Promise.reject(new Error("no"));
    const [one, other] = [calls.share("a", fail), calls.share("a", fail)];
    await expect(one).rejects.toThrow("no");
    await expect(other).rejects.toThrow("no");
    expect(await calls.share("a", async () => 1)).toBe(1);
  });

  it("end no process when they fail and nobody waits any more", async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown) => void unheard.push(error);
    process.on("unhandledRejection", hear);
    const calls = new Calls();
    void calls.submit(() => Promise.reject(new Error("no")));
    void calls.share("a", () => Promise.reject(new Error("no")));
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });

  it("are refused at once when too many wait", async () => {
    const calls = new Calls();
    for (let number = 0; number < MAX_WAITING; number += 1) void calls.submit(never);
    await expect(calls.submit(async () => 1)).rejects.toThrow(Unavailable);
  });

  it("are none after the close", async () => {
    const calls = new Calls();
    calls.close();
    await expect(calls.submit(async () => 1)).rejects.toThrow(Unavailable);
  });
});
