/** A guard over one cache, and the steps of a case that it is taken through. */

import { Ended, Held, SessionCache } from "../../src/cache.ts";
import type { BlockedAction, Scope as Reach } from "../../src/core/restrictions.ts";
import type { EndCause } from "../../src/core/sessions.ts";
import { tokenHash } from "../../src/core/tokens.ts";
import { DeclaredReads } from "../../src/declaredReads.ts";
import { Guard, NeedsRefresh, Pass, type Verdict } from "../../src/guard.ts";
import { MethodOverrides } from "../../src/overrides.ts";
import { Reader } from "../../src/reading.ts";
import type { Scope } from "../../src/scope.ts";
import { UnmarkedPaths } from "../../src/unmarked.ts";
import { anOpened, TOKEN } from "../fixtures.ts";

const BEGIN_SECONDS = 1000;
const FRESH_SECONDS = 5;

export interface ToldRequest {
  readonly type?: "http" | "websocket";
  readonly method?: string;
  readonly path?: string;
  readonly raw_path?: string | null;
  readonly root_path?: string;
  readonly query?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

interface ToldSettings {
  readonly headers?: readonly string[];
  readonly fields?: readonly string[];
  readonly forms?: boolean;
  readonly bearer_paths?: readonly string[];
  readonly unmarked_ok?: readonly string[];
  readonly writes_by_get?: readonly string[];
  readonly reads?: readonly string[];
}

export type Verb = "ask" | "beat" | "close" | "connect" | "find" | "keep" | "mistrust" | "refuse";

export interface ToldStep {
  readonly at?: number;
  readonly do: Verb;
  readonly request?: ToldRequest;
  readonly session?: string;
  readonly token?: string;
  readonly cause?: EndCause | null;
  readonly known?: boolean;
  readonly server_at?: number;
  readonly ends_in?: number;
  readonly idle_in?: number;
  readonly lease?: number;
  readonly sent_before?: number;
  readonly generation?: number;
}

export interface ToldCase {
  readonly rules?: readonly BlockedAction[];
  readonly scope?: Reach;
  readonly full?: boolean;
  readonly kept?: boolean;
  readonly reader?: ToldSettings;
  readonly steps: readonly ToldStep[];
}

/** What is answered to each of the `steps` of a case. */
export function told(given: ToldCase): unknown[] {
  const desk = new Desk(given);
  return given.steps.map((step) => desk.take(step));
}

const VERBS: Record<Verb, (desk: Desk, step: ToldStep) => unknown> = {
  ask: (desk, step) => desk.ask(step.request ?? {}),
  beat: (desk) => desk.beat(),
  close: (desk, step) => shown(desk.cache.close(step.session ?? "ses_1", step.cause ?? null)),
  connect: (desk) => desk.connect(),
  find: (desk, step) => shown(desk.cache.find(keyOf(step))),
  keep: (desk, step) => desk.keep(step),
  mistrust: (desk) => desk.mistrust(),
  refuse: (desk, { known = true, ...step }) =>
    shown(desk.cache.refuse(keyOf(step), step.cause ?? null, { known })),
};

/** All that a case may set, and one session that it holds from the beginning if `kept`. */
class Desk {
  now = BEGIN_SECONDS;
  readonly cache: SessionCache;
  readonly #pulse = { generation: 1, freshUntil: BEGIN_SECONDS + FRESH_SECONDS };
  readonly #guard: Guard;
  readonly #reader: Reader;
  readonly #case: ToldCase;

  constructor(given: ToldCase) {
    this.#case = given;
    const monotonic = () => this.now;
    this.cache = new SessionCache({ pulse: this.#pulse, monotonic });
    const recorderFull = () => given.full ?? false;
    this.#guard = new Guard({ cache: this.cache, monotonic, recorderFull });
    this.#reader = readerOf(given.reader ?? {});
    if (given.kept ?? true) this.keep({ do: "keep" });
  }

  /** Do one step at its time. */
  take(step: ToldStep): unknown {
    this.now = BEGIN_SECONDS + (step.at ?? 0);
    return VERBS[step.do](this, step);
  }

  ask(request: ToldRequest): unknown {
    const scope = scopeOf(request);
    const verdict = verdictOf(this.#guard.decide(this.#reader.asked(scope)));
    const changed = scope.queryString !== (request.query ?? "");
    return changed ? { ...verdict, query: scope.queryString } : verdict;
  }

  keep(step: ToldStep): unknown {
    const opened = anOpened({
      token: step.token,
      session: step.session,
      endsIn: step.ends_in,
      idleIn: step.idle_in,
      lease: step.lease,
      serverAt: step.server_at,
      restrictions: {
        scope: this.#case.scope ?? "full",
        blockedActions: this.#case.rules ?? [],
        unlocks: false,
      },
    });
    const sentAt = this.now - (step.sent_before ?? 0);
    const generation = step.generation ?? this.#pulse.generation;
    return shown(this.cache.keep(opened, { sentAt, generation }));
  }

  beat(): null {
    this.#pulse.freshUntil = this.now + FRESH_SECONDS;
    return null;
  }

  connect(): null {
    this.#pulse.freshUntil = Number.NEGATIVE_INFINITY;
    return this.mistrust();
  }

  mistrust(): null {
    this.#pulse.generation += 1;
    return null;
  }
}

function readerOf(settings: ToldSettings): Reader {
  return new Reader({
    overrides: new MethodOverrides(settings),
    bearerPaths: settings.bearer_paths,
    unmarkedPaths: new UnmarkedPaths(settings.unmarked_ok, settings.writes_by_get),
    declaredReads: new DeclaredReads(settings.reads),
  });
}

function scopeOf(request: ToldRequest): Scope {
  return {
    type: request.type ?? "http",
    method: request.method ?? "GET",
    path: request.path ?? "/orders",
    rawPath: request.raw_path ?? null,
    rootPath: request.root_path ?? "",
    queryString: request.query ?? "",
    scheme: "https",
    headers: request.headers ?? [],
    client: null,
  };
}

function verdictOf(verdict: Verdict): Record<string, unknown> {
  if (verdict instanceof Pass) return { verdict: "pass" };
  if (verdict instanceof NeedsRefresh) return { verdict: "refresh", token: verdict.token.reveal() };
  if (verdict instanceof Held) {
    return { verdict: "held", idle_until: verdict.idleUntil - BEGIN_SECONDS };
  }
  const { status, code, label, held, ended } = verdict;
  return {
    verdict: "refuse",
    status,
    code,
    ...(label === null ? {} : { label }),
    ...(held === null ? {} : { held: held.session.id }),
    ...(ended === null ? {} : { ended: shown(ended) }),
  };
}

function shown(found: Held | Ended | null): string | null {
  if (found === null) return null;
  if (found instanceof Ended) return `ended ${found.cause ?? "unknown"}`;
  return `held ${found.session.id}`;
}

function keyOf(step: ToldStep): string {
  return tokenHash(step.token ?? TOKEN);
}
