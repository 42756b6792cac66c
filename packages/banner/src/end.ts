import type { Timer } from "./pace.ts";
import type { View } from "./view.ts";

const PATIENCE = 5_000;

/**
 * Lets the form end the session once for each press. Where the page's `form-action` forbids the
 * form, which a browser does without a word, it goes to the page that asks for confirmation.
 */
export function wireEnd(view: View, signal: AbortSignal): void {
  let timer: Timer | undefined;
  const busy = (): boolean => timer !== undefined;
  const rest = (): void => {
    clearTimeout(timer);
    timer = undefined;
    view.showEnding(false);
  };
  view.form.addEventListener("submit", (event) => {
    if (busy()) return event.preventDefault();
    view.showEnding(true);
    timer = setTimeout(rest, PATIENCE);
  });
  const onViolation = (event: SecurityPolicyViolationEvent): void => {
    const blocked = event.effectiveDirective === "form-action" && event.disposition === "enforce";
    if (!blocked || !busy()) return;
    rest();
    view.confirmLink.click();
  };
  document.addEventListener("securitypolicyviolation", onViolation, { signal });
  window.addEventListener("pageshow", rest, { signal });
}
