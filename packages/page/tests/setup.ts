import { beforeEach } from "vitest";
import { work } from "./browser.ts";

beforeEach(() => {
  sessionStorage.clear();
  work("A");
  history.replaceState(null, "", "/shop/orders?page=2");
  document.head.replaceChildren();
  document.body.replaceChildren();
});
