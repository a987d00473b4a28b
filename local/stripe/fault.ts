import type { Stripe } from "stripe";

/** What Stripe says of an error, below `error`. */
export interface FaultBody {
  type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
}

/** An error as Stripe answers it. */
export class StripeFault extends Error {
  override name = "StripeFault";

  constructor(readonly status: number, readonly body: FaultBody, options: { isValidation?: boolean } = {}) {
    super(body.message);
    this.isValidation = options.isValidation ?? false;
  }

  /** Whether the request was refused before anything ran: no answer is kept for its Idempotency-Key. */
  readonly isValidation: boolean;

  toJSON(): { error: FaultBody & { doc_url?: string } } {
    const { code } = this.body;
    const page = code && { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` };
    return { error: { ...this.body, ...page } };
  }
}

/** A parameter that cannot be taken. */
export function badParameter(param: string, message: string, code?: string): StripeFault {
  const body: FaultBody = { type: "invalid_request_error", param, message };
  return new StripeFault(400, code ? { ...body, code } : body, { isValidation: true });
}

/** A request that is well formed, and that the state of things does not allow. */
export function refused(
  message: string,
  more: Omit<Partial<FaultBody>, "type" | "message"> = {},
): StripeFault {
  return new StripeFault(400, { type: "invalid_request_error", message, ...more });
}

export function missing(kind: string, id: string, param = "id"): StripeFault {
  return new StripeFault(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    param,
    message: `There is no ${kind} '${id}'`,
  }, { isValidation: true });
}
