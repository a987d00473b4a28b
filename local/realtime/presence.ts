import type { JsonObject } from "./frames.ts";

/** Presences by key, in the form of Phoenix' `presence_state`. */
export type PresenceState = Record<string, { metas: JsonObject[] }>;

export interface PresenceDiff {
  joins: PresenceState;
  leaves: PresenceState;
}

interface Entry {
  key: string;
  meta: JsonObject;
  text: string;
}

/** Who is on a topic. A tracker (one channel of one client) has at most one entry; keys may be shared. */
export class PresenceList {
  readonly #entries = new Map<object, Entry>();
  #lastRef = 0;

  /** Enters or updates a tracker; null when nothing changed. */
  track(tracker: object, key: string, payload: JsonObject): PresenceDiff | null {
    const before = this.#entries.get(tracker);
    const text = JSON.stringify(payload);
    if (before?.text === text) return null;
    const previous = before && { phx_ref_prev: before.meta.phx_ref };
    const meta = { ...payload, phx_ref: `P${++this.#lastRef}`, ...previous };
    const entry = { key, meta, text };
    this.#entries.set(tracker, entry);
    return { joins: stateOf([entry]), leaves: stateOf(before ? [before] : []) };
  }

  /** Removes a tracker; null when it was not there. */
  untrack(tracker: object): PresenceDiff | null {
    const before = this.#entries.get(tracker);
    if (!before) return null;
    this.#entries.delete(tracker);
    return { joins: {}, leaves: stateOf([before]) };
  }

  state(): PresenceState {
    return stateOf(this.#entries.values());
  }
}

function stateOf(entries: Iterable<Entry>): PresenceState {
  const byKey = Map.groupBy(entries, (entry) => entry.key);
  // From entries, because a client may choose `__proto__` as its key.
  return Object.fromEntries(
    [...byKey].map(([key, group]) => [key, { metas: group.map((entry) => entry.meta) }]),
  );
}
