import { HOST } from "../../script/host.ts";

/** The notice's look, for its shadow root. A constructed sheet works under `style-src 'none'`. */
export function noticeSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(HOST + RULES);
  return sheet;
}

/** Pushes the page down, so that a notice of this height covers nothing of it. */
export function roomSheet(sheet: CSSStyleSheet, height: number): void {
  sheet.replaceSync(`:root{margin-top:${height}px!important}`);
}

const RULES = `
section{
  --ink:#fff;--ground:#8f1d14;--press:#fff;--on-press:#8f1d14;
  box-sizing:border-box;
  display:flex;
  flex-wrap:wrap;
  align-items:center;
  gap:8px 16px;
  padding:10px max(14px,env(safe-area-inset-right)) 10px max(14px,env(safe-area-inset-left));
  background:var(--ground);
  color:var(--ink);
  border:solid var(--press);
  border-width:0 0 2px;
  font:15px/1.4 system-ui,"Segoe UI",Roboto,sans-serif;
  text-align:left;
  -webkit-text-size-adjust:100%;
}
@media (prefers-color-scheme:dark){
  section{--ink:#ffdad4;--ground:#3a0d08;--press:#ffb4a8;--on-press:#3a0d08}
}
p{flex:1 1 16em;min-width:0;margin:0;overflow-wrap:anywhere}
button{
  min-height:34px;margin:0;padding:0 16px;border:2px solid transparent;border-radius:7px;
  background:var(--press);color:var(--on-press);font:inherit;font-weight:600;cursor:pointer;
}
button:hover{opacity:.88}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
@media (forced-colors:active){button{border-color:currentColor}}
@media print{:host{position:static!important}button{display:none}}
`;
