/**
 * Limits of hosted Realtime, so that what works here works there; where plans differ, the Free plan's.
 * Sources: supabase.com/docs/guides/realtime/limits, and in supabase/realtime `lib/realtime_web/endpoint.ex`
 * (frame), `lib/realtime/tenants.ex` (payload), `config/runtime.exs` (channels, presence), `lib/realtime/messages.ex` (retention).
 */
export const limits = {
  /** A longer frame closes the socket with code 1009. */
  frameBytes: 5_000_000,
  /** A longer broadcast is not sent; a longer presence closes its channel. Hosted adds the 500 as well. */
  payloadBytes: 256 * 1000 + 500,
  channelsPerSocket: 100,
  /** Our own: each private topic of a batch is a question to the database. */
  batchMessages: 500,
  /** One call more within the window closes the channel: presence is a state, not a stream. */
  presenceCalls: 5,
  presenceWindowMs: 30_000,
  messageRetention: "72 hours",
  /** A peer that answers neither heartbeat nor ping for this long is gone. */
  idleTimeoutSeconds: 60,
  /** Our own: a client that leaves this much unread is cut off, before it holds the memory of all. */
  unreadBytes: 32_000_000,
} as const;
