import type { Db } from "../domain/db.ts";
import type { Context } from "hono";
import type { Actor } from "./actor.ts";
import type { Logger } from "./log.ts";
import type { Count } from "./rate_limit.ts";

/** What a handler finds in `c.var`, and nothing else. */
export interface Variables<A extends Actor = Actor> {
  requestId: string;
  log: Logger;
  /** Who sent the request, established by the route's gate. */
  actor: A;
  /** The database as the actor may see it. */
  db: Db;
  /** What counting the request came to; absent while none of its limits has. */
  count?: Count & { limit: number };
}

export type Env<A extends Actor = Actor> = { Variables: Variables<A> };

/** What happens to a request before its handler, such as a limit: it lets the request on, or throws. */
export type Step = (c: Context<Env>) => Promise<void> | void;

/** The step that establishes who sent a request: one of the kinds `A`, or it throws. */
export type Gate<A extends Actor> = Step & { readonly admits?: A };
