import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "../_shared/http/own_errors.ts";
import { workerRoutes } from "./routes.ts";

/** The worker: delivers what the outbox holds. Called by a schedule, and after requests that filled it. */
export function createWorker(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "worker",
    title: "Worker",
    description: "Delivers e-mail, CRM notifications and whatever else the outbox holds. For operators.",
    errors,
  });
  workerRoutes(contract);
  return contract.hono;
}
