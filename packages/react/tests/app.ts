import { Refusal, type Status, type Understudy, type Wanted } from "@understudy/browser";

/** A session in which Kim works as Ada. */
export const SESSION: Status = {
  impersonating: true,
  session: "ses_1",
  subject: { id: "1", email: null, name: "Ada" },
  actor: { id: "7", email: "kim@app.example", name: "Kim" },
  scope: "read_only",
  blockedActions: [],
  endsAt: new Date("2026-03-01T12:15:00Z"),
  idleEndsAt: new Date("2026-03-01T12:10:00Z"),
  serverNow: new Date("2026-03-01T12:00:00Z"),
};

export const OVER: Status = { impersonating: false, cause: "revoked", message: "It was revoked." };

/** The sessions of a browser, as a test says. */
export class FakeUnderstudy implements Understudy {
  readonly prefix = "/_understudy";
  readonly wanted: Wanted[] = [];
  refusal: Refusal | null = null;
  #status: Status | null;
  #listeners = new Set<(status: Status) => void>();

  constructor(status: Status | null = null) {
    this.#status = status;
  }

  tells(status: Status): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }

  readonly current = (): Status | null => this.#status;

  readonly subscribe = (listener: (status: Status) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly status = async (): Promise<Status> => {
    if (this.#status === null) throw new Refusal("unavailable", "Away.");
    return this.#status;
  };

  readonly start = async (wanted: Wanted) => {
    this.wanted.push(wanted);
    if (this.refusal !== null) throw this.refusal;
    return { session: "ses_1", home: "/" };
  };

  readonly end = async (): Promise<void> => this.tells(OVER);
}
