import { createRoute, z } from "@hono/zod-openapi";
import { readMyAccount, refreshAccount, startOnboarding } from "../../_shared/domain/payouts.ts";
import { takeStripeEvent } from "../../_shared/domain/stripe_events.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { paymentLimit } from "../../_shared/http/payment_limit.ts";
import { userRoutes, webhookRoutes } from "../../_shared/http/routes.ts";
import { verifyWebhook } from "../../_shared/integrations/stripe/webhook.ts";
import { errors } from "../errors.ts";
import { answer, Instant } from "../schemas.ts";

const tags = ["Payments"];

const webhook = createRoute({
  method: "post",
  path: "/payments/webhook",
  operationId: "takeStripeEvent",
  tags,
  summary: "Take an event of Stripe",
  description:
    "Signed by Stripe (Stripe-Signature), at most five minutes ago. Events may come twice, late and in any order.",
  responses: {
    200: jsonResponse(
      () => z.object({ received: z.literal(true) }),
      "It is taken, also when it changes nothing",
    ),
    ...errorResponses(errors, "INVALID_SIGNATURE", "PAYMENTS_NOT_CONFIGURED", "TRY_AGAIN"),
  },
});

const onboarding = createRoute({
  method: "post",
  path: "/payments/onboarding",
  operationId: "startOnboarding",
  tags,
  summary: "Get a link to open my account for payouts",
  description: "Addition, for specialists. Stripe leads back to returnUrl; the link can be used once.",
  request: {
    body: jsonBody(() =>
      z.object({
        returnUrl: z.url({ protocol: /^https?$/, error: "must be an http(s) address" }).max(2000),
        country: z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166 code such as US").optional().openapi({
          description: "Of a new account; it cannot be changed later",
        }),
      })
    ),
  },
  responses: {
    200: jsonResponse(() => answer(z.object({ url: z.string(), expiresAt: Instant })), "The link"),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "SIGN_IN_REQUIRED",
      "INVALID_TOKEN",
      "NOT_A_PROVIDER",
      "RATE_LIMITED",
      "PAYMENTS_NOT_CONFIGURED",
    ),
  },
});

const status = createRoute({
  method: "get",
  path: "/payments/onboarding",
  operationId: "readOnboarding",
  tags,
  summary: "Tell whether I can be paid out",
  description: "Addition, for specialists; as Stripe says at this moment.",
  responses: {
    200: jsonResponse(
      () =>
        answer(z.object({
          isStarted: z.boolean(),
          detailsSubmitted: z.boolean(),
          chargesEnabled: z.boolean(),
          payoutsEnabled: z.boolean(),
        })),
      "The state of the account",
    ),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN", "RATE_LIMITED", "PAYMENTS_NOT_CONFIGURED"),
  },
});

export function stripeRoutes(contract: Contract): void {
  const { runtime } = contract;

  webhookRoutes(contract).add(webhook, async (c) => {
    const event = await verifyWebhook(runtime, await c.req.text(), c.req.header("stripe-signature"));
    await takeStripeEvent(runtime, event, c.get("log"));
    return c.json({ received: true as const }, 200);
  });

  const routes = userRoutes(contract, paymentLimit(runtime));

  routes.add(onboarding, async (c) => {
    const { url, expiresAt } = await startOnboarding(runtime, c.get("db"), c.req.valid("json"));
    return c.json({
      success: true as const,
      data: { url, expiresAt: `${expiresAt.toISOString().slice(0, 19)}Z` },
    }, 200);
  });

  routes.add(status, async (c) => {
    const known = await readMyAccount(c.get("db"), c.get("actor").id);
    const account = known && await refreshAccount(runtime, known);
    return c.json({
      success: true as const,
      data: {
        isStarted: account !== null,
        detailsSubmitted: account?.details_submitted ?? false,
        chargesEnabled: account?.charges_enabled ?? false,
        payoutsEnabled: account?.payouts_enabled ?? false,
      },
    }, 200);
  });
}
