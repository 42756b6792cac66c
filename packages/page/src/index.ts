import { guardChannels } from "./channels.ts";
import { guardFetch } from "./fetching.ts";
import { guardSubmitCalls, guardSubmits } from "./forms.ts";
import { Identity } from "./identity.ts";
import { keepRemembering, recallsAnother } from "./memory.ts";
import { guardNavigation } from "./navigation.ts";
import { guardRequests } from "./requests.ts";
import { resetWhenShown } from "./resetting.ts";
import { Roots } from "./roots.ts";
import { watch } from "./watching.ts";

const RUNNING = Symbol.for("understudy.page");
const PAGE = /^[\w-]{1,200}$/;

function start(script: HTMLScriptElement): void {
  const { page = "" } = script.dataset;
  // A page may carry the script twice, and soft navigation may bring it again: the first one stands.
  if (!PAGE.test(page) || RUNNING in window) return;
  Reflect.defineProperty(window, RUNNING, { value: true });
  const identity = new Identity(page, new URL(".", script.src).pathname);
  guardFetch(identity);
  guardRequests(identity);
  guardChannels(identity);
  guardSubmitCalls(identity);
  guardNavigation(identity);
  const roots = new Roots((root) => guardSubmits(root, identity));
  if (recallsAnother(page)) resetWhenShown(roots);
  window.addEventListener("pageshow", () => roots.settle(), { once: true });
  keepRemembering(page);
  watch(identity);
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) start(script);
