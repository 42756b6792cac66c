/**
 * What an application may ask about itself in its own name, for its people at a terminal.
 *
 * Nothing of it is on the way of a request, and it can start nothing.
 */

import { UnderstudyError } from "./core/errors.ts";
import { type Fields, readObject } from "./fields.ts";

/** Live sessions that are looked at; more at once are an incident by themselves. */
export const MOST = 500;
const PAGE = 100;
/** So many actors are searched for one by one; for more, all live sessions are looked at. */
const FEW = 3;

/** A link to the service that takes any call of its native API. */
export interface Asking {
  /**
   * The answer's body.
   *
   * @throws UnderstudyError the service refuses, or cannot be reached.
   */
  ask(method: string, path: string): Promise<Buffer>;
}

/** The application as the service knows it; without its settings. */
export interface OwnApplication {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** Who works as whom, why, and until when. */
export interface LiveSession {
  readonly id: string;
  readonly actor: string;
  readonly actorId: string;
  readonly subject: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly scope: string;
  readonly startedAt: Date;
  readonly endsAt: Date;
}

/**
 * A session that is over, whether by this revocation or before, and in the log if `logged`.
 *
 * While it is not, nothing can be written there: revoke it again until it is.
 */
export interface RevokedSession {
  readonly id: string;
  readonly cause: string | null;
  readonly logged: boolean;
}

/** Asks by `link`; rejects with what the service refuses. */
export class Office {
  readonly #link: Asking;

  constructor(link: Asking) {
    this.#link = link;
  }

  /**
   * The application whose id and secret the link uses.
   *
   * @throws NotSignedIn they are wrong.
   * @throws Unavailable the service cannot be reached.
   */
  async application(): Promise<OwnApplication> {
    const fields = readObject(await this.#link.ask("GET", "/application"));
    return { id: fields.text("id"), name: fields.text("name"), status: fields.text("status") };
  }

  /**
   * The application's live sessions, newest first, `MOST` of them.
   *
   * @throws Unavailable the service cannot be reached.
   */
  async sessions(): Promise<LiveSession[]> {
    return (await this.#sessions({}, MOST)).slice(0, MOST);
  }

  /**
   * End a session now; one that is over already stays as it is.
   *
   * @throws NotFound the application has no such session.
   * @throws Unavailable the service cannot be reached.
   */
  async revoke(sessionId: string): Promise<RevokedSession> {
    const path = `/sessions/${encodeURIComponent(sessionId)}/revoke`;
    const fields = readObject(await this.#link.ask("POST", path));
    return {
      id: fields.text("id"),
      cause: fields.optionalText("end_cause"),
      logged: fields.optionalTruth("logged") !== false,
    };
  }

  /**
   * The ids of the live sessions of these actors.
   *
   * @throws Unavailable the service cannot be reached.
   */
  async sessionsOf(...actorIds: string[]): Promise<string[]> {
    const wanted = new Set(actorIds);
    // Live sessions are few, and those who leave may be thousands.
    const oneByOne = [...wanted].map((actorId) => ({ actor_id: actorId }));
    const found: string[] = [];
    for (const whose of wanted.size <= FEW ? oneByOne : [{}]) {
      const theirs = await this.#sessions(whose);
      // Looked at here as well: a service that does not know the filter gives everybody's.
      found.push(...theirs.filter(({ actorId }) => wanted.has(actorId)).map(({ id }) => id));
    }
    return [...new Set(found)];
  }

  /**
   * End every live session of actors whom the app has disabled or demoted.
   *
   * The service asks nobody whether those whom the app itself vouches for still work there.
   *
   * @throws UnderstudyError one could not be ended; all of them have been tried.
   */
  async revokeOf(...actorIds: string[]): Promise<RevokedSession[]> {
    const over: RevokedSession[] = [];
    let refused: UnderstudyError | null = null;
    for (const sessionId of await this.sessionsOf(...actorIds)) {
      try {
        over.push(await this.revoke(sessionId));
      } catch (error) {
        if (!(error instanceof UnderstudyError)) throw error;
        refused = error;
      }
    }
    if (refused !== null) throw refused;
    return over;
  }

  async #sessions(
    whose: Readonly<Record<string, string>>,
    most = Number.POSITIVE_INFINITY,
  ): Promise<LiveSession[]> {
    const wanted = new URLSearchParams({ ...whose, state: "live", limit: String(PAGE) });
    const found: LiveSession[] = [];
    for (;;) {
      const page = readObject(await this.#link.ask("GET", `/sessions?${wanted}`));
      found.push(...page.objects("items").map(live));
      const cursor = page.optionalText("next_cursor");
      if (cursor === null || found.length >= most) return found;
      wanted.set("cursor", cursor);
    }
  }
}

function live(fields: Fields): LiveSession {
  return {
    id: fields.text("id"),
    actor: person(fields.object("actor")),
    actorId: fields.object("actor").text("id"),
    subject: person(fields.object("subject")),
    reason: fields.text("reason"),
    ticket: fields.optionalText("ticket"),
    scope: fields.text("scope"),
    startedAt: fields.time("started_at"),
    endsAt: fields.time("ends_at"),
  };
}

function person(fields: Fields): string {
  return fields.optionalText("email") ?? fields.text("id");
}
