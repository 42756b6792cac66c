/** The streams of news by which apps hear of ends, as a fake service tells them. */

import { Bell } from "../pause.ts";
import type { News } from "../values.ts";
import type { Changes } from "./changes.ts";

/** How long an end waits until every app has heard of it. */
const HEARD_SECONDS = 1;
const BEAT_SECONDS = 1;

/** What one app was told and has not yet taken in; null ends it. */
class Stream {
  readonly #told: (News | null)[] = [];
  readonly #bell = new Bell();
  isListening = false;

  /** Whether everything was taken in. */
  get isThrough(): boolean {
    return this.#told.length === 0;
  }

  tell(news: News | null): void {
    this.#told.push(news);
    this.#bell.ring();
  }

  /** The next news, or a beat when there is none for a second. It stays until it is taken in. */
  async next(): Promise<News | null> {
    if (this.isThrough) await this.#bell.wait(BEAT_SECONDS);
    const [first] = this.#told;
    return first === undefined ? { kind: "beat", index: 1 } : first;
  }

  /** Whoever reads asks for more: `news` has been taken in. */
  took(news: News): void {
    if (this.#told[0] === news) this.#told.shift();
  }
}

/** All streams that stand. */
export class Streams {
  readonly #changes: Changes;
  readonly #standing = new Set<Stream>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** Put `news` on every stream; resolves once all have taken it in, or after a second. */
  async tell(news: News): Promise<void> {
    const streams = [...this.#standing];
    for (const stream of streams) stream.tell(news);
    const isHeard = () => streams.every(({ isThrough }) => isThrough) || null;
    await this.#changes.until(isHeard, () => "", HEARD_SECONDS).catch(() => undefined);
  }

  /** End every stream. */
  cut(): void {
    for (const stream of this.#standing) stream.tell(null);
  }

  /** True once an app has taken in a first beat. */
  isFollowed(): boolean {
    return [...this.#standing].some(({ isListening }) => isListening);
  }

  /** A new stream, until it is cut. */
  async *follow(): AsyncGenerator<News> {
    const stream = new Stream();
    this.#standing.add(stream);
    try {
      yield { kind: "beat", index: 1 };
      stream.isListening = true;
      this.#changes.tell();
      for (let news = await stream.next(); news !== null; news = await stream.next()) {
        yield news;
        stream.took(news);
        this.#changes.tell();
      }
    } finally {
      this.#standing.delete(stream);
      this.#changes.tell();
    }
  }
}
