import { createRoute, z } from "@hono/zod-openapi";
import { endAuthSession } from "../../_shared/domain/auth_sessions.ts";
import { normalizePhone } from "../../_shared/domain/phone.ts";
import { sendPhoneCode, verifyPhoneCode } from "../../_shared/domain/phone_sign_in.ts";
import { readSignedIn } from "../../_shared/domain/provider_profiles.ts";
import { clientAddress } from "../../_shared/http/client_address.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { preferredLanguage } from "../../_shared/http/language.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes, sessionRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { presentLoginSession, presentProfile, presentSignIn } from "../present_profile.ts";
import { LoginSession, Profile } from "../profile_schemas.ts";
import { Done, Success } from "../schemas.ts";

const tags = ["Authentication"];
const Phone = z.string().min(1, "must not be empty").max(40, "must have at most 40 characters")
  .openapi({ description: "International, with +; a mobile number", example: "+12025550123" });

const sendOtp = createRoute({
  method: "post",
  path: "/api/auth/send-otp",
  operationId: "sendPhoneCode",
  tags,
  summary: "Send a code by SMS",
  description:
    "Six digits, good for ten minutes and five tries. Answers the same whether the number is known.",
  request: { body: jsonBody(() => z.object({ phone_number: Phone })) },
  responses: {
    200: jsonResponse(() => Done().extend({ phone_number: z.string() }), "The code is on its way"),
    ...errorResponses(errors, "INVALID_INPUT", "RATE_LIMITED", "SIGN_IN_NOT_CONFIGURED", "TRY_AGAIN"),
  },
});

const verifyOtp = createRoute({
  method: "post",
  path: "/api/auth/verify-otp",
  operationId: "verifyPhoneCode",
  tags,
  summary: "Sign in with the code",
  description: "Sets the session cookie, and answers the same session as tokens.",
  request: {
    body: jsonBody(() =>
      z.object({
        phone_number: Phone,
        otp: z.string().regex(/^\d{6}$/, "must be six digits").openapi({ example: "123456" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        Success().extend({
          is_new_user: z.boolean().openapi({
            description: "Whether there was no facilitator of this number",
          }),
          facilitator: Profile().optional().openapi({ description: "Absent for new users" }),
          redirect_to: z.enum(["dashboard", "onboarding"]),
          access_token: z.string().openapi({ description: "Addition: for clients that keep no cookies" }),
          refresh_token: z.string().openapi({ description: "Addition: renews it through Supabase Auth" }),
          expires_in: z.int().openapi({ description: "Addition: seconds until the access token expires" }),
        }),
      "Signed in",
    ),
    ...errorResponses(
      errors,
      "INVALID_INPUT",
      "INVALID_CODE",
      "TOO_MANY_TRIES",
      "RATE_LIMITED",
      "SIGN_IN_NOT_CONFIGURED",
      "TRY_AGAIN",
    ),
  },
});

const logout = createRoute({
  method: "post",
  path: "/api/auth/logout",
  operationId: "signOut",
  tags,
  summary: "Sign out",
  description:
    "Ends the session wherever it is used, and removes the cookie. Without a session it does nothing.",
  responses: {
    200: jsonResponse(Done, "Signed out"),
    ...errorResponses(errors, "ORIGIN_NOT_ALLOWED", "TRY_AGAIN"),
  },
});

const sessionStatus = createRoute({
  method: "get",
  path: "/api/auth/session-status",
  operationId: "readSession",
  tags,
  summary: "Check the session",
  responses: {
    200: jsonResponse(
      () =>
        Success().extend({
          authenticated: z.boolean(),
          session: LoginSession().nullable(),
          facilitator: Profile().nullable().openapi({ description: "Null before onboarding" }),
          redirect_to: z.enum(["dashboard", "onboarding"]).nullable(),
        }),
      "Whether somebody is signed in, and who",
    ),
    ...errorResponses(errors, "TRY_AGAIN"),
  },
});

export function authRoutes(contract: Contract): void {
  const { runtime, cookies } = contract;
  const routes = publicRoutes(contract);
  const ownRoutes = sessionRoutes(contract);

  routes.add(sendOtp, async (c) => {
    cookies?.requireKeys();
    const phone = await normalizePhone(c.req.valid("json").phone_number);
    await sendPhoneCode(runtime, phone, {
      locale: preferredLanguage(c.req.header("accept-language")),
      address: clientAddress(c, runtime.config),
    });
    return c.json({ success: true as const, message: "OTP sent successfully", phone_number: phone }, 200);
  });

  routes.add(verifyOtp, async (c) => {
    cookies?.requireKeys();
    const { phone_number, otp: code } = c.req.valid("json");
    const claim = { phone: await normalizePhone(phone_number), code };
    const signIn = await verifyPhoneCode(runtime, claim, clientAddress(c, runtime.config));
    await cookies?.start(c, signIn.session);
    return c.json(presentSignIn(signIn), 200);
  });

  ownRoutes.add(logout, async (c) => {
    const actor = c.get("actor");
    if (actor.kind === "user") {
      await endAuthSession(runtime, actor.token, clientAddress(c, runtime.config));
    }
    cookies?.end(c);
    return c.json({ success: true as const, message: "Logged out successfully" }, 200);
  });

  ownRoutes.add(sessionStatus, async (c) => {
    const actor = c.get("actor");
    const signedIn = actor.kind === "user" ? await readSignedIn(c.get("db")) : null;
    const isSignedIn = actor.kind === "user" && signedIn !== null;
    return c.json({
      success: true as const,
      authenticated: isSignedIn,
      session: isSignedIn ? presentLoginSession(actor) : null,
      facilitator: signedIn?.profile ? presentProfile(signedIn.profile) : null,
      redirect_to: isSignedIn ? signedIn.profile ? "dashboard" as const : "onboarding" as const : null,
    }, 200);
  });
}
