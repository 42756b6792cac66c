import { wrapCall } from "./wrapping.ts";

/** What a root may hold: the document, and every shadow root that can be found. */
export type Root = Document | ShadowRoot;

/**
 * Calls `enter` for the document and once for each shadow root in it, closed ones too: a `submit`
 * does not leave its root. Roots that the parser made are found when it is through, or when
 * somebody uses them; closed ones among them only if their element asks for its internals.
 */
export class Roots {
  readonly #early: Set<Root> = new Set();
  #loading = true;
  readonly #entered: WeakSet<Root> = new WeakSet();
  readonly #enter: (root: Root) => void;

  constructor(enter: (root: Root) => void) {
    this.#enter = enter;
    this.#add(document);
    wrapCall(Element.prototype, "attachShadow", (native, self, args) =>
      this.#add(Reflect.apply(native, self, args) as ShadowRoot),
    );
    wrapCall(HTMLElement.prototype, "attachInternals", (native, self, args) => {
      const internals = Reflect.apply(native, self, args) as ElementInternals;
      if (internals.shadowRoot) this.#add(internals.shadowRoot);
      return internals;
    });
    document.addEventListener("readystatechange", () => this.look(document), true);
    for (const type of ["focusin", "pointerdown", "keydown", "click"]) {
      window.addEventListener(type, (event) => this.#addAlong(event.composedPath()), true);
    }
  }

  /** Every root that was found while the page came up. */
  early(): Iterable<Root> {
    return this.#early;
  }

  /** The page is there: roots that go may be forgotten from now on. */
  settle(): void {
    this.#loading = false;
    this.#early.clear();
  }

  /** Looks for open roots below this one. */
  look(root: Root): void {
    for (const { shadowRoot } of root.querySelectorAll("*")) {
      if (shadowRoot === null) continue;
      this.#add(shadowRoot);
      this.look(shadowRoot);
    }
  }

  #addAlong(path: EventTarget[]): void {
    for (const target of path) if (target instanceof ShadowRoot) this.#add(target);
  }

  #add<Kind extends Root>(root: Kind): Kind {
    if (this.#entered.has(root)) return root;
    this.#entered.add(root);
    if (this.#loading) this.#early.add(root);
    this.#enter(root);
    return root;
  }
}
