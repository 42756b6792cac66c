/** Whether a page is a frame of one that shows the banner: one for the window is enough. */
export function coveredByTop(page: Pick<Window, "self" | "top">): boolean {
  if (page.top === null || page.top === page.self) return false;
  try {
    return page.top.document.querySelector("understudy-banner") !== null;
  } catch {
    // Another origin's page: it may frame ours, but it cannot speak for us.
    return false;
  }
}
