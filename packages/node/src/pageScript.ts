/** The script that marks what a page sends. */

import { ascii, escaped } from "./escaping.ts";

/**
 * The element, for the front of a page's head; well-formed in HTML and in XML.
 *
 * It blocks: what runs before it would send what nobody marks.
 */
export function pageScript(src: string, identity: string, nonce: string | null): Uint8Array {
  const allowed = nonce ? ` nonce="${escaped(nonce)}"` : "";
  return ascii(
    `<script src="${escaped(src)}" data-page="${escaped(identity)}"${allowed}></script>`,
  );
}
