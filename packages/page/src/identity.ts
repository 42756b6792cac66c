import { isOwn, KEY, resolved, unmarked } from "./address.ts";

const SHOWN = /(?:^|;\s*)understudy-page=([^;]*)/g;

/** Hears that the browser's identity is another than before; `differs` from the page's, or not. */
export type Listener = (now: string, differs: boolean) => void;

/** Whom a page was made for, and whether the browser still works for the same. */
export class Identity {
  readonly page: string;
  readonly #prefix: string;
  readonly #listeners: Listener[] = [];
  #now: string;
  #leaving = false;

  /** `prefix` is the path of our own addresses, which go on working whatever happens. */
  constructor(page: string, prefix: string) {
    this.page = page;
    this.#prefix = prefix;
    this.#now = page;
  }

  /** From now on `listener` hears of every change. */
  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Looks at the browser's identity, and answers whether it is another than the page's. */
  differs(): boolean {
    const now = shownFor(this.page);
    if (now !== this.#now) {
      this.#now = now;
      for (const listener of this.#listeners) listener(now, now !== this.page);
    }
    return now !== this.page;
  }

  /** As whom the browser worked when it was looked at last. */
  get now(): string {
    return this.#now;
  }

  /** The person gives the page up for a new one: nothing is withheld any more. */
  leave(): void {
    this.#leaving = true;
  }

  /** Whether a request to this address must not leave the page any more. */
  withholds(address: unknown): boolean {
    const url = resolved(address);
    return url !== null && !this.#isOurs(url) && this.differs() && !this.#leaving;
  }

  /** The address with the page's mark; null where none belongs, as on other origins. */
  marked(address: unknown): string | null {
    const url = resolved(address);
    if (url === null || !isOwn(url)) return null;
    const rest = unmarked(url.search);
    url.search = `${rest && `${rest}&`}${KEY}=${encodeURIComponent(this.page)}`;
    return url.href;
  }

  #isOurs(url: URL): boolean {
    return isOwn(url) && url.pathname.startsWith(this.#prefix);
  }
}

/**
 * The browser's identity for a page. The page's own where nothing is said: then the server judges.
 * A sister host can add a cookie of that name, so that one of several is enough.
 */
function shownFor(page: string): string {
  const shown = [...cookies().matchAll(SHOWN)].map(([, value]) => value ?? "");
  return shown.includes(page) ? page : (shown[0] ?? page);
}

function cookies(): string {
  try {
    return document.cookie;
  } catch {
    return ""; // a sandboxed frame has none
  }
}
