import { Pace, type Timer } from "./pace.ts";

// Every prefix this page has used: a title that page script read, kept and wrote back has old ones.
const used = new Set<string>();

/** Keeps a prefix on the document's title while page script changes the rest of it. */
export class TitleMark {
  readonly #pace: Pace = new Pace(10, 10_000);
  readonly #observer: MutationObserver = new MutationObserver(() => this.keep());
  #head: HTMLHeadElement | null = null;
  #prefix = "";
  #timer: Timer | undefined;

  /** Shows the prefix from now on, instead of any other. */
  show(prefix: string): void {
    this.#prefix = prefix;
    used.add(prefix);
    this.keep();
  }

  /** Looks at the title and marks it again if the mark is gone. */
  keep(): void {
    this.#watch();
    if (this.#timer !== undefined || document.title === this.#wanted()) return;
    const delay = this.#pace.take(performance.now());
    if (delay === 0) this.#write();
    else this.#timer = setTimeout(() => this.#write(), delay);
  }

  stop(): void {
    this.#observer.disconnect();
    clearTimeout(this.#timer);
    document.title = unmarked(document.title);
  }

  #write(): void {
    this.#timer = undefined;
    const wanted = this.#wanted();
    if (document.title !== wanted) document.title = wanted;
  }

  #wanted(): string {
    // As `document.title` will read it: white space at its end is dropped there.
    return `${this.#prefix} — ${unmarked(document.title)}`.trim();
  }

  #watch(): void {
    if (this.#head === document.head) return;
    this.#observer.disconnect();
    this.#head = document.head;
    const what = { childList: true, characterData: true, subtree: true };
    if (this.#head) this.#observer.observe(this.#head, what);
  }
}

function unmarked(title: string): string {
  let rest = title;
  for (const prefix of used) rest = rest.replaceAll(`${prefix} —`, "");
  return rest.replace(/\s+/g, " ").trim();
}
