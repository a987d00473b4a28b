import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import { register, signIn, signInWithGoogle } from "../../_shared/domain/accounts.ts";
import { clientAddress } from "../../_shared/http/client_address.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { errorResponses, jsonBody, jsonResponse } from "../../_shared/http/openapi.ts";
import { publicRoutes } from "../../_shared/http/routes.ts";
import { signInLimit } from "../../_shared/http/sign_in_limit.ts";
import { preferredLanguage } from "../../_shared/http/language.ts";
import { errors } from "../errors.ts";
import { presentSignedIn } from "../present.ts";
import { Id } from "../schemas.ts";

const tags = ["Authentication"];
const Email = z.email("must be an e-mail address").max(255).openapi({ example: "user@example.com" });
const Name = z.string().trim().min(1, "must not be empty").max(200).openapi({ example: "John Doe" });
const Password = z.string().min(1, "must not be empty").max(72, "must have at most 72 characters")
  .openapi({ example: "password123" });

const SignedIn = lazily(() =>
  z.object({
    access_token: z.string(),
    refresh_token: z.string().openapi({ description: "Addition: renews the session through Supabase Auth" }),
    expires_in: z.int().openapi({ description: "Addition: seconds until the access token expires" }),
    user: z.object({ id: Id, email: z.string(), name: z.string(), role: z.enum(["user", "facilitator"]) }),
  }).openapi("SignedIn")
);

const registerRoute = createRoute({
  method: "post",
  path: "/api/auth/register",
  operationId: "register",
  tags,
  summary: "Register a new account",
  request: {
    body: jsonBody(() =>
      z.object({
        email: Email,
        password: Password,
        name: Name,
        role: z.enum(["user", "facilitator"], "must be user or facilitator").default("user"),
        bio: z.string().max(10_000).optional().openapi({ description: "For facilitators" }),
        specialization: z.string().max(200).optional().openapi({ description: "For facilitators" }),
      })
    ),
  },
  responses: {
    201: jsonResponse(SignedIn, "The account, signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "EMAIL_TAKEN", "WEAK_PASSWORD", "RATE_LIMITED"),
  },
});

const loginRoute = createRoute({
  method: "post",
  path: "/api/auth/login",
  operationId: "signIn",
  tags,
  summary: "Sign in with e-mail and password",
  request: { body: jsonBody(() => z.object({ email: Email, password: Password })) },
  responses: {
    200: jsonResponse(SignedIn, "Signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "INVALID_CREDENTIALS", "RATE_LIMITED"),
  },
});

const IdToken = z.string().max(10_000).optional();

const googleRoute = createRoute({
  method: "post",
  path: "/api/auth/google",
  operationId: "signInWithGoogle",
  tags,
  summary: "Sign in with Google",
  description:
    "Needs Google's ID token as `token` or `id_token` besides the documented fields, and it must name the " +
    "same account and e-mail: the fields alone prove nothing.",
  request: {
    body: jsonBody(() =>
      z.object({
        google_id: z.string().min(1, "must not be empty").max(255).openapi({ example: "google-oauth-id" }),
        email: Email,
        name: Name,
        token: IdToken.openapi({ description: "Google's ID token" }),
        id_token: IdToken.openapi({ description: "The same under its other name" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(SignedIn, "Signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "INVALID_IDENTITY", "RATE_LIMITED"),
  },
});

export function authRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = publicRoutes(contract);
  const limit = signInLimit(runtime);

  routes.add(registerRoute, async (c) => {
    const { role, bio, specialization, ...account } = c.req.valid("json");
    await limit(c, account.email);
    const signedIn = await register(runtime, {
      ...account,
      locale: preferredLanguage(c.req.header("accept-language")),
      ...(role === "facilitator" ? { provider: { bio, specialization } } : {}),
    }, clientAddress(c, runtime.config));
    return c.json(presentSignedIn(signedIn), 201);
  });

  routes.add(loginRoute, async (c) => {
    const credentials = c.req.valid("json");
    await limit(c, credentials.email);
    return c.json(presentSignedIn(await signIn(runtime, credentials, clientAddress(c, runtime.config))), 200);
  });

  routes.add(googleRoute, async (c) => {
    const { google_id: googleId, email, name, token, id_token } = c.req.valid("json");
    const idToken = id_token ?? token;
    if (!idToken) throw new AppError("INVALID_IDENTITY");
    await limit(c, email);
    const address = clientAddress(c, runtime.config);
    const signedIn = await signInWithGoogle(runtime, idToken, { googleId, email, name }, address);
    return c.json(presentSignedIn(signedIn), 200);
  });
}
