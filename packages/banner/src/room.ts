/**
 * Pushes the page down by the banner's height. The banner stands outside the body's layout (many
 * bodies are flex or grid boxes, which would make a column of it), so the room is made on the root.
 */
export class Room {
  readonly #sheet: CSSStyleSheet = new CSSStyleSheet();
  #rules = "";

  /**
   * Makes room of so many pixels, with what else has to hold in the page meanwhile, and looks whether
   * page script has dropped our style sheet.
   */
  reserve(height: number, more = ""): void {
    const sheets = document.adoptedStyleSheets;
    if (!sheets.includes(this.#sheet)) document.adoptedStyleSheets = [...sheets, this.#sheet];
    const wanted = rules(height) + more;
    if (wanted === this.#rules) return;
    this.#rules = wanted;
    this.#sheet.replaceSync(wanted);
  }

  release(): void {
    const ours = this.#sheet;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== ours);
  }
}

function rules(height: number): string {
  // `border-box`, so that a root of 100 % height still fits the window with the room inside it.
  // The variable lets an app move its own fixed headers; the scroll padding gives way to the app's.
  return (
    `:root{--understudy-banner-height:${height}px;` +
    `padding-top:${height}px!important;box-sizing:border-box!important}` +
    `:where(:root){scroll-padding-top:${height}px}`
  );
}
