import type { z } from "@hono/zod-openapi";
import type { Runtime } from "../runtime.ts";

/** How much of an answer is read; none of ours is longer. */
const maxAnswerBytes = 64 * 1024;

/** A vendor did not do what we asked. The message carries no personal data: it is stored and logged. */
export class VendorError extends Error {
  override name = "VendorError";

  constructor(readonly vendor: string, problem: string, readonly status?: number, options?: ErrorOptions) {
    super(`${vendor} ${problem}`, options);
  }

  /** Whether asking again the same way is pointless: the vendor refused what we sent, not how often or when. */
  get isFinal(): boolean {
    const { status = 0 } = this;
    return status >= 400 && status < 500 && ![401, 403, 404, 408, 409, 425, 429].includes(status);
  }
}

/**
 * Calls a vendor with a time limit, follows no redirect, and reads a bounded answer.
 *
 * @throws {VendorError} when it cannot be reached, takes too long or redirects
 */
export async function vendorFetch(
  runtime: Runtime,
  vendor: string,
  url: string,
  init: RequestInit,
): Promise<{ ok: boolean; status: number; body: string }> {
  try {
    const response = await runtime.fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(runtime.config.vendorTimeoutMs),
    });
    return { ok: response.ok, status: response.status, body: await readBounded(response) };
  } catch (cause) {
    const isLate = cause instanceof DOMException && cause.name === "TimeoutError";
    throw new VendorError(vendor, isLate ? "did not answer in time" : "cannot be reached", undefined, {
      cause,
    });
  }
}

/**
 * A runtime whose calls together take no longer than one vendor may: what a worker does to one delivery must end before
 * its lease does, however many calls that takes.
 */
export function withinOneTimeout(runtime: Runtime): Runtime {
  const end = AbortSignal.timeout(runtime.config.vendorTimeoutMs);
  return {
    ...runtime,
    fetch: (input, init) =>
      runtime.fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, end]) : end }),
  };
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= maxAnswerBytes) break;
  }
  return text;
}

/** Whether an answer is JSON of the form that a vendor's API documents. A proxy's error page often comes as 200. */
export function answersWith(schema: z.ZodType, body: string): boolean {
  try {
    return schema.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

/** A vendor's answer as its API documents it. @throws {VendorError} when it refused, or says something else */
export function readAnswer<S extends z.ZodType>(
  vendor: string,
  schema: S,
  { ok, status, body }: { ok: boolean; status: number; body: string },
): z.output<S> {
  if (!ok) throw new VendorError(vendor, `answered ${status}`, status);
  if (!answersWith(schema, body)) throw new VendorError(vendor, "answered something else than its API");
  return schema.parse(JSON.parse(body));
}
