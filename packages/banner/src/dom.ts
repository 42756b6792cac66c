const SVG = "http://www.w3.org/2000/svg";

type Attributes = Readonly<Record<string, string>>;

/** An element out of names and texts alone: nothing here is ever parsed as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A picture that says nothing to a screen reader; the words beside it do. */
export function picture(name: string, box: number, ...shapes: SVGElement[]): SVGElement {
  const view = {
    class: name,
    viewBox: `0 0 ${box} ${box}`,
    "aria-hidden": "true",
  };
  const made = shape("svg", view);
  made.append(...shapes);
  return made;
}

/** One shape of a picture. Its attributes are no style attributes, so `style-src` leaves them alone. */
export function shape(name: string, attributes: Attributes): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
