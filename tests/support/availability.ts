import assert from "node:assert/strict";
import type { Database } from "../../functions/_shared/database.types.ts";
import type { Person } from "./people.ts";

type Functions = Database["public"]["Functions"];
type NewAvailability = Functions["create_availability"]["Args"];
export type Availability = Functions["create_availability"]["Returns"];

/** Open from 9 to 17 every day of the week, UTC, at an hour's notice, unless said otherwise. */
export async function makeAvailability(
  provider: Person,
  availability: Partial<NewAvailability> = {},
): Promise<Availability> {
  const { data, error } = await provider.client.rpc("create_availability", {
    kind: "weekly",
    timezone: "UTC",
    windows: everyDay({ opens: "09:00", closes: "17:00" }),
    rules: { min_notice_minutes: 60 },
    ...availability,
  });
  assert.equal(error, null);
  assert.ok(data);
  return data;
}

/** Windows as given, on every day of the week. */
export function everyDay(...windows: { opens: string; closes: string; slot_minutes?: number }[]) {
  return [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => windows.map((window) => ({ weekday, ...window })));
}

/** Where dates ahead are counted from, so that a date stays the same when midnight passes within a test file. */
const loadedAt = Date.now();

/** The date so many days from today, in UTC. */
export function dateAhead(days: number): string {
  return new Date(loadedAt + days * 86_400_000).toISOString().slice(0, 10);
}
