/** Understudy as it is installed in one app: what every framework's adapter drives. */

import { PREFIX } from "./addresses.ts";
import type { ConsentOf } from "./consenting.ts";
import { SetupError } from "./core/errors.ts";
import { Crossings } from "./crossing.ts";
import { DeclaredReads } from "./declaredReads.ts";
import { type GraphQLEndpoints, GraphQLReads } from "./graphqlReads.ts";
import type { AfterEnd } from "./leaving.ts";
import type { MethodOverrides } from "./overrides.ts";
import { OwnPages } from "./ownPage.ts";
import type { Identity } from "./passage/identity.ts";
import { Passages } from "./passage/opening.ts";
import { Reader } from "./reading.ts";
import { Routes } from "./routes.ts";
import { type HomeOf, type MayStart, readStaff, type StaffOf } from "./staff.ts";
import type { Understudy } from "./understudy.ts";
import { UnmarkedPaths } from "./unmarked.ts";
import { Unrecorded } from "./unrecorded.ts";

/**
 * What an app may set, by the same names under every framework; nothing of it is needed.
 *
 * `Request` is the framework's own, as the app's callables get it.
 */
export interface Options<Request = never> {
  /** Where a session begins when nothing else was asked for. */
  readonly home?: string;
  /** Where a session's end leads. */
  readonly afterEnd?: AfterEnd;
  /** Where our own addresses are. */
  readonly prefix?: string;
  /**
   * The ways by which sessions come in: `code`, and `stytch` or `clerk` for tokens in the
   * callback's address, which is weaker (docs/decisions/0013-query-token-hand-offs.md).
   */
  readonly handOffs?: Iterable<string>;
  /**
   * Path prefixes, such as `/static/`, whose reading says nothing about anybody and stays out of
   * the log.
   */
  readonly unrecorded?: Iterable<string>;
  /** The ways by which a request may name another method than its own. */
  readonly methodOverrides?: MethodOverrides;
  /**
   * Path prefixes, such as `/api/`, to which pages send a token of their own: in a session the app
   * does not get it, and serves the subject by what is laid over it. Elsewhere a request of a
   * session that brings credentials of its own is refused.
   */
  readonly bearerPaths?: Iterable<string>;
  /**
   * The cookies by which the app knows its users, such as `connect.sid`, which a session on the
   * app's own host must neither see nor change; at a session's origin all cookies are kept apart.
   */
  readonly ownCookies?: Iterable<string>;
  /** At a session's origin: the cookies that scripts write and the app reads. */
  readonly scriptCookies?: Iterable<string>;
  /** At a session's origin: what the app takes for its own address, such as `https://app.example`. */
  readonly presentHost?: string | null;
  /**
   * Path prefixes where what comes without a page's mark may do more than read, such as `/paid/` to
   * which another site sends people by a form; there nobody can tell for whom they are sent.
   */
  readonly unmarkedOk?: Iterable<string>;
  /** Paths whose reading changes something: before it, the person sees for whom. */
  readonly writesByGet?: Iterable<string>;
  /**
   * Routes that change nothing though their method could, such as `POST /search`, or `/search`
   * whatever the method: sessions that may only read may ask them (docs/howto/read-only.md).
   */
  readonly reads?: Iterable<string>;
  /**
   * GraphQL endpoints, where the document says what only reads: in sessions that may only read
   * queries pass, by POST as well, and nothing else does. `parse` is that of the app's `graphql`.
   */
  readonly graphql?: GraphQLEndpoints | null;
  /** For how long behind a session a browser's pages are marked; 24. */
  readonly epochHours?: number;
  /**
   * Lets the app's own staff start sessions by `POST /_understudy/start`: says who of them makes a
   * request, or nothing. It may throw `SignInRequired` (docs/howto/start-in-your-app.md).
   */
  readonly staff?: StaffOf<Request> | null;
  /**
   * Lets the app's own users agree, look and complain at `/_understudy/consent` and
   * `/_understudy/access-history`: gives the id of the one whose own sign-in a request carries, or
   * nothing (docs/howto/consent.md).
   */
  readonly consentOf?: ConsentOf<Request> | null;
  /** Whether they may ask for this user; it may throw `SignInRequired`, too. */
  readonly mayStart?: MayStart<Request> | null;
  /** The path of the app at which a session begins. */
  readonly homeOf?: HomeOf | null;
}

// Each once, by the compiler's word: one that is missing here, or is none, does not compile.
const KNOWN: Readonly<Record<keyof Options, true>> = {
  afterEnd: true,
  bearerPaths: true,
  consentOf: true,
  epochHours: true,
  graphql: true,
  handOffs: true,
  home: true,
  homeOf: true,
  mayStart: true,
  methodOverrides: true,
  ownCookies: true,
  prefix: true,
  presentHost: true,
  reads: true,
  scriptCookies: true,
  staff: true,
  unmarkedOk: true,
  unrecorded: true,
  writesByGet: true,
};

/** Our own addresses, the reader of requests, the opener of passages and the own pages' marks. */
export class Installed {
  readonly understudy: Understudy;
  readonly routes: Routes;
  readonly reader: Reader;
  readonly ownPages: OwnPages;
  readonly passages: Passages;
  /** What stands behind the label in the Host of every session's origin. */
  readonly below: string | null;

  /** @throws {SetupError} an option is unknown or malformed, or contradicts another one. */
  constructor(understudy: Understudy, identity: Identity, options: Options) {
    mustBeKnown(options);
    const { client } = understudy;
    this.understudy = understudy;
    this.routes = routesOf(understudy, options);
    this.below = client.sessionOrigins?.below ?? null;
    this.reader = readerOf(options);
    this.ownPages = new OwnPages((base) => this.routes.pageScript(base), this.routes.epoch);
    const crossings = new Crossings(client, options);
    const unrecorded = new Unrecorded(options.unrecorded ?? []);
    const { routes } = this;
    const graphql = options.graphql ? new GraphQLReads(options.graphql) : null;
    this.passages = new Passages({
      understudy,
      routes,
      identity,
      unrecorded,
      crossings,
      graphql,
    });
  }
}

function routesOf(understudy: Understudy, options: Options): Routes {
  const { prefix = PREFIX, home = "/", afterEnd, handOffs, epochHours } = options;
  const staff = readStaff(options.staff, options.mayStart, options.homeOf);
  return new Routes(understudy, {
    prefix,
    home,
    staff,
    consentOf: options.consentOf ?? null,
    streams: true,
    ...(afterEnd === undefined ? {} : { afterEnd }),
    ...(handOffs === undefined ? {} : { handOffs }),
    ...(epochHours === undefined ? {} : { epochHours }),
  });
}

function readerOf(options: Options): Reader {
  const { methodOverrides, bearerPaths = [], unmarkedOk, writesByGet } = options;
  return new Reader({
    ...(methodOverrides === undefined ? {} : { overrides: methodOverrides }),
    bearerPaths,
    unmarkedPaths: new UnmarkedPaths(unmarkedOk ?? [], writesByGet ?? []),
    declaredReads: new DeclaredReads(options.reads),
  });
}

function mustBeKnown(options: Options): void {
  // A misspelled one would leave a door open of which its author believes that it is shut.
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(KNOWN, name)) {
      const known = Object.keys(KNOWN).join(", ");
      throw new SetupError(`There is no option ${name}; there are ${known}.`);
    }
  }
}
