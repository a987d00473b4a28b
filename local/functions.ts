import { createCrm } from "../functions/crm/app.ts";
import { createEvents } from "../functions/events/app.ts";
import { createCalendar } from "../functions/calendar/app.ts";
import { createConsulting } from "../functions/consulting/app.ts";
import { createFacilitator } from "../functions/facilitator/app.ts";
import { createSessions } from "../functions/sessions/app.ts";
import { createWorker } from "../functions/worker/app.ts";
import { createRuntime, type Runtime } from "../functions/_shared/runtime.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

/** Every function by name. */
const creators: Record<string, (runtime: Runtime) => { fetch: Fetch }> = {
  crm: createCrm,
  events: createEvents,
  calendar: createCalendar,
  consulting: createConsulting,
  facilitator: createFacilitator,
  sessions: createSessions,
  worker: createWorker,
};

/** The functions as hosted Supabase runs them: each called with one request, below its own name. */
export interface FunctionHost {
  readonly names: string[];
  fetch(request: Request, address: string): Promise<Response>;
  /** Resolves when all work that outlives its request is done. */
  settle(): Promise<void>;
}

/** The header in which the platform tells functions the client's address. */
export const clientIpHeader = "cf-connecting-ip";

/** The project that the functions belong to, when it is in this process. */
export interface Project {
  url: string;
  fetch(request: Request): Promise<Response>;
}

/** A request to the project itself takes no way over the network; it is as late as its signal allows. */
async function fetchNear(project: Project, request: Request): Promise<Response> {
  if (!request.url.startsWith(`${project.url}/`)) return await fetch(request);
  const { signal } = request;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    return await Promise.race([project.fetch(request), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Starts the functions over an environment. */
export function hostFunctions(
  env: Record<string, string>,
  options: { write(line: string): void; now?: () => Date; project?: Project },
): FunctionHost {
  const pending = new Set<Promise<unknown>>();
  const { project, ...world } = options;
  const runtime = createRuntime((name) => env[name], {
    ...world,
    ...(project ? { fetch: (input, init) => fetchNear(project, new Request(input, init)) } : {}),
    waitUntil: (work) => {
      const settled = work.catch(() => {}).finally(() => pending.delete(settled));
      pending.add(settled);
    },
  });
  const functions = new Map(Object.entries(creators).map(([name, create]) => [name, create(runtime)]));
  return {
    names: [...functions.keys()],
    async fetch(request, address) {
      // No `Request` may be made with these.
      if (["TRACE", "TRACK", "CONNECT"].includes(request.method)) {
        return Response.json({ code: "METHOD_NOT_ALLOWED", message: "Method not allowed" }, {
          status: 405,
          headers: { allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" },
        });
      }
      const url = new URL(request.url);
      url.pathname = url.pathname.replace(/^\/functions\/v1/, "");
      const called = functions.get(url.pathname.split("/")[1] ?? "");
      if (!called) {
        return Response.json({ code: "NOT_FOUND", message: "Requested function was not found" }, {
          status: 404,
        });
      }
      const headers = new Headers(request.headers);
      headers.set(clientIpHeader, address);
      // Not `new Request(url, request)`: the copy would also take the signal, which Deno aborts after each answer.
      return await called.fetch(new Request(url, { method: request.method, headers, body: request.body }));
    },
    async settle() {
      await Promise.all(pending);
    },
  };
}
