import { AppError } from "../../http/errors.ts";
import { VendorError } from "../vendor.ts";

/** What an error of the SDK tells. Recognised by its form: the SDK is not loaded for it. */
export interface StripeRefusal {
  type: string;
  code: string | undefined;
  /** What of the request Stripe refused. */
  param: string | undefined;
  status: number | undefined;
}

/** The error as one of Stripe's SDK; null for any other. */
export function stripeRefusal(error: unknown): StripeRefusal | null {
  if (!(error instanceof Error) || !("type" in error) || !String(error.type).startsWith("Stripe")) {
    return null;
  }
  const { type, code, param, statusCode } = error as Error & {
    type: string;
    code?: string;
    param?: string;
    statusCode?: number;
  };
  return { type, code, param, status: statusCode };
}

/** Whether Stripe refused what was asked, so that asking the same again is pointless. */
export function isRefused(error: unknown): boolean {
  const type = stripeRefusal(error)?.type;
  return type === "StripeInvalidRequestError" || type === "StripeCardError";
}

/** The error without the texts that Stripe writes, which may name people. */
function causeOf(error: unknown): unknown {
  const refusal = stripeRefusal(error);
  return refusal ? new Error(`${refusal.type} ${refusal.status ?? "-"} ${refusal.code ?? "-"}`) : error;
}

/** So long each further try waits while the same call, of a second click or the worker, still runs at Stripe. */
const twinWaitsMs = [200, 400, 800];

/** Runs a call; when Stripe still runs its twin with the same Idempotency-Key, a little later again. */
async function afterItsTwin<T>(work: () => Promise<T>): Promise<T> {
  for (const waitMs of twinWaitsMs) {
    try {
      return await work();
    } catch (error) {
      if (stripeRefusal(error)?.code !== "idempotency_key_in_use") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return await work();
}

/**
 * Runs a call for somebody who waits for the answer.
 *
 * @throws {AppError} PAYMENT_FAILED when Stripe refuses the payment, NOT_FOUND for an unknown object, TRY_AGAIN when it does not answer as it should
 */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await afterItsTwin(work);
  } catch (error) {
    const refusal = stripeRefusal(error);
    if (!refusal) throw error;
    const cause = causeOf(error);
    // A currency or an amount that Stripe does not take is what somebody sells for, not a fault of ours.
    if (
      refusal.type === "StripeCardError" || refusal.code?.startsWith("amount_too_") ||
      refusal.param === "currency"
    ) {
      throw new AppError("PAYMENT_FAILED", { cause });
    }
    if (refusal.type === "StripeAuthenticationError" || refusal.type === "StripePermissionError") {
      throw new AppError("PAYMENTS_NOT_CONFIGURED", { cause });
    }
    if (refusal.code === "resource_missing") throw new AppError("NOT_FOUND", { cause });
    if (refusal.type === "StripeInvalidRequestError") throw new AppError("INTERNAL", { cause });
    throw new AppError("TRY_AGAIN", { cause, retryAfterSeconds: 5 });
  }
}

/** Runs a call for the worker. @throws {VendorError} which is tried again unless Stripe refused it for good */
export async function delivered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = stripeRefusal(error);
    if (!refusal) throw error;
    const problem = `answered ${refusal.status ?? "nothing"}${refusal.code ? ` ${refusal.code}` : ""}`;
    throw new VendorError("stripe", problem, refusal.status, { cause: causeOf(error) });
  }
}
