import { checkExpand, expand } from "./expand.ts";
import { badParameter, StripeFault } from "./fault.ts";
import { decodeForm } from "./form.ts";
import { type Answer, IdempotencyKeys } from "./idempotency.ts";
import { randomText } from "./ids.ts";
import { Params } from "./params.ts";
import { matchRoute, type Route } from "./routes.ts";
import { apiVersion } from "./version.ts";
import type { World } from "./world.ts";

/**
 * What can go wrong between Stripe and us. `down`: nothing happened and the answer is 503. `lost_answer`: it happened,
 * and the answer is 503 all the same.
 */
export type Disturbance = "down" | "lost_answer";

/** A request as far as the operation needs it. */
interface Asked {
  id: string;
  method: string;
  path: string;
  form: string;
  idempotencyKey: string | null;
  account: string | null;
}

/** The HTTP side of the simulator: keys, versions, idempotency, errors. */
export class StripeApi {
  readonly #world: World;
  readonly #secretKey: string;
  readonly #keys: IdempotencyKeys;
  #disturbance: { kind: Disturbance; times: number } | null = null;
  #gate: Promise<void> | null = null;

  constructor(world: World, secretKey: string) {
    this.#world = world;
    this.#secretKey = secretKey;
    this.#keys = new IdempotencyKeys(() => world.now());
  }

  /** Disturbs the next requests. */
  disturb(kind: Disturbance, times: number): void {
    this.#disturbance = { kind, times };
  }

  calm(): void {
    this.#disturbance = null;
  }

  /** Lets requests wait after they arrived and before they do anything; the answer lets them go on. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return () => {
      this.#gate = null;
      resolve();
    };
  }

  /** `path` begins with `/v1`. */
  async fetch(request: Request, path: string): Promise<Response> {
    const { search } = new URL(request.url);
    const asked: Asked = {
      id: `req_${randomText(14)}`,
      method: request.method,
      path,
      form: request.method === "POST" ? await request.text() : search.slice(1),
      idempotencyKey: request.method === "POST" ? request.headers.get("idempotency-key") : null,
      account: request.headers.get("stripe-account"),
    };
    const disturbance = this.#nextDisturbance();
    if (disturbance === "down") return respond(asked, outage(asked));
    const result = await this.#answer(request, asked).catch((error) => ({
      answer: answerOf(asked, error),
      isReplayed: false,
    }));
    return disturbance ? respond(asked, outage(asked)) : respond(asked, result.answer, result.isReplayed);
  }

  async #answer(request: Request, asked: Asked): Promise<{ answer: Answer; isReplayed: boolean }> {
    this.#authenticate(request);
    checkVersion(request);
    const found = matchRoute(asked.method, asked.path.slice("/v1".length));
    if (!found) throw unrecognized(asked);
    this.#checkAccount(asked, found.route);
    const run = async () => {
      await this.#gate;
      return this.#run(asked, found);
    };
    const { idempotencyKey: key } = asked;
    if (!key) return { answer: await run(), isReplayed: false };
    if (key.length > 255) {
      throw badParameter("idempotency_key", "An idempotency key has at most 255 characters");
    }
    return await this.#keys.run(key, { endpoint: asked.path, params: asked.form }, run);
  }

  #run(asked: Asked, { route, id }: { route: Route; id: string }): Answer {
    try {
      const params = new Params(formOf(asked));
      const paths = params.list("expand") ?? [];
      checkExpand(paths, route.answers);
      const cause = { id: asked.id, idempotency_key: asked.idempotencyKey };
      const object = this.#world.events.causedBy(
        cause,
        () => route.answer(this.#world, { params, id, account: asked.account }),
      );
      const body = expand(object, paths, this.#world.store);
      return { status: 200, body, requestId: asked.id, isKept: true };
    } catch (error) {
      return answerOf(asked, error);
    }
  }

  #authenticate(request: Request): void {
    const [scheme = "", credential = ""] = (request.headers.get("authorization") ?? "").split(" ");
    const key = scheme.toLowerCase() === "basic" ? decodeBasic(credential) : credential;
    if (key === this.#secretKey) return;
    const message = key
      ? `Invalid API key: ${key.slice(0, 8)}${"*".repeat(12)}`
      : "There is no API key; send one with 'Authorization: Bearer <key>'";
    throw new StripeFault(401, { type: "invalid_request_error", message }, { isValidation: true });
  }

  #checkAccount({ account }: Asked, route: Route): void {
    if (account === null) return;
    if (!this.#world.store.accounts.find(account)) {
      throw new StripeFault(403, {
        type: "invalid_request_error",
        code: "account_invalid",
        message: `This key has no access to the account '${account}', or there is none`,
      });
    }
    if (!route.isConnected) {
      throw badParameter(
        "stripe_account",
        "The simulator answers balances for connected accounts, nothing else",
      );
    }
  }

  #nextDisturbance(): Disturbance | null {
    const now = this.#disturbance;
    if (!now || now.times <= 0) return null;
    now.times--;
    return now.kind;
  }
}

function formOf({ form }: Asked) {
  try {
    return decodeForm(form);
  } catch (error) {
    throw badParameter("", error instanceof Error ? error.message : "Malformed parameters");
  }
}

/** Stripe has many versions and the simulator one; to answer another as if it were this one would be a lie. */
function checkVersion(request: Request): void {
  const version = request.headers.get("stripe-version") ?? apiVersion;
  if (version === apiVersion) return;
  throw new StripeFault(400, {
    type: "invalid_request_error",
    message: `The simulator speaks the API version ${apiVersion} only, not ${version}`,
  });
}

function unrecognized({ method, path }: Asked): StripeFault {
  return new StripeFault(404, {
    type: "invalid_request_error",
    message:
      `Unrecognized request URL (${method}: ${path}). GET /simulators/stripe lists what the simulator answers.`,
  });
}

function outage(asked: Asked): Answer {
  const fault = new StripeFault(503, { type: "api_error", message: "Stripe is not available" });
  return answerOf(asked, fault);
}

function answerOf({ id }: Asked, error: unknown): Answer {
  const fault = error instanceof StripeFault ? error : new StripeFault(500, {
    type: "api_error",
    message: `The simulator failed: ${error instanceof Error ? error.message : error}`,
  }, { isValidation: true });
  return { status: fault.status, body: fault.toJSON(), requestId: id, isKept: !fault.isValidation };
}

function respond(asked: Asked, answer: Answer, isReplayed = false): Response {
  const { idempotencyKey: key } = asked;
  return new Response(JSON.stringify(answer.body, null, 2), {
    status: answer.status,
    headers: {
      "content-type": "application/json",
      "request-id": asked.id,
      "stripe-version": apiVersion,
      ...(key ? { "idempotency-key": key, "original-request": answer.requestId } : {}),
      ...(isReplayed ? { "idempotent-replayed": "true" } : {}),
      ...(asked.account ? { "stripe-account": asked.account } : {}),
    },
  });
}

function decodeBasic(credential: string): string {
  try {
    return atob(credential).split(":")[0] ?? "";
  } catch {
    return "";
  }
}
