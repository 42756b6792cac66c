import { UnderstudyBanner } from "./element.ts";

const NAME = "understudy-banner";

// Soft navigation evaluates the script again, and a name can be defined only once. A browser
// without constructed style sheets keeps the server's own markup, which needs no script.
if ("adoptedStyleSheets" in ShadowRoot.prototype && customElements.get(NAME) === undefined) {
  customElements.define(NAME, UnderstudyBanner);
}
