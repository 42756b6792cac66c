import { ownNavigation } from "./navigation.ts";

const KEY = "understudy-page";
// Browsers keep fifty places of a tab's history.
const PLACES = 60;

type Place = readonly [entry: string, page: string];

/**
 * Notes for whom this place in the tab's history was made, and answers whether the browser may now
 * type back into the page what was typed there for another: by Back, by a reload, in a restored tab.
 */
export function recallsAnother(page: string): boolean {
  const before = places().find(([entry]) => entry === currentEntry())?.[1];
  remember(page);
  return before !== page && navigationType() !== "navigate";
}

/** From now on this place of the history is the page's, also when it comes back or moves on. */
export function keepRemembering(page: string): void {
  ownNavigation()?.addEventListener("currententrychange", () => remember(page));
  window.addEventListener("pageshow", () => remember(page));
}

function remember(page: string): void {
  const entry = currentEntry();
  const others = places().filter(([known]) => known !== entry);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...others, [entry, page]].slice(-PLACES)));
  } catch {
    // Full or forbidden. What is missing later counts as another's.
  }
}

function places(): Place[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? (kept as unknown[]).filter(isPlace) : [];
  } catch {
    return [];
  }
}

function isPlace(value: unknown): value is Place {
  return Array.isArray(value) && value.length === 2;
}

/** One for the whole tab, where the browser does not tell its places apart. */
function currentEntry(): string {
  return ownNavigation()?.currentEntry?.key ?? "";
}

function navigationType(): string | undefined {
  const [entry] = performance.getEntriesByType("navigation");
  return (entry as PerformanceNavigationTiming | undefined)?.type;
}
