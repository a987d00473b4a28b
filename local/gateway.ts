import type { Auth } from "./auth/auth.ts";
import type { Console } from "./console/console.ts";
import { apiKeyOf, refuseKey } from "./data_api.ts";
import type { Database } from "./database/database.ts";
import type { FunctionHost } from "./functions.ts";
import type { Inbox } from "./inbox.ts";
import type { ProjectKeys } from "./keys.ts";
import type { Realtime } from "./realtime/server.ts";
import { receiveMail } from "./resend.ts";
import { stripePath, type StripeSimulator } from "./stripe/simulator.ts";

export interface GatewayParts {
  keys: ProjectKeys;
  auth: Auth;
  realtime: Realtime;
  functions: FunctionHost;
  database: Database;
  inbox: Inbox;
  /** What the functions send their mail with. */
  mailKey: string;
  stripe: StripeSimulator;
  dataApi: (request: Request) => Promise<Response>;
  storage: (request: Request) => Promise<Response>;
  console: Console;
}

/** Paths of Supabase Auth that people reach by a link or a provider, without an API key. */
const keylessAuth = /^\/auth\/v1\/(verify|callback|authorize|health|\.well-known\/[\w-]+(\.json)?)$/;

/** Sends each request to the part that serves its path, as the gateway of a hosted project does. */
export function createGateway(parts: GatewayParts): (request: Request, address: string) => Promise<Response> {
  return async (request, address) => {
    const { pathname } = new URL(request.url);
    const service = /^\/(rest|storage|auth|realtime|functions)\/v1(?=\/|$)/.exec(pathname)?.[1];
    // Functions say themselves which origins may call them; for the others the gateway does, whatever the path.
    if (service && service !== "functions" && isPreflight(request)) {
      return withCors(request, new Response(null, { status: 204 }));
    }
    switch (service) {
      case "rest":
        return await parts.dataApi(request);
      case "storage":
        return await parts.storage(request);
      case "auth":
        return await toAuth(parts, request, pathname, address);
      case "realtime":
        // An upgraded socket's answer must go out untouched.
        return request.headers.has("upgrade")
          ? await parts.realtime.fetch(request)
          : withCors(request, await parts.realtime.fetch(request));
      case "functions":
        return await parts.functions.fetch(request, address);
    }
    if (pathname === "/health") return await health(parts.database);
    if (pathname === "/simulators/resend/emails") {
      return await receiveMail(request, { inbox: parts.inbox, apiKey: parts.mailKey });
    }
    if (pathname === stripePath || pathname.startsWith(`${stripePath}/`)) {
      return await parts.stripe.fetch(request);
    }
    return await parts.console.fetch(request);
  };
}

async function toAuth({ auth, keys }: GatewayParts, request: Request, pathname: string, address: string) {
  const key = apiKeyOf(request, keys);
  const isOpen = keylessAuth.test(pathname);
  const refused = isOpen ? null : refuseKey(request, key);
  return withCors(request, refused ?? await auth.fetch(request, { key: key ?? null, address }));
}

/** A browser's question whether a page of another origin may send a request; any other OPTIONS is a request itself. */
function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("access-control-request-method");
}

/** Lets browser applications of any origin read the answers, as hosted does. */
function withCors(request: Request, response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", "x-total-count, link, x-supabase-api-version");
  if (isPreflight(request)) {
    headers.set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    headers.set("access-control-allow-headers", request.headers.get("access-control-request-headers") ?? "*");
    headers.set("access-control-max-age", "86400");
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** 200 when the stack is ready and its database answers, soon. */
async function health(database: Database): Promise<Response> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, 2500);
  try {
    await Promise.race([database.query("select 1"), late]);
    return Response.json({ status: "healthy" });
  } catch {
    return Response.json({ status: "unhealthy" }, { status: 503 });
  } finally {
    clearTimeout(timer);
  }
}
