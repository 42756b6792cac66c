import { picture, shape } from "./dom.ts";

const HOUR = 3_600_000;

/** Two figures: the one in front is seen, the one behind acts. At the end a square, as on a recorder. */
export function markIcon(): SVGElement {
  const front = "M16 9a5 5 0 1 1-10 0 5 5 0 0 1 10 0zM2 24c0-5.5 4-8.5 9-8.5s9 3 9 8.5z";
  const behind = "M17.8 4.3a5 5 0 0 1 0 9.4M20.8 16.4c3.2 1.2 5.2 3.8 5.2 7.6";
  return picture(
    "mark",
    28,
    path("solid person", front),
    path("person", behind),
    path("solid square", "M6 6h16v16H6z"),
  );
}

/** A closed lock for what cannot be changed, a pen for what can. */
export function scopeIcon(readOnly: boolean): SVGElement {
  const lock = [path("", "M5 7.5V5a3 3 0 0 1 6 0v2.5"), path("solid", "M3 7.5h10V14H3z")];
  const pen = [path("", "M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z")];
  return picture("icon", 16, ...(readOnly ? lock : pen));
}

/** The way that the banner goes when it is shrunk; the style turns it over. */
export function chevronIcon(): SVGElement {
  return picture("icon", 16, path("", "M3.5 10L8 5.5l4.5 4.5"));
}

/** A kitchen timer's dial: the full circle is the hour that no session may exceed. */
export class Dial {
  readonly picture: SVGElement;
  readonly #hand: SVGElement;

  constructor() {
    const centre = { cx: "9", cy: "9" };
    const turn = { pathLength: "60", transform: "rotate(-90 9 9)" };
    // A stroke twice as wide as its radius fills the sector.
    this.#hand = shape("circle", { ...centre, ...turn, class: "hand", r: "3" });
    this.picture = picture("dial", 18, shape("circle", { ...centre, r: "8" }), this.#hand);
  }

  show(remaining: number): void {
    const minutes = Math.min(1, remaining / HOUR) * 60;
    this.#hand.setAttribute("stroke-dasharray", `${minutes.toFixed(2)} 60`);
  }
}

function path(kind: string, d: string): SVGElement {
  return shape("path", { class: kind, d });
}
