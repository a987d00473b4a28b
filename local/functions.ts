import { createSessions } from "../functions/sessions/app.ts";
import { createWorker } from "../functions/worker/app.ts";
import { createRuntime, type Runtime } from "../functions/_shared/runtime.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

/** Every function by name. */
const creators: Record<string, (runtime: Runtime) => { fetch: Fetch }> = {
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

/** Starts the functions over an environment. */
export function hostFunctions(
  env: Record<string, string>,
  options: { write(line: string): void; now?: () => Date },
): FunctionHost {
  const pending = new Set<Promise<unknown>>();
  const runtime = createRuntime((name) => env[name], {
    ...options,
    waitUntil: (work) => {
      const settled = work.catch(() => {}).finally(() => pending.delete(settled));
      pending.add(settled);
    },
  });
  const functions = new Map(Object.entries(creators).map(([name, create]) => [name, create(runtime)]));
  return {
    names: [...functions.keys()],
    async fetch(request, address) {
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
