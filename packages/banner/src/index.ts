import { UnderstudyBanner } from "./element.ts";

const NAME = "understudy-banner";

// A browser without these keeps the server's own markup, which needs no script.
const able = "adoptedStyleSheets" in ShadowRoot.prototype && "canParse" in URL;

// Soft navigation evaluates the script again, and a name can be defined only once.
if (able && customElements.get(NAME) === undefined) {
  customElements.define(NAME, UnderstudyBanner);
}
