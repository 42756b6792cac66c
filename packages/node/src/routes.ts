/**
 * The SDK's own addresses in the app: launch, callback, start, state, status, stay, unlock, end,
 * scripts.
 *
 * Each gives its answer in steps, which an adapter does: it waits for the service, reads what was
 * sent, and asks the app.
 */

import { Addresses, PREFIX } from "./addresses.ts";
import { BrowserSessions, overlayIn } from "./browserSessions.ts";
import type { Ended, Held } from "./cache.ts";
import { Consenting, type ConsentOf } from "./consenting.ts";
import { UnderstudyError } from "./core/errors.ts";
import { Epoch, HOURS } from "./epoch.ts";
import { DEFAULT } from "./handOffs.ts";
import { Later } from "./later.ts";
import { Launching } from "./launching.ts";
import { type AfterEnd, Leaving } from "./leaving.ts";
import type { VisitSteps } from "./passage/steps.ts";
import { Nowhere, type Place, Places, SessionOrigin } from "./place.ts";
import { scriptAnswer } from "./scriptFiles.ts";
import type { Staff } from "./staff.ts";
import { Starting } from "./starting.ts";
import { Status } from "./status.ts";
import { Staying } from "./staying.ts";
import type { Understudy } from "./understudy.ts";
import { Asking } from "./unlock/asking.ts";
import { Answer, problem, type Visit } from "./visit.ts";
import { WayBack } from "./wayBack.ts";
import { refusalText } from "./wording.ts";

type Given = Answer | Later<Held | Ended> | VisitSteps<Answer>;
type Handler = (visit: Visit) => Given;
type Methods = Readonly<Record<string, Handler>>;
type Handlers = ReadonlyMap<string, Methods>;
const METHOD = "This address does not answer that method.";
const SCRIPTS = ["banner.js", "page.js"].map((name): [string, Methods] => {
  const handler: Handler = (visit) => scriptAnswer(name, visit);
  return [`/${name}`, { GET: handler, HEAD: handler }];
});

/** How one app has its addresses. */
export interface RoutesOptions {
  /** Below which all of them lie. */
  readonly prefix?: string;
  /** Where the app begins. */
  readonly home?: string;
  readonly afterEnd?: AfterEnd;
  /** How sessions come in. */
  readonly handOffs?: Iterable<string>;
  /** For how long a browser is known that has had a session. */
  readonly epochHours?: number;
  /** Those who start sessions from within the app; without them nobody does. */
  readonly staff?: Staff | null;
  /** Which of the app's users agrees to something; without it nobody is asked here. */
  readonly consentOf?: ConsentOf<never> | null;
  /** The banner's events are no answer, so that an adapter which streams serves them itself. */
  readonly streams?: boolean;
}

/** Answers visits below its prefix. */
export class Routes extends Addresses {
  readonly epoch: Epoch;
  readonly #places: Places;
  readonly #wayBack: WayBack;
  readonly #handlers: Handlers;

  constructor(understudy: Understudy, options: RoutesOptions = {}) {
    const { prefix = PREFIX, home = "/", streams = false } = options;
    super(prefix, home, { issuer: understudy.client.issuer, streams });
    this.epoch = new Epoch(options.epochHours ?? HOURS);
    this.#places = new Places(understudy.client.sessionOrigins);
    this.#wayBack = new WayBack(understudy.client.key);
    this.#handlers = this.#handlersOf(understudy, options);
  }

  /** What a visit to `path` gets, in steps of which an adapter does each. */
  *serving(visit: Visit, path: string): VisitSteps<Answer> {
    try {
      const given = this.#given(visit, path);
      if (given instanceof Answer) return given;
      return yield* given instanceof Later ? given.steps() : given;
    } catch (error) {
      if (!(error instanceof UnderstudyError)) throw error;
      return problem(error.status, error.code, error.detail);
    }
  }

  /** Where the session was started that a browser holds, by a whole Cookie header. */
  backOf(cookie: string): string | null {
    return this.#wayBack.of(cookie, overlayIn(cookie));
  }

  /** Where a visit has arrived. */
  placeOf(visit: Visit): Place {
    const [, host = ""] = visit.origin.split("://", 2);
    return this.#places.of(host);
  }

  #given(visit: Visit, path: string): Given {
    const place = this.placeOf(visit);
    if (place instanceof Nowhere) return notFound();
    const methods = this.#handlers.get(path.slice(this.prefix.length));
    if (methods === undefined) return notFound();
    const handler = Object.hasOwn(methods, visit.method) ? methods[visit.method] : undefined;
    if (handler === undefined) return notAllowed(methods);
    // As browsers know it, whatever the server thinks of its scheme.
    return handler(place instanceof SessionOrigin ? visit.atSession(place.origin) : visit);
  }

  #handlersOf(understudy: Understudy, options: RoutesOptions): Handlers {
    const runtime = () => understudy.runtime();
    const sessions = new BrowserSessions(runtime);
    const { epoch, prefix } = this;
    const { consentOf = null, staff = null } = options;
    const parts = { understudy, addresses: this, sessions, epoch, wayBack: this.#wayBack };
    const launching = new Launching({ ...parts, handOffs: options.handOffs ?? DEFAULT });
    const leaving = new Leaving({ ...parts, afterEnd: options.afterEnd ?? "dashboard" });
    const staying = new Staying(runtime, sessions, { path: `${prefix}/stay` });
    const status = new Status(runtime, sessions);
    const asking = new Asking(runtime, this);
    return new Map([
      ["/launch", { GET: (visit) => launching.launch(visit) }],
      ["/callback", { GET: (visit) => launching.callback(visit) }],
      ["/state", { GET: (visit) => staying.state(visit) }],
      ["/status", { GET: (visit) => status.status(visit) }],
      ["/stay", { POST: (visit) => staying.stay(visit) }],
      ["/unlock", { POST: (visit) => asking.ask(visit) }],
      ["/end", { GET: (visit) => leaving.confirm(visit), POST: (visit) => leaving.end(visit) }],
      ...SCRIPTS,
      ...(consentOf ? ownPages(new Consenting({ ...parts, consentOf, staff })) : []),
      ...(staff ? starts(new Starting({ ...parts, staff })) : []),
    ]);
  }
}

function ownPages(own: Consenting): [string, Methods][] {
  return [
    ["/consent", { GET: (visit) => own.consent(visit), POST: (visit) => own.say(visit) }],
    [
      "/access-history",
      { GET: (visit) => own.history(visit), POST: (visit) => own.complain(visit) },
    ],
  ];
}

function starts(starting: Starting): [string, Methods][] {
  return [
    ["/start", { POST: (visit) => starting.start(visit) }],
    ["/hand", { GET: (visit) => starting.hand(visit) }],
    ["/arrive", { GET: (visit) => starting.arrive(visit) }],
  ];
}

function notFound(): Answer {
  return problem(404, "not_found", refusalText("not_found"));
}

function notAllowed(methods: Methods): Answer {
  const allowed = Object.keys(methods).sort().join(", ");
  return problem(405, "method_not_allowed", METHOD).withHeaders(["allow", allowed]);
}
