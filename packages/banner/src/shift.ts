import type { Timer } from "./pace.ts";

const MARK = "data-understudy-shift";
/** A look reads at most so many elements, and the next waits 20 times as long as it took. */
const MOST = 5_000;
const REST = 20;
const PAUSE = 150;
const CHANGES = {
  attributes: true,
  attributeFilter: [MARK, "class", "style", "hidden", "open"],
  childList: true,
  subtree: true,
};

/**
 * Moves what an app keeps at the top of the window below the banner: fixed headers, what stands close
 * below them, and sticky ones. It marks elements and styles the marks, so that giving up the marks
 * gives everything back; and it looks again when the page changes, for a twentieth of the time at most.
 */
export class Shift {
  readonly #host: Element;
  readonly #onRules: () => void;
  readonly #changes: MutationObserver = new MutationObserver(() => this.#later());
  #height = 0;
  #rules = "";
  #freeAt = 0;
  #timer: Timer | undefined;

  constructor(host: Element, onRules: () => void, signal: AbortSignal) {
    this.#host = host;
    this.#onRules = onRules;
    this.#changes.observe(document.documentElement, CHANGES);
    // Style sheets and fonts that arrive, classes that take their time, skip links that show.
    for (const type of ["load", "transitionend", "focusin", "resize"]) {
      window.addEventListener(type, () => this.#later(), { capture: true, signal });
    }
    signal.addEventListener("abort", () => this.#stop());
  }

  /** The rules that keep the app's own below a banner of this height. */
  below(height: number): string {
    if (height !== this.#height) {
      this.#height = height;
      this.#look();
    }
    return this.#rules;
  }

  #stop(): void {
    this.#changes.disconnect();
    clearTimeout(this.#timer);
    mark(new Map());
  }

  #later(): void {
    if (this.#timer !== undefined || this.#height === 0) return;
    const delay = Math.max(PAUSE, this.#freeAt - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
      this.#onRules();
    }, delay);
  }

  #look(): void {
    const now = performance.now();
    const marks = this.#height > 0 ? marksBelow(this.#height, this.#host) : new Map();
    mark(marks);
    this.#changes.takeRecords();
    this.#rules = [...new Set([...marks.values()].flatMap((text) => text.split(" ")))]
      .map((text) => rule(text, this.#height))
      .join("");
    const then = performance.now();
    this.#freeAt = then + REST * (then - now);
  }
}

/** What stands at the top of the window: where it would be without us, and by what it is moved. */
interface Held {
  readonly element: Element;
  readonly sticky: boolean;
  /** Its own `top` when sticky, else its own margin. */
  readonly base: number;
  readonly top: number;
  readonly height: number;
  readonly wide: boolean;
  readonly flows: boolean;
}

function marksBelow(height: number, host: Element): Map<Element, string> {
  const marks = new Map<Element, string>();
  const scrolls = getComputedStyle(host).position === "absolute";
  let limit = height;
  for (const held of heldAtTop(host).sort((one, other) => one.top - other.top)) {
    // A banner that scrolls away with the page leaves the way free to what sticks.
    if (scrolls && held.sticky) continue;
    if (held.top < (held.flows ? height : limit)) marks.set(held.element, textOf(held, height));
    // What stood close below a header has to go on standing there.
    const header = held.top < 1 && held.wide && held.height < innerHeight / 2 && !held.flows;
    if (header) limit = Math.max(limit, held.height + height);
  }
  return marks;
}

function heldAtTop(host: Element): Held[] {
  const held: Held[] = [];
  const all = document.body?.getElementsByTagName("*") ?? [];
  for (let index = 0; index < all.length && index < MOST; index += 1) {
    const element = all[index];
    const one = element === undefined || element === host ? null : heldBy(element);
    if (one !== null) held.push(one);
  }
  return held;
}

function heldBy(element: Element): Held | null {
  const style = getComputedStyle(element);
  const { position } = style;
  const sticky = position === "sticky";
  if (!sticky && position !== "fixed" && position !== "absolute") return null;
  const box = element.getBoundingClientRect();
  if (box.width === 0 || !isTopLevel(element, position)) return null;
  const own = Number.parseFloat(sticky ? style.top : style.marginTop);
  const known = new RegExp(`^${sticky ? "t" : "m"}(\\S+)`).exec(element.getAttribute(MARK) ?? "");
  const base = known === null ? own : Number(known[1]);
  if (Number.isNaN(base)) return null;
  const flows = position === "absolute";
  const top = sticky ? base : box.top - (own - base) + (flows ? scrollY : 0);
  const wide = box.width > innerWidth / 2;
  return { element, sticky, base, top, height: box.height, wide, flows };
}

/** Whether the window itself holds it, and no part of the page that the banner has pushed down. */
function isTopLevel(element: Element, position: string): boolean {
  if (position === "sticky") return !scrollsInside(element);
  const styles = element.computedStyleMap?.();
  if (styles && `${styles.get("top")}${styles.get("bottom")}` === "autoauto") return false;
  const around = (element as HTMLElement).offsetParent;
  if (position === "fixed") return around === null;
  return around === document.body && getComputedStyle(around).position === "static";
}

function scrollsInside(element: Element): boolean {
  const root = document.documentElement;
  // The body's own overflow is the window's, unless the root has one.
  const last = getComputedStyle(root).overflowY === "visible" ? document.body : root;
  for (let part = element.parentElement; part && part !== last; part = part.parentElement) {
    if (/auto|scroll|hidden/.test(getComputedStyle(part).overflow)) return true;
  }
  return false;
}

function textOf({ element, sticky, base, top, height }: Held, banner: number): string {
  const old = / x\S+/.exec(element.getAttribute(MARK) ?? "")?.[0];
  const fitted = top + height < innerHeight + 1 && top + height + banner > innerHeight;
  return `${sticky ? "t" : "m"}${base}${old ?? (fitted ? ` x${Math.round(top)}` : "")}`;
}

function rule(text: string, height: number): string {
  const to = `${Number(text.slice(1)) + height}px`;
  const name = { m: "margin-top", t: "top", x: "box-sizing:border-box!important;max-height" }[
    text.charAt(0)
  ];
  const value = text.startsWith("x") ? `calc(100vh - ${to})` : to;
  return `[${MARK}~="${text}"]:not(#_){${name}:${value}!important}`;
}

function mark(marks: ReadonlyMap<Element, string>): void {
  for (const element of document.querySelectorAll(`[${MARK}]`)) {
    if (!marks.has(element)) element.removeAttribute(MARK);
  }
  for (const [element, text] of marks) {
    if (element.getAttribute(MARK) !== text) element.setAttribute(MARK, text);
  }
}
