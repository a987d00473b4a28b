import { errorResponse } from "./respond.ts";

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
export function refuseOtherSite(request: Request, kind: "page" | "data"): Response | null {
  if (request.headers.get("sec-fetch-site") !== "cross-site") return null;
  if (kind === "page" && request.headers.get("sec-fetch-dest") === "document") return null;
  return errorResponse(request, { status: 403, message: "Other sites may not read the console" });
}

/** Refuses methods that change something; null lets the request pass. */
export function refuseMethod(request: Request): Response | null {
  if (request.method === "GET" || request.method === "HEAD") return null;
  return errorResponse(request, {
    status: 405,
    message: "Only GET and HEAD are allowed here",
    more: { allow: "GET, HEAD" },
  });
}
