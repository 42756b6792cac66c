import { writtenAt } from "./anchor.ts";
import { Announcer } from "./announce.ts";
import { Countdown, crossed, LAST } from "./countdown.ts";
import { wireEnd } from "./end.ts";
import { Guard } from "./guard.ts";
import { tellApp } from "./identity.ts";
import { type Link, Live } from "./live.ts";
import { recall, remember } from "./memory.ts";
import type { Timer } from "./pace.ts";
import { Room } from "./room.ts";
import type { Session } from "./session.ts";
import { Shift } from "./shift.ts";
import type { Ending, State } from "./state.ts";
import { bannerSheet, shrunkSheet } from "./style.ts";
import { TitleMark } from "./title.ts";
import { wireTyping } from "./typing.ts";
import { View } from "./view.ts";
import * as wording from "./wording.ts";

/** One session on one page, from the first look at the clock to its end. */
export class Stage {
  readonly #host: HTMLElement;
  readonly #session: Session;
  readonly #view: View;
  readonly #countdown: Countdown;
  readonly #announcer: Announcer;
  readonly #live: Live;
  readonly #guard: Guard;
  readonly #title: TitleMark = new TitleMark();
  readonly #room: Room = new Room();
  readonly #closed: AbortController = new AbortController();
  readonly #shift: Shift;
  readonly #sheet: CSSStyleSheet = bannerSheet();
  #size: ResizeObserver | null = null;
  #shrunk = false;
  #remaining: number;
  #timer: Timer | undefined;
  #over = false;
  #away = false;

  constructor(host: HTMLElement, session: Session) {
    const now = performance.now();
    this.#host = host;
    this.#session = session;
    this.#view = new View(session);
    this.#announcer = new Announcer(this.#view.polite, this.#view.assertive);
    this.#guard = new Guard(host);
    this.#shift = new Shift(host, () => this.#makeRoom(), this.#closed.signal);
    this.#countdown = new Countdown({ ...session, takenAt: writtenAt(session.serverNow, now) });
    this.#remaining = this.#countdown.remaining(now);
    this.#live = new Live({
      stateUrl: session.stateUrl,
      eventsUrl: session.eventsUrl,
      stayUrl: session.stayUrl,
      onState: (state) => this.#onState(state),
      onEnded: (ending) => this.#end(ending),
      onLink: (link) => this.#onLink(link),
    });
    this.#draw();
    this.#greet();
    this.#tick();
    this.#live.start();
  }

  /** Page script took the banner out. */
  onRemoved(): void {
    this.#guard.check();
  }

  /** Stops everything and gives the page back; a newer banner has taken over. */
  close(): void {
    this.#guard.stop();
    this.#live.stop();
    this.#announcer.stop();
    this.#title.stop();
    this.#size?.disconnect();
    this.#room.release();
    this.#closed.abort();
    clearTimeout(this.#timer);
  }

  #draw(): void {
    const view = this.#view;
    const root = this.#host.attachShadow({ mode: "open" });
    root.append(...view.nodes());
    this.#shrink(recall("shrunk") === "yes");
    view.toggle.addEventListener("click", () => this.#toggle());
    wireEnd(view, this.#closed.signal);
    view.stayButton.addEventListener("click", () => void this.#live.stay());
    wireTyping(() => void this.#live.stay(), this.#closed.signal);
    // The app's own shortcuts and routers have no business with what is pressed in here.
    for (const type of ["click", "keydown", "keyup", "keypress"]) {
      root.addEventListener(type, (event) => event.stopPropagation());
    }
    if (window.ResizeObserver) {
      this.#size = new ResizeObserver(() => this.#makeRoom());
      this.#size.observe(this.#host);
    }
    this.#title.show(wording.titlePrefix(this.#session));
  }

  /** In full once for a session, since it would be said again on every page. */
  #greet(): void {
    const key = this.#session.id || String(this.#session.endsAt);
    const known = recall("greeted") === key;
    const long = wording.startAnnouncement(this.#session, this.#remaining);
    this.#announcer.say(known ? wording.shortAnnouncement(this.#session) : long);
    remember("greeted", key);
  }

  #toggle(): void {
    this.#shrink(!this.#shrunk);
    remember("shrunk", this.#shrunk ? "yes" : "no");
  }

  #shrink(shrunk: boolean): void {
    this.#shrunk = shrunk;
    this.#view.showExpanded(!shrunk);
    const root = this.#host.shadowRoot;
    if (root !== null)
      root.adoptedStyleSheets = shrunk ? [this.#sheet, shrunkSheet()] : [this.#sheet];
    this.#makeRoom();
  }

  /** The pill takes no room: it floats in a corner, and the page has its own height back. */
  #makeRoom(): void {
    const height = this.#shrunk ? 0 : this.#host.offsetHeight;
    this.#room.reserve(height, this.#shift.below(height));
  }

  /** Once a second, on the second: the time, and whether page script has undone anything. */
  #tick(): void {
    this.#guard.check();
    this.#title.keep();
    this.#makeRoom();
    if (!this.#over) this.#count();
    const toNextSecond = this.#over ? 0 : this.#remaining % 1_000;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), toNextSecond || 1_000);
  }

  #count(): void {
    const before = this.#remaining;
    this.#remaining = this.#countdown.remaining(performance.now());
    const { byIdle } = this.#countdown;
    // Requests of the app may have put the idle end off: nobody is warned before that was asked.
    const near = LAST + 5_000;
    if (byIdle && before > near && this.#remaining <= near) void this.#live.check();
    if (this.#remaining > 0) this.#view.showTime(this.#remaining, byIdle);
    else this.#timeIsUp(before > 0);
    this.#warn(crossed(before, this.#remaining), byIdle);
  }

  /** A minute is what one needs to stay; of five nobody has to hear who is only reading. */
  #warn(threshold: ReturnType<typeof crossed>, byIdle: boolean): void {
    const session = this.#session;
    if (threshold === null || (byIdle && threshold !== LAST)) return;
    const said = byIdle
      ? wording.idleAnnouncement(session)
      : wording.thresholdAnnouncement(session, threshold);
    this.#announcer.say(said);
  }

  /** Only the server says that a session is over; the clock here merely asks. */
  #timeIsUp(justNow: boolean): void {
    this.#view.showTimeUp();
    if (justNow) this.#announcer.say(`${wording.TIME_UP}.`);
    if (justNow) void this.#live.check();
  }

  /** Of what stops all work the banner tells also where it was shrunk. */
  #onLink(link: Link): void {
    const away = link === "away";
    this.#view.showLink(link);
    if (away === this.#away) return;
    this.#away = away;
    this.#shrink(!away && recall("shrunk") === "yes");
    this.#announcer.interrupt(away ? wording.AWAY : wording.BACK);
  }

  #onState(state: State): void {
    if (!state.active) this.#end(state.ending);
    else if (this.#isOther(state.session))
      this.#end({ cause: "replaced", message: "" }, state.session);
    else this.#countdown.sync({ ...state, takenAt: state.askedAt }, performance.now());
  }

  /** Whether the browser has moved on to another session, while this page still shows ours. */
  #isOther(session: string): boolean {
    return this.#session.id !== "" && session !== "" && session !== this.#session.id;
  }

  #end(ending: Ending, now: string | null = null): void {
    if (this.#over) return;
    this.#over = true;
    this.#live.stop();
    this.#view.showEnded(ending);
    this.#shrink(false);
    this.#title.show(wording.ENDED_TITLE_PREFIX);
    this.#announcer.interrupt(`${wording.ENDED}. ${wording.endedText(this.#session)}`);
    document.dispatchEvent(new CustomEvent("understudy:ended", { detail: ending }));
    tellApp({ page: this.#session.id, now });
  }
}
