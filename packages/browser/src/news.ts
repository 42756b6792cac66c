import { Tabs } from "./tabs.ts";
import type { Status } from "./values.ts";

export type Listener = (status: Status) => void;

/** Without a banner, which hears of an end by itself, an end is known within so many milliseconds. */
const QUICK = 5_000;
const CALM = 30_000;
/** Events of the banner, and of the script that guards pages. */
const OURS = ["understudy:ended", "understudy:identity-changed"];

/** What is known of the browser's session, and who wants to hear of changes. */
export class News {
  readonly #ask: () => Promise<Status>;
  readonly #tabs: Tabs;
  readonly #listeners = new Set<Listener>();
  #status: Status | null = null;
  #asked = 0;
  #answered = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #open: AbortController | null = null;

  constructor(name: string, ask: () => Promise<Status>) {
    this.#ask = ask;
    this.#tabs = new Tabs(name);
  }

  get status(): Status | null {
    return this.#status;
  }

  /** From now on `listener` hears of every change; the answer makes it stop. */
  subscribe(listener: Listener): () => void {
    // An own function each time: one listener may be there twice.
    const own: Listener = (status) => listener(status);
    this.#listeners.add(own);
    if (this.#open === null) this.#start();
    else if (this.#status !== null) own(this.#status);
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** The status as the server tells it now. */
  async look(): Promise<Status> {
    return (await this.#look()).status;
  }

  /** The server has said so in another answer: what was asked before it counts no more. */
  learn(status: Status): void {
    this.#answered = ++this.#asked;
    this.#take(status);
    this.#tabs.tell();
  }

  /** Tells the other tabs that something has changed. */
  tell(): void {
    this.#tabs.tell();
  }

  #start(): void {
    this.#open = new AbortController();
    const { signal } = this.#open;
    const look = (): void => void this.#lookAround(true);
    for (const type of OURS) document.addEventListener(type, look, { signal });
    document.addEventListener("visibilitychange", look, { signal });
    window.addEventListener("online", look, { signal });
    // A page that was kept for the back button may be old when it returns.
    window.addEventListener("pageshow", (event) => event.persisted && look(), { signal });
    this.#tabs.open(() => void this.#lookAround(false));
    look();
  }

  #stop(): void {
    this.#open?.abort();
    this.#open = null;
    this.#tabs.close();
    clearTimeout(this.#timer);
  }

  /** Asks where somebody looks; a change that this tab finds by itself is told to the others. */
  async #lookAround(tells: boolean): Promise<void> {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    const known = this.#status;
    const changed = await this.#look().then(
      (found) => found.changed,
      // What cannot be asked may be as it was: nobody is told anything.
      () => false,
    );
    if (changed && known !== null && tells) this.#tabs.tell();
    this.#schedule();
  }

  async #look(): Promise<{ status: Status; changed: boolean }> {
    const turn = ++this.#asked;
    const status = await this.#ask();
    // Answers may overtake each other.
    if (turn < this.#answered) return { status, changed: false };
    this.#answered = turn;
    return { status, changed: this.#take(status) };
  }

  #take(status: Status): boolean {
    if (this.#status !== null && sameness(this.#status) === sameness(status)) return false;
    this.#status = status;
    for (const listener of [...this.#listeners]) listener(status);
    return true;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#open === null || document.hidden) return;
    const isAlone = document.querySelector("understudy-banner") === null;
    const wait = this.#status?.impersonating && isAlone ? QUICK : CALM;
    this.#timer = setTimeout(() => void this.#lookAround(true), wait);
  }
}

/** What makes two statuses the same: everything but when they were told. */
function sameness(status: Status): string {
  return JSON.stringify({ ...status, serverNow: null });
}
