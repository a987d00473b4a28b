import { routes } from "./routes.ts";
import { testMethods } from "./test_methods.ts";
import { apiVersion } from "./version.ts";

const text = () =>
  `Stripe, as far as Convene uses it, on this machine. No money moves, and nothing leaves this machine.

It speaks version ${apiVersion} of the API to the official SDK, and forgets everything when the stack stops.
STRIPE_BASE_URL is this address, and STRIPE_SECRET_KEY the key that it takes. People pay on the console's page
/console/stripe, where providers also finish their onboarding.

What it answers (anything else gets 404, and any parameter that it does not know 400):

${routes.map(({ method, path }) => `  ${method.padEnd(4)} /v1${path}`).join("\n")}

  expand[], limit, starting_after, ending_before, created, metadata, Idempotency-Key (24 hours), Stripe-Account (balances only).

How it behaves:

  - A charge is pending for two days, then available. Transfers need money that is available, or a source_transaction.
  - Refunds and disputes count from when their charge's money does. A balance is the sum of its balance transactions.
  - No fee is kept unless the stack is started with one; a dispute costs nothing beyond its amount.
  - An amount below Stripe's minimum of its currency is refused where the minimum is published, and below 1 elsewhere.
  - Transfers go to accounts whose transfers capability is active, in the same currency; nothing is converted.
  - A reversal takes no more than the connected account has. Nothing is paid to banks unless a test says so.
  - Webhooks go to one address as to two endpoints: events of the platform are signed with the first secret of
    STRIPE_WEBHOOK_SECRET, events of connected accounts with the second. An attempt that is not answered 2xx is repeated
    after 1 s, 5 s, 30 s, 2 min and 10 min (Stripe: over three days), then given up.

Test payment methods, which behave as Stripe's:

${Object.keys(testMethods).map((name) => `  ${name}`).join("\n")}

What it does not do: customers, saved payment methods, manual capture, destination charges, application fees,
checkout pages, invoices, payouts, accounts that say controller instead of type, evidence for disputes, currency
conversion, rate limits, other versions of the API.
`;

/** Says what the simulator does and what it does not. */
export function aboutSimulator(): Response {
  return new Response(text(), { headers: { "content-type": "text/plain; charset=utf-8" } });
}
