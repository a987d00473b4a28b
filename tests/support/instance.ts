import { functionEnvironment } from "../../local/function_environment.ts";
import { hostFunctions } from "../../local/functions.ts";
import { attachedUrl } from "./attached.ts";
import { shutDown } from "./shut_down.ts";
import { patientEnv, type TestStack } from "./stack.ts";

/**
 * Another instance of the functions over a stack, with an environment of its own, on a port of its own.
 *
 * @param world.project answers requests to the project in its place; null lets them through
 */
export function startInstance(
  stack: TestStack,
  env: Record<string, string> = {},
  world: { now?: () => Date; project?: (request: Request) => Promise<Response> | Response | null } = {},
): { url: string; settle(): Promise<void>; close(): Promise<void> } {
  const functions = hostFunctions(
    functionEnvironment(stack.url, stack.keys, {
      JWT_ISSUER: `${attachedUrl ?? stack.url}/auth/v1`,
      ...patientEnv,
      ...env,
    }),
    {
      write: () => {},
      ...(world.now ? { now: world.now } : {}),
      // The project's own name may be one that nothing listens to here.
      project: {
        url: env.SUPABASE_URL ?? stack.url,
        fetch: async (request) => await world.project?.(request) ?? await forward(request, stack.url),
      },
    },
  );
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => functions.fetch(request, "127.0.0.1"),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    settle: () => functions.settle(),
    async close() {
      await functions.settle();
      await shutDown(server);
    },
  };
}

function forward(request: Request, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, headers, body } = request;
  return fetch(`${origin}${pathname}${search}`, { method, headers, body });
}
