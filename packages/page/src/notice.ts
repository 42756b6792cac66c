import { noticeSheet, roomSheet } from "./style.ts";
import { belongsText, NOTHING_SENT, nowText, RELOAD } from "./wording.ts";

const NAME = "understudy-notice";
const LONGEST = 60;

/** The bar over a page that belongs to somebody else. */
export class Notice {
  readonly #page: string;
  readonly #reload: () => void;
  readonly #room: CSSStyleSheet = new CSSStyleSheet();
  #host: HTMLElement | null = null;
  #text: HTMLElement | null = null;

  constructor(page: string, reload: () => void) {
    this.#page = page;
    this.#reload = reload;
  }

  /** Shows it, also where the page has taken it out, for a browser that works as `now`. */
  show(now: string): void {
    this.#host ??= this.#build();
    if (!this.#host.isConnected) this.#place(this.#host);
    const said = `${belongsText(this.#page, subjectOf(this.#page))} ${nowText(now)} ${NOTHING_SENT}`;
    // Said only once it stands in the page: a screen reader hears what changes in an alert.
    if (this.#text && this.#text.textContent !== said) this.#text.textContent = said;
    // What stands at the top of the page can still be read and copied. The banner, whose place is
    // kept free already, is of no more use.
    roomSheet(this.#room, Math.max(0, this.#host.offsetHeight - heightOfBanner()));
    document.adoptedStyleSheets = [...this.#others(), this.#room];
  }

  hide(): void {
    document.adoptedStyleSheets = this.#others();
    this.#host?.remove();
    if (this.#text) this.#text.textContent = "";
  }

  #place(host: HTMLElement): void {
    document.documentElement.append(host);
    // Above the app's own dialogs, where the browser can.
    host.showPopover?.();
  }

  #others(): CSSStyleSheet[] {
    return [...document.adoptedStyleSheets].filter((sheet) => sheet !== this.#room);
  }

  #build(): HTMLElement {
    const host = document.createElement(NAME);
    host.setAttribute("popover", "manual");
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [noticeSheet()];
    const section = document.createElement("section");
    for (const [name, value] of Object.entries(SECTION)) section.setAttribute(name, value);
    this.#text = document.createElement("p");
    this.#text.setAttribute("role", "alert");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = RELOAD;
    button.addEventListener("click", this.#reload);
    section.append(this.#text, button);
    root.append(section);
    return host;
  }
}

const SECTION = { "aria-label": "Page of somebody else", tabindex: "-1", lang: "en", dir: "ltr" };

function heightOfBanner(): number {
  return document.querySelector<HTMLElement>("understudy-banner")?.offsetHeight ?? 0;
}

/** Whom the page's banner names, if it is the banner of this page's session. */
function subjectOf(page: string): string {
  const banner = document.querySelector<HTMLElement>("understudy-banner");
  const subject = banner?.dataset.session === page ? (banner.dataset.subject ?? "") : "";
  const name = subject.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
