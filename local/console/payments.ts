import { StripeFault } from "../stripe/fault.ts";
import type { StripeSimulator } from "../stripe/simulator.ts";
import { errorResponse, seeOther } from "./respond.ts";

/** What a click on the payments page does, by its last path segment. */
const intentActions: Record<string, (stripe: StripeSimulator, id: string) => unknown> = {
  pay: (stripe, id) => stripe.pay(id),
  decline: (stripe, id) => stripe.pay(id, "pm_card_chargeDeclined"),
  challenge: (stripe, id) => stripe.pay(id, "pm_card_authenticationRequired"),
  authenticate: (stripe, id) => stripe.authenticate(id, true),
  refuse: (stripe, id) => stripe.authenticate(id, false),
  arrive: (stripe, id) => stripe.finishPayment(id, true),
  fail: (stripe, id) => stripe.finishPayment(id, false),
};

/** Does what `name` says, such as `pi_123/pay`, and leads back to the page; null when there is no such thing. */
export function act(stripe: StripeSimulator, name: string, request: Request): Response | null {
  const [id = "", action = ""] = name.split("/");
  const { search } = new URL(request.url);
  try {
    if (action === "onboard" && stripe.findAccount(id)) {
      stripe.finishOnboarding(id);
      return seeOther(`/console/stripe/onboarding/${id}${search}`);
    }
    const run = intentActions[action];
    if (!run || !stripe.findIntent(id)) return null;
    run(stripe, id);
    return seeOther(`/console/stripe#${id}`);
  } catch (error) {
    if (error instanceof StripeFault) return errorResponse(request, { status: 409, message: error.message });
    throw error;
  }
}
