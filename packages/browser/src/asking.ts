import { isFields, textOf } from "./reading.ts";
import { Refusal } from "./refusal.ts";

/** A start waits for a grant and a session on the server; longer than both it is not waited for. */
const PATIENCE = 30_000;

/**
 * What the app answers at one of the SDK's own addresses. The page's mark comes from the script that
 * guards pages, as with every request of the app.
 *
 * @throws Refusal the app says no, cannot be reached, or answers something else.
 */
export async function ask<T>(
  address: string,
  read: (body: unknown) => T | null,
  sent?: { readonly method: "POST"; readonly body?: Readonly<Record<string, unknown>> },
): Promise<T> {
  const answer = await reach(address, {
    method: sent?.method ?? "GET",
    headers: {
      Accept: "application/json",
      ...(sent?.body && { "Content-Type": "application/json" }),
    },
    ...(sent?.body && { body: JSON.stringify(sent.body) }),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw refusalIn(answer.status, body);
  const told = read(body);
  if (told === null) throw unexpected(answer.status);
  return told;
}

async function reach(address: string, sent: RequestInit): Promise<Response> {
  try {
    return await fetch(address, sent);
  } catch {
    throw new Refusal("no_answer", "The app could not be reached. Try again.");
  }
}

function refusalIn(status: number, body: unknown): Refusal {
  const code = isFields(body) ? textOf(body.code) : null;
  if (!isFields(body) || code === null) return unexpected(status);
  const detail = textOf(body.detail) ?? "This was refused.";
  return new Refusal(code, detail, { status, field: body.field, signIn: body.sign_in });
}

function unexpected(status: number): Refusal {
  return new Refusal("unexpected_answer", "The app gave no answer that can be read.", { status });
}
