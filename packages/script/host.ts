/**
 * Where what a script shows stands: over the page, along its upper edge. `!important` in a shadow
 * root beats the page's own rules, so none of them can move or hide it; `all` takes away what the
 * page gives it, and everything after it must be important too.
 */
export const HOST = `
:host{
  all:initial!important;
  display:block!important;
  position:fixed!important;
  inset:0 0 auto!important;
  z-index:2147483647!important;
  color-scheme:light dark!important;
}
`;
