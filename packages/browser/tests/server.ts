import { vi } from "vitest";

export const ADA = { id: "1", email: null, name: "Ada" };
export const KIM = { id: "7", email: "kim@app.example", name: "Kim" };

/** What the SDK tells of a session. */
export function session(more: object = {}): object {
  return {
    impersonating: true,
    session: "ses_1",
    subject: ADA,
    actor: KIM,
    scope: "read_only",
    blocked_actions: [{ method: "POST", pattern: "/billing/**", label: "Billing" }],
    ends_at: "2026-03-01T12:15:00+00:00",
    idle_ends_at: "2026-03-01T12:10:00+00:00",
    server_now: "2026-03-01T12:00:00+00:00",
    ...more,
  };
}

export const NOBODY = { impersonating: false };

type Told = object | { readonly status: number; readonly problem: object };

/** The app's side: answers by path, and everything that it was asked. */
export class Server {
  readonly asked: Request[] = [];
  readonly #told = new Map<string, Told>();

  constructor() {
    vi.stubGlobal("fetch", (address: string, sent: RequestInit) => this.#answer(address, sent));
  }

  /** From now on `path` is answered so. */
  tells(path: string, told: Told): void {
    this.#told.set(path, told);
  }

  /** What was sent to `path`, each time. */
  async sent(path: string): Promise<unknown[]> {
    const found = this.asked.filter((request) => new URL(request.url).pathname === path);
    return Promise.all(found.map((request) => request.clone().json()));
  }

  async #answer(address: string, { signal: _, ...sent }: RequestInit): Promise<Response> {
    const url = new URL(address, "http://app.test");
    this.asked.push(new Request(url, sent));
    const told = this.#told.get(url.pathname);
    if (told === undefined) throw new TypeError("Failed to fetch");
    if ("problem" in told) return Response.json(told.problem, { status: told.status });
    return Response.json(told);
  }
}

/** Lets everything go on that has its answer already. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
