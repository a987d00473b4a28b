import { isIP } from "node:net";
import type { AuthConfig } from "./config.ts";
import type { Exchange } from "./context.ts";

/** Where the user goes after a link: `redirect_to`, else where they came from, as far as the project allows it. */
export function redirectTarget({ auth: { config }, request, url }: Exchange): string {
  const candidates = [
    request.headers.get("redirect_to") ?? url.searchParams.get("redirect_to"),
    request.headers.get("referer"),
  ];
  return candidates.find((candidate) => candidate && isRedirectAllowed(candidate, config)) ?? config.siteUrl;
}

/** Whether the project allows a target: its own site, this machine by address, or one of the configured globs. */
export function isRedirectAllowed(target: string, config: AuthConfig): boolean {
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x20\x7f]/.test(target) || !URL.canParse(target)) return false;
  // The parser turns a number into a dotted address, which would pass for this machine.
  if (/^\w+:\/\/\d+([/?#:]|$)/.test(target)) return false;
  const [site, url] = [new URL(config.siteUrl), new URL(target)];
  const samePort = url.port === site.port || ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol === site.protocol && url.hostname === site.hostname && samePort) return true;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host)) return host === "::1" || host.startsWith("127.");
  const [withoutFragment = ""] = target.split("#");
  return config.redirectUrls.some((glob) => globExpression(glob).test(withoutFragment));
}

/** A glob as GoTrue reads it: `*` and `?` stop at `.` and `/`, `**` does not. */
function globExpression(glob: string): RegExp {
  const source = glob.replace(/\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^./]*";
    return part === "?" ? "[^./]" : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
