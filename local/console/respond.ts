import { type Html, markup } from "./html.ts";
import { layout } from "./pages/layout.ts";

/** The console shows the secret key: no answer is stored, framed, or handed to another site. */
const headers = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** What every page may do: run our scripts, use our styles, ask this origin. */
const pagePolicy = (nonce: string, styles: string) =>
  `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styles}; img-src data:; connect-src 'self'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A page; `body` marks its scripts and styles with the nonce. */
export function pageResponse(
  body: (nonce: string) => Html,
  { status = 200, inlineStyles = false }: { status?: number; inlineStyles?: boolean } = {},
): Response {
  const nonce = crypto.getRandomValues(new Uint8Array(16)).toBase64();
  const styles = inlineStyles ? "'self' 'unsafe-inline'" : `'nonce-${nonce}'`;
  return new Response(body(nonce).text, {
    status,
    headers: {
      ...headers,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": pagePolicy(nonce, styles),
    },
  });
}

/** A part of a page, for the script that keeps the page fresh. */
export function fragmentResponse(body: Html): Response {
  return new Response(body.text, { headers: { ...headers, "content-type": "text/html; charset=utf-8" } });
}

export function jsonResponse(body: unknown, status = 200, more: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...headers, ...more } });
}

/** Where to look after an action. */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { ...headers, location: path } });
}

/** A script or style of ours. */
export async function assetResponse(file: URL): Promise<Response> {
  const type = file.pathname.endsWith(".css") ? "text/css" : "text/javascript";
  return new Response(await Deno.readTextFile(file), {
    headers: { ...headers, "content-type": `${type}; charset=utf-8` },
  });
}

/** A large script whose path names its version: browsers keep it. */
export function immutableScript(script: Uint8Array<ArrayBuffer>): Response {
  return new Response(script, {
    headers: {
      ...headers,
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "private, max-age=31536000, immutable",
    },
  });
}

/** An error: a page for people, JSON for programs. */
export function errorResponse(
  request: Request,
  { status, message, more = {} }: { status: number; message: string; more?: Record<string, string> },
): Response {
  if (!request.headers.get("accept")?.includes("text/html")) {
    return jsonResponse({ error: message }, status, more);
  }
  const body = markup`<main class="error"><h1>${message}</h1><p><a href="/">To the console</a></p></main>`;
  const response = pageResponse((nonce) => layout({ nonce, title: message, body }), { status });
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
}
