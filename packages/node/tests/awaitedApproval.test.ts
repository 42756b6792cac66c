import { expect, it } from "vitest";
import { WAITS } from "../src/asks.ts";
import { Refused, Unavailable } from "../src/core/errors.ts";
import { readGranted } from "../src/wire.ts";

function answer(grant: Record<string, unknown>, token: string | null): Buffer {
  return Buffer.from(JSON.stringify({ grant, impersonation_token: token }));
}

it("says that a grant waits for others, and takes no other without a token", () => {
  const waiting = () => readGranted(answer({ id: "grt_1", status: "pending" }, null));
  expect(waiting).toThrow(Refused);
  expect(waiting).toThrow(WAITS);
  expect(() => readGranted(answer({ id: "grt_1", status: "ready" }, null))).toThrow(Unavailable);
  expect(readGranted(answer({ id: "grt_1", status: "ready" }, "usi_1")).grantId).toBe("grt_1");
});
