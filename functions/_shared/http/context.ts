import type { Db } from "../domain/db.ts";
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
