import { badParameter } from "./fault.ts";
import type { Store } from "./store.ts";

type Json = Record<string, unknown>;

const maxDepth = 4;

/** What can be expanded, by kind of object, and the kind that it becomes. */
const expandable: Record<string, Record<string, string>> = {
  balance_transaction: { source: "source" },
  charge: {
    balance_transaction: "balance_transaction",
    payment_intent: "payment_intent",
    refunds: "list of refund",
  },
  dispute: { charge: "charge", payment_intent: "payment_intent" },
  payment_intent: { latest_charge: "charge", payment_method: "payment_method" },
  refund: {
    balance_transaction: "balance_transaction",
    charge: "charge",
    failure_balance_transaction: "balance_transaction",
    payment_intent: "payment_intent",
    payment_method: "payment_method",
  },
  transfer: {
    balance_transaction: "balance_transaction",
    destination: "account",
    source_transaction: "charge",
  },
  transfer_reversal: { balance_transaction: "balance_transaction", transfer: "transfer" },
};

/**
 * Refuses paths that lead nowhere, before anything happens. `kind` is what the operation answers, such as `charge` or
 * `list of charge`.
 */
export function checkExpand(paths: string[], kind: string): void {
  for (const [index, path] of paths.entries()) {
    const steps = path.split(".");
    const end = steps.reduce<string | undefined>((at, step) => {
      const item = at?.startsWith("list of ") && step === "data" ? at.slice("list of ".length) : undefined;
      return item ?? expandable[at ?? ""]?.[step];
    }, kind);
    if (!end || steps.length > maxDepth) throw badParameter(`expand[${index}]`, `${path} cannot be expanded`);
  }
}

/** A copy of an answer in which ids named by `expand[]` are replaced by their objects. */
export function expand(answer: object, paths: string[], store: Store): object {
  const copy = structuredClone(answer) as Json;
  for (const path of paths) expandOne(copy, path.split("."), store);
  return copy;
}

function expandOne(at: Json, [step, ...rest]: string[], store: Store): void {
  if (step === undefined) return;
  if (at.object === "charge" && step === "refunds") at.refunds ??= refundsOf(at.id, store);
  const value = at[step];
  const inner = typeof value === "string" ? structuredClone(store.find(value)) as Json | undefined : value;
  if (inner === null || inner === undefined) return;
  at[step] = inner;
  for (const item of Array.isArray(inner) ? inner : [inner]) expandOne(item, rest, store);
}

/** A charge shows its refunds on demand only. */
function refundsOf(chargeId: unknown, store: Store): object {
  return {
    object: "list",
    data: structuredClone(store.refunds.newestFirst().filter((refund) => refund.charge === chargeId)),
    has_more: false,
    url: `/v1/charges/${chargeId}/refunds`,
  };
}
