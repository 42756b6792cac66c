/** The nonce under which this page may add styles, as the service wrote it into the page. */
export function pageNonce(): string | undefined {
  const named = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  if (named?.content) return named.content;
  const built = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return built?.nonce || undefined;
}
