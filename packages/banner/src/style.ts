import { HOST } from "../../script/host.ts";

/**
 * The look of the banner, for its shadow root. Constructed sheets work under `style-src 'none'`.
 * Nothing in it moves, so there is nothing to reduce.
 */
export function bannerSheet(): CSSStyleSheet {
  return sheetOf(HOST + PALETTE + BAR + PARTS + NARROW + MEDIA);
}

/** Laid over the first: the pill in a corner, with the name and the time left. */
export function shrunkSheet(): CSSStyleSheet {
  return sheetOf(SHRUNK);
}

/** Shows nothing: for a frame inside a page that has the banner itself. */
export function hiddenSheet(): CSSStyleSheet {
  return sheetOf(":host{display:none!important}");
}

function sheetOf(rules: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  return sheet;
}

// On the bar and not on the host: variables of the host could be set from outside.
const PALETTE = `
.bar{--ink:#1d1606;--soft:#46370b;--ground:#fabe36;--press:#1d1606;--on-press:#fff5d9}
.bar[data-phase=ended]{--ink:#1e1e1c;--soft:#45443f;--ground:#e7e5df;--press:#1e1e1c;--on-press:#fff}
@media (prefers-color-scheme:dark){
  .bar{--ink:#ffe9b8;--soft:#dcc48a;--ground:#211a0a;--press:#fabe36;--on-press:#1d1606}
  .bar[data-phase=ended]{--ink:#f1efe9;--soft:#c8c5bc;--ground:#2b2b29;--press:#f1efe9;--on-press:#1e1e1c}
}
`;

const BAR = `
.bar,.bar *{box-sizing:border-box;flex:none}
.bar{
  display:flex;
  align-items:center;
  gap:6px 14px;
  min-height:56px;
  padding:6px max(14px,env(safe-area-inset-right)) 6px max(14px,env(safe-area-inset-left));
  background:var(--ground);
  color:var(--ink);
  border:solid var(--press);
  border-width:0 0 2px;
  font:14px/1.35 system-ui,"Segoe UI",Roboto,sans-serif;
  text-align:left;
  -webkit-text-size-adjust:100%;
}
p,form{margin:0}
strong{font-weight:700}
button{margin:0;font:inherit;color:inherit;cursor:pointer}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

const PARTS = `
svg{fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
.solid{fill:currentColor}
.hand{stroke-width:6;stroke-linecap:butt}
.mark{width:28px;height:28px}
slot,.square,[data-phase=ended] .person{display:none}
[data-phase=ended] .square{display:inline}
.who{flex:1 1 0;min-width:0}
.lead{display:flex;gap:.3em;font-size:15px;white-space:nowrap}
.lead>:is(strong,.organization){flex:0 1 auto;min-width:0}
.lead>strong{flex-shrink:9}
.facts,.lead>*{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.facts{color:var(--soft);font-size:12.5px}
.fact:not(:last-of-type)::after{content:" ·"}
[data-phase=ended] .lead{font-weight:700}
[data-phase=ended] .facts{font-size:13.5px;white-space:normal;overflow-wrap:anywhere}
.scope,.time,.offline{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}
.scope,.offline{padding:2px 9px 2px 7px;border:1.5px solid;border-radius:5px;font-size:13px;font-weight:600}
.offline{display:none;border-style:dashed}
[data-link]:not([data-link=asking]) .offline{display:inline-flex}
[data-link=away]{flex-wrap:wrap}
[data-link=away] .offline{
  order:9;width:100%;white-space:normal;background:var(--press);color:var(--on-press);
}
.icon{width:16px;height:16px}
.time{font-weight:600;font-variant-numeric:tabular-nums}
:is([data-phase=soon],[data-phase=idle],[data-phase=overdue]) .time{
  padding:3px 10px 3px 7px;border-radius:5px;background:var(--press);color:var(--on-press);
}
.dial{width:18px;height:18px}
.actions{display:flex;align-items:center;gap:2px 12px}
.end,.stay,[data-phase=ended] .back{
  display:inline-flex;align-items:center;min-height:34px;padding:0 16px;border:2px solid transparent;border-radius:7px;
  background:var(--press);color:var(--on-press);font-size:14px;font-weight:600;white-space:nowrap;text-decoration:none;
}
.stay{background:none;color:inherit;border-color:currentColor}
:not([data-phase=idle])>.actions>.stay{display:none}
:is(.end,.stay):hover,[data-phase=ended] .back:hover{opacity:.88}
.link{
  display:inline-flex;align-items:center;min-height:32px;color:inherit;font-size:13px;white-space:nowrap;
  text-decoration:underline;text-underline-offset:3px;
}
.back{display:none}
[data-phase=overdue][data-link]:not([data-link=asking]) .back{display:inline-flex}
.toggle{
  display:inline-grid;place-items:center;width:32px;height:32px;padding:0;
  border:2px solid transparent;border-radius:7px;background:transparent;
}
.toggle .icon{transform:rotate(180deg)}
.toggle:hover{border-color:currentColor}
[data-phase=ended] :is(.scope,.time,.offline,.toggle,form,.back~.link){display:none}
`;

const NARROW = `
@media (max-width:1200px){.email{display:none}}
@media (max-width:900px){
  .bar{flex-wrap:wrap}
  .who{flex-basis:calc(100% - 102px)}
  .mark,.toggle{align-self:flex-start}
  .toggle{order:1}
  .scope,.time,.offline,.actions{order:2}
  .actions{margin-left:auto}
  [data-phase=ended] .who{flex-basis:calc(100% - 46px)}
}
@media (max-width:520px){
  .bar:not([data-phase=ended]){gap:0 8px;padding:3px 10px}
  .bar:not([data-phase=ended])::after{content:"";order:1;flex:0 0 100%}
  :not([data-phase=ended])>.who{display:contents}
  :not([data-phase=ended])>:is(.mark,.toggle){align-self:center}
  .mark{width:20px;height:20px}
  .lead,.facts{flex:1 1 0;min-width:0}
  .toggle{order:0}
  .facts{order:2}
  .time{order:0}
  .lead>.organization{flex-shrink:99}
  .viewing,.idle,.link:not(.back,.also){display:none}
  .actions{gap:2px 6px}
  .scope,.offline{padding:2px 6px 2px 5px}
  [data-link=away] .offline{margin-top:6px}
  .end,.stay{min-height:28px;padding:0 10px;font-size:13px}
}
`;

const SHRUNK = `
:host{
  inset:auto auto max(12px,env(safe-area-inset-bottom)) max(12px,env(safe-area-inset-left))!important;
  position:fixed!important;
  max-width:calc(100vw - 24px)!important;
}
.mark,.toggle{align-self:center}
.bar{
  flex-wrap:nowrap;gap:10px;min-height:40px;padding:2px 4px 2px 12px;
  border-width:2px;border-radius:22px;box-shadow:0 2px 10px #0005;
}
.mark{width:20px;height:20px}
.who{flex:0 1 auto}
.lead{font-size:14px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.toggle{order:2;border-radius:16px}
.toggle .icon{transform:none}
.viewing,.organization,.facts,.scope,.offline,.actions{display:none!important}
`;

// On a very low window (a phone on its side, a page at 400 %) the bar scrolls away with the page.
const MEDIA = `
@media (max-height:420px){:host{position:absolute!important}}
@media (forced-colors:active){
  .end,.toggle,[data-phase=ended] .back{border:2px solid}
}
@media print{
  :host{position:absolute!important}
  .bar{--ink:#000;--soft:#222;--ground:#fff;--press:#000;border-width:2px;flex-wrap:wrap}
  .facts{white-space:normal}
  .bar .time{padding:0;background:none;color:inherit}
  .actions,.toggle{display:none!important}
}
`;
