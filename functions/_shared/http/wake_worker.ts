import type { Runtime } from "../runtime.ts";

/** An instance asks for the worker at most so often; what comes meanwhile is asked for together. */
const minIntervalMs = 1000;

const pending = new WeakMap<Runtime, { askedAtMs: number; isWaiting: boolean }>();

/**
 * After a command, asks the worker to deliver what it wrote, beyond the answer: people hear at once instead of at the
 * schedule's next turn. Should that fail, the schedule delivers it.
 */
export function wakeWorker(runtime: Runtime): void {
  const { workerTokens: [token], wakesWorker } = runtime.config;
  const state = pending.get(runtime) ?? { askedAtMs: 0, isWaiting: false };
  if (!token || !wakesWorker || state.isWaiting) return;
  const waitMs = Math.max(0, state.askedAtMs + minIntervalMs - Date.now());
  pending.set(runtime, { ...state, isWaiting: true });
  runtime.waitUntil(ask(runtime, token, waitMs));
}

async function ask(runtime: Runtime, token: string, waitMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  pending.set(runtime, { askedAtMs: Date.now(), isWaiting: false });
  try {
    const response = await runtime.fetch(`${runtime.config.supabaseUrl}/functions/v1/worker/run`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(30_000),
    });
    await response.body?.cancel();
  } catch {
    // The schedule calls the worker as well.
  }
}

/**
 * Asks the worker to deliver what one key has due for one destination, and answers whether it was taken within the
 * time. What was not is delivered later.
 */
export async function isDeliveredNow(
  runtime: Runtime,
  { key, destination, withinMs }: { key: string; destination: string; withinMs: number },
): Promise<boolean> {
  const token = runtime.config.workerTokens[0];
  if (!token) return false;
  try {
    const response = await runtime.fetch(`${runtime.config.supabaseUrl}/functions/v1/worker/deliver`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ key, destination, within_ms: withinMs }),
      signal: AbortSignal.timeout(withinMs),
    });
    const { status } = await response.json() as { status?: unknown };
    return status === "delivered";
  } catch {
    return false;
  }
}
