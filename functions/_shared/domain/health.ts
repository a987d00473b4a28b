import type { Runtime } from "../runtime.ts";
import { openDb, rowsOf } from "./db.ts";

/** Whether the database answers a small query in time. */
export async function isDatabaseUp(runtime: Runtime): Promise<boolean> {
  try {
    await rowsOf(openDb(runtime, null).client.from("providers").select("id").limit(1));
    return true;
  } catch {
    return false;
  }
}
