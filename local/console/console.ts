import type { Database } from "../database/database.ts";
import type { FunctionHost } from "../functions.ts";
import type { Inbox } from "../inbox.ts";
import type { ProjectKeys } from "../keys.ts";
import type { StripeSimulator } from "../stripe/simulator.ts";
import { refuseMethod, refuseOtherSite, refuseStranger } from "./guard.ts";
import { errorResponse } from "./respond.ts";
import { consoleRoutes } from "./routes.ts";

export interface ConsoleParts {
  url: string;
  keys: Pick<ProjectKeys, "publishableKey" | "secretKey">;
  database: Database;
  inbox: Inbox;
  stripe: StripeSimulator;
  functions: Pick<FunctionHost, "names" | "fetch">;
  /** Where Scalar stays once it was downloaded; null keeps it in memory. */
  folder: string | null;
  /** Answers Scalar's script; by default it comes from the npm registry. */
  loadScalar?: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** The page of the embedded stack, and the same as JSON. */
export interface Console {
  fetch(request: Request): Promise<Response>;
}

export function createConsole(parts: ConsoleParts): Console {
  const routes = consoleRoutes(parts);
  const answer = async (request: Request): Promise<Response> => {
    const stranger = refuseStranger(request);
    if (stranger) return stranger;
    const url = new URL(request.url);
    for (const route of routes) {
      const match = route.path.exec(url.pathname);
      if (!match) continue;
      const refused = refuseMethod(request, route.kind) ?? refuseOtherSite(request, route.kind);
      const response = refused ?? await route.answer(url, match[1] ?? "", request);
      if (response) return response;
    }
    return errorResponse(request, { status: 404, message: "Not found" });
  };
  return {
    async fetch(request) {
      const response = await answer(request);
      return request.method === "HEAD" ? new Response(null, response) : response;
    },
  };
}
