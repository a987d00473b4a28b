import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "../_shared/http/context.ts";
import { createContract } from "../_shared/http/contract.ts";
import type { Runtime } from "../_shared/runtime.ts";
import { errors } from "../_shared/http/own_errors.ts";
import { calendarRoutes } from "./routes.ts";

/** Calendars: a private feed per person, and the file of one booking. */
export function createCalendar(runtime: Runtime): OpenAPIHono<Env> {
  const contract = createContract(runtime, {
    name: "calendar",
    title: "Calendar",
    description:
      "iCalendar (RFC 5545): a private feed per person, made with the command create_calendar_feed, and the file of one " +
      "booking.",
    errors,
  });
  calendarRoutes(contract);
  return contract.hono;
}
