import { apiKeyOf, refuseKey } from "../data_api.ts";
import type { Lite } from "../database/lite.ts";
import type { ProjectKeys } from "../keys.ts";

const anonymous = { key: "publishable", claims: { role: "anon" } } as const;

/** Reading by a signed link or from a public bucket needs no API key. */
const keyless = /^\/storage\/v1\/object\/(sign|public)\/[^/]+\/./;
const signing = /^\/storage\/v1\/object\/(upload\/)?sign\//;
const reading = /^\/storage\/v1\/object\/(?!list\/|info\/|upload\/)/;

/** Types that a browser would run in the origin of whoever serves them. */
const activeType = /html|xml|svg|javascript|ecmascript/i;

/**
 * `/storage/v1` of the embedded stack: lite's Storage, with the answers of hosted Storage where lite's differ. The
 * console lives in the same origin, so no stored file is served as something that a browser would run.
 */
export function createStorage(
  parts: { lite: Lite; keys: ProjectKeys; dataApi(request: Request): Promise<Response> },
) {
  return async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const isRead = ["GET", "HEAD"].includes(request.method);
    const isKeyless = isRead && keyless.test(pathname);
    // A form is read before the Data API sees it; nobody without a key may have one read.
    const refused = isForm(request) ? refuseKey(request, apiKeyOf(request, parts.keys)) : null;
    if (refused) return refused;
    const file = isForm(request) ? await unwrapped(request) : request;
    if (!file) return refusal("InvalidRequest", "The body is not the form that its content-type says");
    const answer = isKeyless ? await parts.lite.fetch(request, anonymous) : await parts.dataApi(file);
    if (isRead && isKeyless && pathname.includes("/object/sign/") && answer.status === 500) {
      await answer.body?.cancel();
      return refusal("InvalidJWT", "The link's token is not valid or has expired");
    }
    if (request.method === "POST" && signing.test(pathname) && answer.ok) return await signed(answer);
    return isRead && reading.test(pathname) && answer.ok ? inert(answer, pathname, searchParams) : answer;
  };
}

function isForm({ headers }: Request): boolean {
  return headers.get("content-type")?.startsWith("multipart/form-data") === true;
}

/** A part's header in which its name is missing. */
const nameless = 'name=""; filename=';

/**
 * supabase-js sends a file as a form's part without a name. Deno leaves such parts out and lite looks for another
 * name, so lite gets the file by itself. Null when the body is no form.
 */
async function unwrapped(request: Request): Promise<Request | null> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = new Uint8Array(await request.arrayBuffer());
  const at = new TextDecoder("ascii").decode(bytes.subarray(0, 65_536)).indexOf(nameless);
  const body = at < 0
    ? bytes
    : new Blob([bytes.subarray(0, at), 'name="file"; filename=', bytes.subarray(at + nameless.length)]);
  const form = await new Response(body, { headers: { "content-type": type } }).formData().catch(() => null);
  if (!form) return null;
  const file = form.get("file");
  const headers = new Headers(request.headers);
  const isFile = file instanceof File;
  headers.set("content-type", isFile && file.type ? file.type : "application/octet-stream");
  headers.delete("content-length");
  const age = form.get("cacheControl");
  if (typeof age === "string") headers.set("cache-control", `max-age=${age}`);
  return new Request(request.url, { method: request.method, headers, body: isFile ? file : null });
}

/** Hosted answers `signedURL` and `url` relative to /storage/v1; lite calls it otherwise and begins at the root. */
async function signed(answer: Response): Promise<Response> {
  const told = (link: string) => link.replace(/^\/storage\/v1/, "");
  const rename = ({ signedUrl, ...rest }: { signedUrl?: string; token?: string }) => {
    if (signedUrl === undefined) return rest;
    return rest.token ? { ...rest, url: told(signedUrl) } : { ...rest, signedURL: told(signedUrl) };
  };
  const body = await answer.json();
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return Response.json(Array.isArray(body) ? body.map(rename) : rename(body), {
    status: answer.status,
    headers,
  });
}

function inert(answer: Response, pathname: string, query: URLSearchParams): Response {
  const headers = new Headers(answer.headers);
  const type = headers.get("content-type") ?? "application/octet-stream";
  if (activeType.test(type)) headers.set("content-type", "text/plain; charset=utf-8");
  headers.set("x-content-type-options", "nosniff");
  // A browser's PDF viewer does not work sandboxed; what it shows has no origin anyway.
  headers.set(
    "content-security-policy",
    type === "application/pdf" ? "default-src 'none'; object-src 'self'" : "default-src 'none'; sandbox",
  );
  const name = query.get("download");
  if (name !== null) {
    const file = encodeURIComponent(name || decodeURIComponent(pathname.split("/").at(-1) ?? ""));
    headers.set("content-disposition", `attachment; filename="${file}"; filename*=UTF-8''${file}`);
  }
  return new Response(answer.body, { status: answer.status, headers });
}

function refusal(error: string, message: string): Response {
  return Response.json({ statusCode: "400", error, message }, {
    status: 400,
    headers: { "access-control-allow-origin": "*" },
  });
}
