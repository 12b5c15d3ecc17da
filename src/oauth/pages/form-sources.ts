/** What CSP can name: no address of IPv6, and no character that would mean something in the field itself. */
const origin = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/;

/**
 * The places that a form may lead to, as CSP's `form-action` names them (CSP 3 §6.4.1). Chromium holds every redirect
 * after a form against it. What has no origin that CSP can name is allowed by its scheme.
 */
export function formSourcesOf(uris: readonly string[]): string[] {
  const sources = uris.map((uri) => {
    const url = new URL(uri);
    return origin.test(url.origin) ? url.origin : url.protocol;
  });
  return [...new Set(sources)];
}
