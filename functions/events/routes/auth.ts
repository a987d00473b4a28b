import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  readMyAccount,
  register,
  signIn,
  signInWithGoogle,
  subjectOf,
} from "../../_shared/domain/accounts.ts";
import { refreshAuthSession } from "../../_shared/domain/auth_sessions.ts";
import { bearerToken } from "../../_shared/http/actor.ts";
import { clientAddress } from "../../_shared/http/client_address.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { AppError } from "../../_shared/http/errors.ts";
import { preferredLanguage } from "../../_shared/http/language.ts";
import { errorResponses, jsonBody, jsonResponse, optionalJsonBody } from "../../_shared/http/openapi.ts";
import { publicRoutes, userRoutes } from "../../_shared/http/routes.ts";
import { signInLimit } from "../../_shared/http/sign_in_limit.ts";
import { errors } from "../errors.ts";
import { presentSignedIn, presentUser } from "../present.ts";
import { Message, User } from "../schemas.ts";

const tags = ["Authentication"];
const Email = z.email("must be an e-mail address").max(255).openapi({ example: "user@example.com" });
const Password = z.string().min(1, "must not be empty").max(72, "must have at most 72 characters")
  .openapi({ example: "securepassword123" });
const namePart = (example: string) =>
  z.string().trim().min(1, "must not be empty").max(100, "must have at most 100 characters").openapi({
    example,
  });

/** E.164; spaces, brackets, dots and dashes are left out. */
const Phone = z.string().transform((text) => text.replaceAll(/[\s().-]/g, ""))
  .refine((phone) => /^\+[1-9]\d{6,14}$/.test(phone), "must be a number such as +12025550123")
  .openapi({ type: "string", example: "+1234567890" });

export const Credentials = lazily(() => z.object({ email: Email, password: Password }));

export const SignedIn = lazily(() =>
  Message().extend({
    user: User(),
    access_token: z.string(),
    refresh_token: z.string(),
    expires_in: z.int().openapi({ description: "Addition: seconds until the access token expires" }),
  })
);

const registerRoute = createRoute({
  method: "post",
  path: "/api/auth/register",
  operationId: "register",
  tags,
  summary: "Register a new account",
  description: "The phone number is kept to reach the person; it is not proven and signs nobody in.",
  request: {
    body: jsonBody(() =>
      Credentials().extend({
        first_name: namePart("John"),
        last_name: namePart("Doe"),
        phone: Phone.nullish(),
      })
    ),
  },
  responses: {
    201: jsonResponse(() => Message().extend({ user: User() }), "The account"),
    ...errorResponses(errors, "INVALID_INPUT", "EMAIL_TAKEN", "WEAK_PASSWORD", "RATE_LIMITED"),
  },
});

const loginRoute = createRoute({
  method: "post",
  path: "/api/auth/login",
  operationId: "signIn",
  tags,
  summary: "Sign in with e-mail and password",
  request: { body: jsonBody(Credentials) },
  responses: {
    200: jsonResponse(SignedIn, "Signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "INVALID_CREDENTIALS", "RATE_LIMITED"),
  },
});

const googleRoute = createRoute({
  method: "post",
  path: "/api/auth/google-login",
  operationId: "signInWithGoogle",
  tags,
  summary: "Sign in with Google",
  description: "`token` is Google's ID token for this application, with a verified e-mail address.",
  request: {
    body: jsonBody(() =>
      z.object({
        token: z.string().min(1, "must not be empty").max(10_000).openapi({ example: "google_id_token" }),
      })
    ),
  },
  responses: {
    200: jsonResponse(SignedIn, "Signed in"),
    ...errorResponses(errors, "INVALID_INPUT", "INVALID_IDENTITY", "RATE_LIMITED"),
  },
});

const refreshRoute = createRoute({
  method: "post",
  path: "/api/auth/refresh",
  operationId: "renewSession",
  tags,
  summary: "Get a new access token",
  description:
    "The refresh token comes in the body or as `Authorization: Bearer`; the body comes first. The one that is answered " +
    "may be kept instead; a client that goes on with its first stays signed in as well.",
  request: {
    body: optionalJsonBody(() => z.object({ refresh_token: z.string().max(500).optional() })),
  },
  responses: {
    200: jsonResponse(
      () =>
        z.object({
          access_token: z.string(),
          refresh_token: z.string().openapi({ description: "Addition" }),
          expires_in: z.int().openapi({ description: "Addition: seconds until the access token expires" }),
        }),
      "A new access token",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED", "INVALID_REFRESH_TOKEN", "RATE_LIMITED"),
  },
});

const profileRoute = createRoute({
  method: "get",
  path: "/api/auth/profile",
  operationId: "readMyAccount",
  tags,
  summary: "Tell who is signed in",
  responses: {
    200: jsonResponse(() => z.object({ user: User() }), "The signed-in person"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "INVALID_TOKEN"),
  },
});

export function authRoutes(contract: Contract): void {
  const { runtime } = contract;
  const routes = publicRoutes(contract);
  const limit = signInLimit(runtime);

  routes.add(registerRoute, async (c) => {
    const { email, password, first_name, last_name, phone } = c.req.valid("json");
    await limit(c, email);
    const { account } = await register(runtime, {
      email,
      password,
      name: { given: first_name, family: last_name },
      phone: phone ?? undefined,
      locale: preferredLanguage(c.req.header("accept-language")),
    }, clientAddress(c, runtime.config));
    return c.json({ message: "User registered successfully", user: presentUser(account) }, 201);
  });

  routes.add(loginRoute, async (c) => {
    const credentials = c.req.valid("json");
    await limit(c, credentials.email);
    return c.json(presentSignedIn(await signIn(runtime, credentials, clientAddress(c, runtime.config))), 200);
  });

  routes.add(googleRoute, async (c) => {
    const { token } = c.req.valid("json");
    const address = clientAddress(c, runtime.config);
    // Not the token itself: each of a person's is another.
    await limit(c, await subjectOf(token));
    return c.json(presentSignedIn(await signInWithGoogle(runtime, token, null, address)), 200);
  });

  routes.add(refreshRoute, async (c) => {
    const token = c.req.valid("json").refresh_token || bearerToken(c.req.header("authorization"));
    if (!token) throw new AppError("SIGN_IN_REQUIRED");
    const session = await refreshAuthSession(runtime, token, clientAddress(c, runtime.config));
    if (!session) throw new AppError("INVALID_REFRESH_TOKEN");
    return c.json({
      access_token: session.accessToken,
      refresh_token: session.refreshToken,
      expires_in: session.expiresIn,
    }, 200);
  });

  userRoutes(contract).add(profileRoute, async (c) => {
    return c.json({ user: presentUser(await readMyAccount(c.get("db"))) }, 200);
  });
}
