import type { Stripe } from "stripe";
import { badParameter } from "./fault.ts";
import { newId, randomText } from "./ids.ts";
import type { Params } from "./params.ts";
import type { World } from "./world.ts";

/** What Stripe asks of a new account. */
const due = ["business_profile.url", "external_account", "tos_acceptance.date", "tos_acceptance.ip"];

/** How long an onboarding link works. */
const linkSeconds = 300;

const currencies: Record<string, string> = {
  AT: "eur",
  AU: "aud",
  BE: "eur",
  BR: "brl",
  CA: "cad",
  CH: "chf",
  CZ: "czk",
  DE: "eur",
  DK: "dkk",
  ES: "eur",
  FI: "eur",
  FR: "eur",
  GB: "gbp",
  HK: "hkd",
  IE: "eur",
  IN: "inr",
  IT: "eur",
  JP: "jpy",
  LU: "eur",
  MX: "mxn",
  NL: "eur",
  NO: "nok",
  NZ: "nzd",
  PL: "pln",
  PT: "eur",
  SE: "sek",
  SG: "sgd",
  US: "usd",
};

/** `POST /v1/accounts` */
export function createAccount(world: World, params: Params): Stripe.Account {
  const type = readType(params);
  const country = params.text("country") ?? "US";
  const email = params.text("email");
  const businessType = params.oneOf("business_type", [
    "company",
    "government_entity",
    "individual",
    "non_profit",
  ]);
  const profile = params.group("business_profile");
  const [name, url, description] = [
    profile?.text("name"),
    profile?.text("url"),
    profile?.text("product_description"),
  ];
  const capabilities = readCapabilities(params);
  const defaultCurrency = params.text("default_currency");
  const metadata = params.metadata();
  params.done();
  const currency = defaultCurrency ?? currencies[country];
  if (!currency) throw badParameter("country", `There are no accounts in ${country}`, "country_unsupported");

  const id = newAccountId();
  const account: Stripe.Account = {
    id,
    object: "account",
    business_profile: businessProfile({ name, url, description }),
    business_type: businessType ?? null,
    capabilities: Object.fromEntries(capabilities.map((capability) => [capability, "inactive"])),
    charges_enabled: false,
    controller: controllerOf(type),
    country,
    created: world.now(),
    default_currency: currency,
    details_submitted: false,
    email: email || null,
    external_accounts: {
      object: "list",
      data: [],
      has_more: false,
      url: `/v1/accounts/${id}/external_accounts`,
    },
    future_requirements: requirements([]),
    metadata,
    payouts_enabled: false,
    requirements: requirements(due),
    settings: settings(),
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type,
  };
  return world.store.accounts.add(account);
}

/** The old types of accounts, of which `express` is the one that Convene opens. */
function readType(params: Params): "custom" | "express" | "standard" {
  return params.oneOf("type", ["custom", "express", "standard"]) ?? "standard";
}

function controllerOf(type: "custom" | "express" | "standard"): Stripe.Account.Controller {
  return {
    fees: { payer: type === "standard" ? "account" : `application_${type}` },
    is_controller: true,
    losses: { payments: type === "standard" ? "stripe" : "application" },
    requirement_collection: type === "custom" ? "application" : "stripe",
    stripe_dashboard: { type: type === "standard" ? "full" : type === "express" ? "express" : "none" },
    type: "application",
  };
}

/** `POST /v1/account_links`: its page is in the console. */
export function createAccountLink(world: World, params: Params): Stripe.AccountLink {
  const accountId = params.requiredText("account");
  const type = params.oneOf("type", ["account_onboarding"]);
  const returnUrl = params.requiredText("return_url");
  const refreshUrl = params.requiredText("refresh_url");
  params.done();
  if (!type) throw badParameter("type", "Missing required parameter: type", "parameter_missing");
  for (const [name, url] of [["return_url", returnUrl], ["refresh_url", refreshUrl]] as const) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw badParameter(name, `Not a valid URL: ${url}`, "url_invalid");
    }
  }
  const account = world.store.accounts.get(accountId);
  const query = new URLSearchParams({ return_url: returnUrl });
  return {
    object: "account_link",
    created: world.now(),
    expires_at: world.now() + linkSeconds,
    url: `${world.projectUrl}/console/stripe/onboarding/${account.id}?${query}`,
  };
}

/** The provider gave Stripe all that it asked for. */
export function finishOnboarding(world: World, account: Stripe.Account): void {
  if (account.details_submitted) return;
  const before = structuredClone(account);
  const capabilities = Object.keys(account.capabilities ?? {});
  Object.assign(account, {
    capabilities: Object.fromEntries(capabilities.map((capability) => [capability, "active"])),
    charges_enabled: capabilities.includes("card_payments"),
    details_submitted: true,
    payouts_enabled: true,
    requirements: requirements([]),
    tos_acceptance: { date: world.now(), ip: "127.0.0.1", user_agent: null },
  });
  world.events.emit("account.updated", account, { before, account: account.id });
}

/**
 * Stripe asks for more, and stops transfers and payouts until it has it.
 */
export function restrictAccount(world: World, account: Stripe.Account): void {
  const before = structuredClone(account);
  const capabilities = Object.keys(account.capabilities ?? {});
  Object.assign(account, {
    capabilities: Object.fromEntries(capabilities.map((capability) => [capability, "inactive"])),
    charges_enabled: false,
    details_submitted: false,
    payouts_enabled: false,
    requirements: requirements(["individual.verification.document"]),
  });
  world.events.emit("account.updated", account, { before, account: account.id });
}

/** Stripe pays all that a provider has to their bank. */
export function payOut(world: World, account: Stripe.Account): void {
  const { available, pending } = world.ledger.balance(account.id);
  for (const { amount, currency } of [...available, ...pending]) {
    if (amount <= 0) continue;
    world.ledger.post({
      type: "payout",
      reportingCategory: "payout",
      amount: -amount,
      currency,
      source: newId("po"),
      account: account.id,
    });
  }
}

function newAccountId(): string {
  return `acct_${randomText(16)}`;
}

const knownCapabilities = ["card_payments", "transfers"] as const;

function readCapabilities(params: Params): string[] {
  const group = params.group("capabilities");
  return knownCapabilities.filter((name) => group?.group(name)?.boolean("requested"));
}

function requirements(names: string[]): Stripe.Account.Requirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: names,
    disabled_reason: names.length > 0 ? "requirements.past_due" : null,
    errors: [],
    eventually_due: names,
    past_due: names,
    pending_verification: [],
  };
}

function businessProfile(
  { name, url, description }: Record<"name" | "url" | "description", string | undefined>,
): Stripe.Account.BusinessProfile {
  return {
    annual_revenue: null,
    estimated_worker_count: null,
    mcc: null,
    minority_owned_business_designation: null,
    name: name || null,
    product_description: description || null,
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: null,
    support_phone: null,
    support_url: null,
    url: url || null,
  };
}

function settings(): Stripe.Account.Settings {
  return {
    bacs_debit_payments: { display_name: null, service_user_number: null },
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_issuing: { tos_acceptance: { date: null, ip: null } },
    card_payments: {
      decline_on: { avs_failure: false, cvc_failure: false },
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: null, timezone: "Etc/UTC" },
    invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
    payments: {
      statement_descriptor: null,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: {
      debit_negative_balances: true,
      schedule: { delay_days: 2, interval: "daily" },
      statement_descriptor: null,
    },
    sepa_debit_payments: {},
  };
}
