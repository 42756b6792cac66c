import type { Identity } from "./identity.ts";
import { reloadPage } from "./navigation.ts";
import { Notice } from "./notice.ts";

/** Looks at the browser's identity whenever it may have changed, and tells the person and the app. */
export function watch(identity: Identity): void {
  const root = document.documentElement;
  const notice = new Notice(identity.page, () => reloadPage(identity));
  root.setAttribute("data-understudy-page", identity.page);
  identity.listen((now, differs) => {
    root.toggleAttribute("data-understudy-identity-changed", differs);
    const detail = { page: identity.page, now };
    document.dispatchEvent(new CustomEvent("understudy:identity-changed", { detail }));
    if (!differs) notice.hide();
  });
  const look = (): void => {
    if (identity.differs()) notice.show(identity.now);
  };
  for (const type of ["focus", "pageshow"]) window.addEventListener(type, look);
  for (const type of ["visibilitychange", "readystatechange"])
    document.addEventListener(type, look);
  (Reflect.get(window, "cookieStore") as EventTarget | undefined)?.addEventListener("change", look);
  look();
}
