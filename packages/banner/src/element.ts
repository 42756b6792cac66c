import { coveredByTop } from "./frame.ts";
import { readSession } from "./session.ts";
import { Stage } from "./stage.ts";
import { hiddenSheet } from "./style.ts";

// The banner that speaks for this page; a soft navigation that brings a new one replaces it.
let current: UnderstudyBanner | null = null;

/**
 * `<understudy-banner>`: draws the session over the server's own markup, which stays as the fallback
 * where its attributes cannot be read. The attributes are read once, when the element first connects.
 */
export class UnderstudyBanner extends HTMLElement {
  #stage: Stage | null = null;

  connectedCallback(): void {
    if (this.#stage !== null || this.shadowRoot !== null) return;
    if (coveredByTop(window)) {
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [hiddenSheet()];
      return;
    }
    const session = readSession(this.dataset, location.href);
    if (session === null) return;
    if (current !== this) current?.retire();
    current = this;
    this.#stage = new Stage(this, session);
  }

  disconnectedCallback(): void {
    this.#stage?.onRemoved();
  }

  /** Leaves the page to a newer banner. */
  retire(): void {
    this.#stage?.close();
    this.remove();
  }
}
