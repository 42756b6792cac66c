/**
 * What the tabs of one app tell each other: that it is time to look, and nothing else. Each asks the
 * server itself, so that no page has to believe another one.
 */
export class Tabs {
  readonly #name: string;
  #channel: BroadcastChannel | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  /** From now on `look` is called when another tab says so. */
  open(look: () => void): void {
    if (typeof BroadcastChannel === "undefined") return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener("message", look);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  /** Says that something has changed. */
  tell(): void {
    if (typeof BroadcastChannel === "undefined") return;
    const channel = this.#channel ?? new BroadcastChannel(this.#name);
    channel.postMessage("look");
    if (channel !== this.#channel) channel.close();
  }
}
