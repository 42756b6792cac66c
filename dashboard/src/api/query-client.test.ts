import { MutationObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { problemFrom, Unreachable } from "./problem";
import { makeQueryClient, PASSWORD_ASKED } from "./query-client";

const SIGNED_OUT = problemFrom(401, { code: "not_signed_in" });

function failing(error: Error, meta?: Record<string, unknown>) {
  const onSignedOut = vi.fn<() => void>();
  const client = makeQueryClient(onSignedOut);
  const mutationFn = () => Promise.reject(error);
  const observer = new MutationObserver(client, { mutationFn, ...(meta && { meta }) });
  return observer.mutate().then(
    () => onSignedOut,
    () => onSignedOut,
  );
}

it("asks to sign in when a call says that nobody is", async () => {
  expect(await failing(SIGNED_OUT)).toHaveBeenCalledTimes(1);
});

it("does not sign anybody out for a wrong present password", async () => {
  expect(await failing(SIGNED_OUT, PASSWORD_ASKED)).not.toHaveBeenCalled();
});

it("does not sign anybody out because the service is away or refuses", async () => {
  expect(await failing(new Unreachable(null))).not.toHaveBeenCalled();
  expect(await failing(problemFrom(403, { code: "refused" }))).not.toHaveBeenCalled();
});

it("tries reads again that may pass, and no refusal", async () => {
  const client = makeQueryClient(() => {});
  const tries = async (error: Error) => {
    const queryFn = vi.fn<() => Promise<never>>(() => Promise.reject(error));
    await client.fetchQuery({ queryKey: [error.name], queryFn, retryDelay: 0 }).catch(() => {});
    return queryFn.mock.calls.length;
  };
  expect(await tries(new Unreachable(null))).toBe(3);
  expect(await tries(problemFrom(403, {}))).toBe(1);
});
