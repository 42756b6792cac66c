import { isSoon } from "./countdown.ts";
import { element } from "./dom.ts";
import { chevronIcon, Dial, markIcon, scopeIcon } from "./icons.ts";
import type { Link } from "./live.ts";
import type { Session } from "./session.ts";
import type { Ending } from "./state.ts";
import {
  AWAY,
  causeText,
  ENDED,
  endedText,
  IF_IDLE,
  OFFLINE,
  SCOPES,
  STAY,
  TIME_UP,
  timeText,
} from "./wording.ts";

/** What the banner looks like; it decides nothing. Its states are `data-` attributes of one section. */
export class View {
  readonly form: HTMLFormElement;
  readonly endButton: HTMLButtonElement = element("button", { class: "end" }, "End session");
  readonly stayButton: HTMLButtonElement = element(
    "button",
    { class: "stay", type: "button" },
    STAY,
  );
  readonly confirmLink: HTMLAnchorElement;
  readonly toggle: HTMLButtonElement;
  readonly polite: HTMLElement = element("div", {
    class: "unseen",
    role: "status",
    "aria-live": "polite",
  });
  readonly assertive: HTMLElement = element("div", { class: "unseen", role: "alert" });
  readonly section: HTMLElement;
  readonly #session: Session;
  readonly #dial: Dial = new Dial();
  readonly #clock: HTMLElement = element("span", { role: "timer" });
  readonly #idle: HTMLElement = element("span", { class: "idle" });
  readonly #lead: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #offline: HTMLElement = element("p", { class: "offline", title: OFFLINE });
  readonly #back: HTMLAnchorElement;

  constructor(session: Session) {
    this.#session = session;
    this.form = element("form", { method: "post", action: session.endUrl }, this.endButton);
    this.confirmLink = element("a", { class: "link", href: session.endUrl }, "Other ways to end");
    this.#back = element(
      "a",
      { class: "link back", href: session.returnUrl ?? "" },
      "Reload to make sure",
    );
    const details = {
      "aria-expanded": "true",
      "aria-controls": "facts",
      "aria-label": "Session details",
    };
    this.toggle = element("button", { class: "toggle", type: "button", ...details }, chevronIcon());
    this.#lead = element("p", { class: "lead" }, ...leadOf(session));
    this.#facts = element("p", { class: "facts", id: "facts" }, ...factsOf(session));
    for (const line of [this.#lead, this.#facts]) line.title = line.textContent ?? "";
    this.section = this.#assemble();
  }

  /** All nodes for the shadow root; the slot is there so that the server's markup has a place to stay. */
  nodes(): Node[] {
    return [this.section, this.polite, this.assertive, element("slot", { hidden: "" })];
  }

  /** The time until the nearer end; where that is because nothing happens, one may stay. */
  showTime(remaining: number, byIdle: boolean): void {
    const soon = byIdle ? "idle" : "soon";
    this.section.dataset.phase = isSoon(remaining, byIdle) ? soon : "active";
    this.#clock.textContent = timeText(remaining, byIdle);
    this.#idle.textContent = byIdle ? IF_IDLE : "";
    this.#dial.show(remaining);
  }

  /** The countdown is at zero and nobody has confirmed the end yet. */
  showTimeUp(): void {
    this.section.dataset.phase = "overdue";
    this.#clock.textContent = TIME_UP;
    this.#idle.textContent = "";
    this.#dial.show(0);
    this.#back.href = this.#home();
  }

  showEnded(ending: Ending): void {
    this.section.dataset.phase = "ended";
    this.#lead.textContent = ENDED;
    for (const line of [this.#lead, this.#facts]) line.title = "";
    this.#facts.replaceChildren(...sentences(endedText(this.#session), causeText(ending)));
    this.#back.href = this.#home();
    this.#back.textContent = "Return to my own view";
  }

  showLink(link: Link): void {
    this.section.dataset.link = link;
    this.#offline.textContent = link === "away" ? AWAY : "Not live";
  }

  showExpanded(expanded: boolean): void {
    this.toggle.setAttribute("aria-expanded", String(expanded));
  }

  showEnding(busy: boolean): void {
    this.endButton.textContent = busy ? "Ending…" : "End session";
    this.endButton.setAttribute("aria-disabled", String(busy));
  }

  /** The page as it is now without its fragment, so that a click loads it and not only scrolls. */
  #home(): string {
    return this.#session.returnUrl ?? location.origin + location.pathname + location.search;
  }

  #assemble(): HTMLElement {
    const { scope, revealUrl } = this.#session;
    return element(
      "section",
      {
        class: "bar",
        "aria-label": "Impersonation session",
        lang: "en",
        dir: "ltr",
        "data-scope": scope,
      },
      markIcon(),
      element("div", { class: "who" }, this.#lead, this.#facts),
      element("p", { class: "scope" }, scopeIcon(scope === "read_only"), SCOPES[scope]),
      element(
        "p",
        { class: "time" },
        this.#dial.picture,
        element("span", {}, this.#clock, this.#idle),
      ),
      this.#offline,
      element(
        "div",
        { class: "actions" },
        this.#back,
        this.stayButton,
        this.form,
        this.confirmLink,
        revealUrl && element("a", { class: "link also", href: revealUrl }, "Hidden fields"),
      ),
      this.toggle,
    );
  }
}

function leadOf({ subject, organization }: Session): Node[] {
  return [
    element("span", { class: "viewing" }, "Viewing "),
    text("as "),
    element("strong", {}, bdi(subject)),
    ...(organization ? [bracketed("organization", organization)] : []),
  ];
}

function factsOf(session: Session): Node[] {
  const { actor, actorEmail, reason, ticket, subject, subjectEmail } = session;
  const facts: HTMLElement[] = [];
  if (actor) facts.push(fact("You are ", actor));
  if (actorEmail && actorEmail !== actor) facts[0]?.append(bracketed("email", actorEmail));
  if (ticket) facts.push(fact("Ticket ", ticket));
  if (subjectEmail && subjectEmail !== subject) facts.push(fact("", subjectEmail, "email"));
  if (reason) facts.push(fact("Reason: ", reason));
  return facts.flatMap((one) => [one, text(" ")]);
}

function fact(name: string, value: string, kind = ""): HTMLElement {
  return element("span", { class: `fact ${kind}` }, name, bdi(value));
}

function bracketed(kind: string, value: string): HTMLElement {
  return element("span", { class: kind }, " (", bdi(value), ")");
}

/** Somebody's own words, kept from turning the direction of ours. */
function bdi(value: string): HTMLElement {
  return element("bdi", {}, value);
}

function sentences(...texts: string[]): Node[] {
  return [text(texts.filter(Boolean).join(" "))];
}

function text(value: string): Text {
  return document.createTextNode(value);
}
