import { Hono } from "hono";
import { requireAdmin } from "./bearer.ts";
import { clientAddress } from "./client_address.ts";
import type { AuthContext, Caller, Exchange, Handler } from "./context.ts";
import { AuthError, errorResponse } from "./errors.ts";
import type { LimitedAction } from "./limits.ts";
import { createUser } from "./routes/admin_create.ts";
import { deleteUser } from "./routes/admin_delete.ts";
import { generateLink, invite } from "./routes/admin_links.ts";
import { updateAdminUser } from "./routes/admin_update.ts";
import { getAdminUser, listUsers } from "./routes/admin_users.ts";
import { logout } from "./routes/logout.ts";
import { magicLink, otp } from "./routes/otp.ts";
import { health, jwks, openidConfiguration, settings } from "./routes/project.ts";
import { providerRedirect } from "./routes/provider_redirect.ts";
import { reauthenticate } from "./routes/reauthenticate.ts";
import { recover } from "./routes/recover.ts";
import { resend } from "./routes/resend.ts";
import { signUp } from "./routes/sign_up.ts";
import { token } from "./routes/token.ts";
import { getUser, putUser } from "./routes/user.ts";
import { followLink, verify } from "./routes/verify.ts";

interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  handler: Handler;
  /** Counted before the handler runs; some handlers count by themselves, where GoTrue does. */
  limit?: LimitedAction;
  admin?: true;
}

const routes: Route[] = [
  { method: "GET", path: "/health", handler: health },
  { method: "GET", path: "/settings", handler: settings },
  { method: "GET", path: "/.well-known/jwks.json", handler: jwks },
  { method: "GET", path: "/.well-known/openid-configuration", handler: openidConfiguration },
  { method: "GET", path: "/authorize", handler: providerRedirect },
  { method: "GET", path: "/callback", handler: providerRedirect },
  { method: "POST", path: "/callback", handler: providerRedirect },
  { method: "POST", path: "/signup", handler: signUp },
  { method: "POST", path: "/token", handler: token },
  { method: "POST", path: "/otp", handler: otp, limit: "otp" },
  { method: "POST", path: "/magiclink", handler: magicLink, limit: "magiclink" },
  { method: "POST", path: "/recover", handler: recover, limit: "recover" },
  { method: "POST", path: "/resend", handler: resend, limit: "resend" },
  { method: "POST", path: "/verify", handler: verify, limit: "verify" },
  { method: "GET", path: "/verify", handler: followLink, limit: "verify" },
  { method: "GET", path: "/user", handler: getUser },
  { method: "PUT", path: "/user", handler: putUser },
  { method: "GET", path: "/user/identities/authorize", handler: refuseLinking },
  { method: "DELETE", path: "/user/identities/:id", handler: refuseLinking },
  { method: "POST", path: "/logout", handler: logout },
  { method: "GET", path: "/reauthenticate", handler: reauthenticate },
  { method: "POST", path: "/sso", handler: refuseSaml },
  { method: "POST", path: "/invite", handler: invite, admin: true },
  { method: "POST", path: "/admin/generate_link", handler: generateLink, admin: true },
  { method: "GET", path: "/admin/users", handler: listUsers, admin: true },
  { method: "POST", path: "/admin/users", handler: createUser, admin: true },
  { method: "GET", path: "/admin/users/:id", handler: getAdminUser, admin: true },
  { method: "PUT", path: "/admin/users/:id", handler: updateAdminUser, admin: true },
  { method: "DELETE", path: "/admin/users/:id", handler: deleteUser, admin: true },
];

/** Answers every request under `/auth/v1`, unknown ones as GoTrue's router does. */
export function createRouter(
  auth: AuthContext,
  report: (error: unknown) => void,
): (request: Request, caller: Caller) => Promise<Response> {
  const app = new Hono<{ Bindings: { caller: Caller } }>().basePath("/auth/v1");
  for (const route of routes) {
    app.on(
      route.method,
      route.path,
      (c) => answer(auth, route, { request: c.req.raw, caller: c.env.caller }),
    );
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, () => new Response(null, { status: 405 }));
  }
  app.notFound(() => new Response("404 page not found\n", { status: 404 }));
  app.onError((error, c) => {
    const answer = errorResponse(error, c.req.raw);
    if (answer.status >= 500) report(error);
    return answer;
  });
  return async (request, caller) => await app.fetch(request, { caller });
}

async function answer(
  auth: AuthContext,
  { handler, limit, admin }: Route,
  { request, caller }: Pick<Exchange, "request" | "caller">,
): Promise<Response> {
  const address = clientAddress(request, caller, auth.config);
  const exchange: Exchange = { auth, request, url: new URL(request.url), caller, address };
  if (limit) auth.limits.take(limit, address);
  if (admin) await requireAdmin(exchange);
  return await handler(exchange);
}

function refuseLinking(): Promise<Response> {
  return Promise.reject(new AuthError(404, "manual_linking_disabled", "Manual linking is disabled"));
}

function refuseSaml(): Promise<Response> {
  return Promise.reject(new AuthError(404, "saml_provider_disabled", "SAML 2.0 is disabled"));
}
