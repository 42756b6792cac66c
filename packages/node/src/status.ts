/** What an app's own scripts are told of whom the browser works as. */

import { type BrowserSessions, tokenOf } from "./browserSessions.ts";
import { Ended, type Held } from "./cache.ts";
import type { Later } from "./later.ts";
import type { Runtime } from "./runtime.ts";
import { endingFacts, timesOf } from "./staying.ts";
import type { ActiveSession } from "./values.ts";
import { type Answer, jsonAnswer, type Visit } from "./visit.ts";

/**
 * Answers visits to the status. It names no secret, and nothing that a page of the subject must not
 * know: the reason and the ticket are the staff's.
 */
export class Status {
  readonly #runtime: () => Runtime;
  readonly #sessions: BrowserSessions;

  constructor(runtime: () => Runtime, sessions: BrowserSessions) {
    this.#runtime = runtime;
    this.#sessions = sessions;
  }

  /** Whom the browser works as; the service is asked only where its lease has run out. */
  status(visit: Visit): Answer | Later<Held | Ended> {
    const token = tokenOf(visit);
    if (token === null) return jsonAnswer({ impersonating: false });
    return this.#sessions.look(token, (found) => this.#told(found));
  }

  #told(found: Held | Ended): Answer {
    if (found instanceof Ended) return jsonAnswer({ impersonating: false, ...endingFacts(found) });
    const times = timesOf(found, this.#runtime().monotonic());
    return jsonAnswer({ impersonating: true, ...factsOf(found.session), ...times });
  }
}

function factsOf({ id, subject, actor, restrictions }: ActiveSession): Record<string, unknown> {
  return {
    session: id,
    subject: { id: subject.id, email: subject.email, name: subject.name },
    actor: { id: actor.id, email: actor.email, name: actor.name },
    scope: restrictions.scope,
    blocked_actions: restrictions.blockedActions.map(({ method, pattern, label }) => ({
      method,
      pattern,
      label,
    })),
  };
}
