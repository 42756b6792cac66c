import { act, type ReactElement, StrictMode } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";

let roots: Root[] = [];

/** Renders into the page, as an app does in development: strictly. */
export async function show(element: ReactElement): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  roots.push(root);
  await act(async () => root.render(<StrictMode>{element}</StrictMode>));
  return place;
}

/** The markup of a server, and then the same in a browser. */
export async function hydrate(
  element: ReactElement,
): Promise<{ html: string; place: HTMLElement }> {
  const place = document.body.appendChild(document.createElement("div"));
  const strict = <StrictMode>{element}</StrictMode>;
  const html = renderToString(strict);
  place.innerHTML = html;
  await act(async () => roots.push(hydrateRoot(place, strict)));
  return { html, place };
}

/** Does something, and lets React and the app's answers follow. */
export async function after(doing: () => void): Promise<void> {
  await act(async () => {
    doing();
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  });
}

/** The element that people know by these words; a test fails where there is none. */
export function control<T extends HTMLElement>(label: string): T {
  const labels = [...document.querySelectorAll("label")];
  const id = labels.find((found) => found.textContent === label)?.htmlFor;
  return present(document.querySelector<T>(`#${CSS.escape(id ?? "")}`), label);
}

export function button(name: string): HTMLButtonElement {
  const buttons = [...document.querySelectorAll("button")];
  return present(
    buttons.find((found) => found.textContent === name),
    name,
  );
}

/** What a control says beside its value: its hint and its error. */
export function description(of: Element): string {
  const ids = of.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent).join(" | ");
}

export async function clearPage(): Promise<void> {
  await act(async () => {
    for (const root of roots) root.unmount();
  });
  roots = [];
  document.body.replaceChildren();
  document.head.replaceChildren();
}

function present<T>(found: T | null | undefined, name: string): T {
  if (found === null || found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}
