import { errorResponse } from "./respond.ts";

/** People follow links to pages; data is for programs and our pages' scripts; an action is what a form does. */
export type RouteKind = "page" | "data" | "action";

/** Whether a host, with or without port, is a name that only this machine gives itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
}

/**
 * Refuses what does not come from this machine's own browser or programs; null lets the request pass. A name that
 * somebody else pointed at 127.0.0.1 would make the console readable for their pages.
 */
export function refuseStranger(request: Request): Response | null {
  const hosts = [new URL(request.url).host, request.headers.get("host")].filter((host) => host !== null);
  if (hosts.every(isLoopback)) return null;
  return errorResponse(request, {
    status: 403,
    message: "The console answers at localhost, 127.0.0.1 and [::1] only",
  });
}

/**
 * Refuses requests that another site's page makes; null lets the request pass. Following a link to a page is no such
 * request.
 */
export function refuseOtherSite(request: Request, kind: RouteKind): Response | null {
  if (kind === "action") return refuseForeignForm(request);
  if (request.headers.get("sec-fetch-site") !== "cross-site") return null;
  if (kind === "page" && request.headers.get("sec-fetch-dest") === "document") return null;
  return errorResponse(request, { status: 403, message: "Other sites may not read the console" });
}

/**
 * Refuses forms that this console did not show; null lets the request pass. Every browser says where a form comes from,
 * in one header or the other; programs of this machine say nothing. (Our pages send `Origin: null`: they have no
 * referrer.)
 */
function refuseForeignForm(request: Request): Response | null {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isOurs = site === null
    ? origin === null || origin === new URL(request.url).origin
    : site === "same-origin";
  if (isOurs) return null;
  return errorResponse(request, { status: 403, message: "Only the console's own pages may do this" });
}

/** Refuses every method but those of the route's kind; null lets the request pass. */
export function refuseMethod(request: Request, kind: RouteKind): Response | null {
  const allowed = kind === "action" ? ["POST"] : ["GET", "HEAD"];
  if (allowed.includes(request.method)) return null;
  return errorResponse(request, {
    status: 405,
    message: `Only ${allowed.join(" and ")} ${allowed.length === 1 ? "is" : "are"} allowed here`,
    more: { allow: allowed.join(", ") },
  });
}
