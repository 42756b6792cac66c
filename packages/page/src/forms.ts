import type { Identity } from "./identity.ts";
import type { Root } from "./roots.ts";
import { wrapCall } from "./wrapping.ts";

// A field may be called `getAttribute`, and then stands in the form's own place of that name.
const { getAttribute, setAttribute, removeAttribute } = Element.prototype;

/** Marks forms that are submitted in this root; a page of somebody else's submits none. */
export function guardSubmits(root: Root, identity: Identity): void {
  const target = root === document ? window : root;
  // Going down comes before every handler of the app's, which may hide the event from us; coming
  // back is for handlers that have given the form another address.
  for (const down of [true, false]) {
    target.addEventListener("submit", (event) => onSubmit(event as SubmitEvent, identity), down);
  }
}

/** The same for `submit()`, which makes no event. */
export function guardSubmitCalls(identity: Identity): void {
  wrapCall(HTMLFormElement.prototype, "submit", (native, self, args) => {
    const sending = Sending.of(self, null);
    if (sending?.withheld(identity)) return undefined;
    const putBack = sending?.mark(identity);
    try {
      return Reflect.apply(native, self, args);
    } finally {
      putBack?.();
    }
  });
}

function onSubmit(event: SubmitEvent, identity: Identity): void {
  const sending = Sending.of(event.composedPath()[0], event.submitter ?? null);
  if (sending?.withheld(identity)) {
    event.preventDefault();
    event.stopImmediatePropagation(); // what was typed stays, as nobody takes it for sent
  } else if (!event.defaultPrevented) {
    const putBack = sending?.mark(identity);
    // The browser reads the address behind the last handler, and before anything else runs.
    if (putBack) setTimeout(putBack);
  }
}

/** One submission of a form: how, and whose attribute says where to. */
class Sending {
  readonly #holder: Element;
  readonly #name: string;
  readonly #method: string;

  static of(form: unknown, submitter: Element | null): Sending | null {
    return form instanceof HTMLFormElement ? new Sending(form, submitter) : null;
  }

  private constructor(form: HTMLFormElement, submitter: Element | null) {
    const own = submitter !== null && read(submitter, "formaction") !== null;
    this.#holder = own ? submitter : form;
    this.#name = own ? "formaction" : "action";
    const method = (submitter && read(submitter, "formmethod")) ?? read(form, "method") ?? "";
    this.#method = method.toLowerCase();
  }

  withheld(identity: Identity): boolean {
    return this.#method !== "dialog" && identity.withholds(this.#address());
  }

  /** Put the mark on, where one belongs; the answer takes it off again. */
  mark(identity: Identity): (() => void) | null {
    const marked = this.#method === "post" ? identity.marked(this.#address()) : null;
    const before = read(this.#holder, this.#name);
    if (marked === null || marked === before) return null;
    Reflect.apply(setAttribute, this.#holder, [this.#name, marked]);
    return () => {
      if (read(this.#holder, this.#name) !== marked) return; // the app has set its own since
      if (before === null) Reflect.apply(removeAttribute, this.#holder, [this.#name]);
      else Reflect.apply(setAttribute, this.#holder, [this.#name, before]);
    };
  }

  /** Without one a form goes to the page's own address, whatever `<base>` says. */
  #address(): string {
    return read(this.#holder, this.#name) || document.URL;
  }
}

function read(element: Element, name: string): string | null {
  return Reflect.apply(getAttribute, element, [name]) as string | null;
}
