import type { Stripe } from "stripe";
import { availableOn } from "./charges.ts";
import { checkCurrency, checkGranularity, formatMinor } from "./currencies.ts";
import { badParameter, refused } from "./fault.ts";
import { newId } from "./ids.ts";
import type { Params } from "./params.ts";
import type { World } from "./world.ts";

/** `POST /v1/transfers` */
export function createTransfer(world: World, params: Params): Stripe.Transfer {
  const currency = checkCurrency(params.requiredText("currency"));
  const chargeId = params.text("source_transaction");
  const wanted = params.integer("amount");
  const destination = params.requiredText("destination");
  const description = params.text("description");
  const wantedGroup = params.text("transfer_group");
  const metadata = params.metadata();
  params.done();
  const account = world.store.accounts.get(destination, "destination");
  const charge = chargeId ? world.store.charges.get(chargeId, "source_transaction") : null;
  const amount = wanted ?? charge?.amount;
  if (amount === undefined) {
    throw badParameter("amount", "Missing required parameter: amount", "parameter_missing");
  }
  if (amount < 1) throw badParameter("amount", "A transfer is at least 1", "parameter_invalid_integer");
  checkGranularity(amount, currency);
  checkCapabilities(account);
  const group = charge ? groupOf(charge, wantedGroup) : wantedGroup || null;
  if (charge) checkSource(world, charge, amount, currency);
  else checkBalance(world, amount, currency);
  if (charge) charge.transfer_group = group;

  const id = newId("tr");
  const transfer: Stripe.Transfer = {
    id,
    object: "transfer",
    amount,
    amount_reversed: 0,
    balance_transaction: null,
    created: world.now(),
    currency,
    description: description || null,
    destination: account.id,
    destination_payment: newId("py"),
    livemode: false,
    metadata,
    reversals: { object: "list", data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: charge?.id ?? null,
    source_type: "card",
    transfer_group: group,
  };
  transfer.balance_transaction = move(world, transfer, { amount, source: id, type: "transfer" }).id;
  world.store.transfers.add(transfer);
  world.events.emit("transfer.created", transfer);
  return transfer;
}

/** `POST /v1/transfers/:id/reversals` */
export function createReversal(
  world: World,
  transfer: Stripe.Transfer,
  params: Params,
): Stripe.TransferReversal {
  const wanted = params.integer("amount");
  params.text("description");
  const metadata = params.metadata();
  params.done();
  const left = transfer.amount - transfer.amount_reversed;
  if (left === 0) throw refused("This transfer has been reversed in full already");
  const amount = wanted ?? left;
  if (amount < 1) throw badParameter("amount", "A reversal is at least 1", "parameter_invalid_integer");
  checkGranularity(amount, transfer.currency);
  if (amount > left) {
    throw refused(`Only ${formatMinor(left, transfer.currency)} of this transfer can still be reversed`, {
      param: "amount",
    });
  }
  checkAccount(world, transfer, amount);
  const reversal: Stripe.TransferReversal = {
    id: newId("trr"),
    object: "transfer_reversal",
    amount,
    balance_transaction: null,
    created: world.now(),
    currency: transfer.currency,
    destination_payment_refund: newId("pyr"),
    metadata,
    source_refund: null,
    transfer: transfer.id,
  };
  reversal.balance_transaction =
    move(world, transfer, { amount: -amount, source: reversal.id, type: "transfer_refund" }).id;
  const before = structuredClone(transfer);
  world.store.reversals.add(reversal);
  transfer.amount_reversed += amount;
  transfer.reversed = transfer.amount_reversed === transfer.amount;
  transfer.reversals.data.unshift(reversal);
  world.events.emit("transfer.reversed", transfer, { before });
  return reversal;
}

/** Moves money from the platform's balance to the connected account's; a negative amount comes back. */
function move(
  world: World,
  transfer: Stripe.Transfer,
  { amount, source, type }: { amount: number; source: string; type: "transfer" | "transfer_refund" },
): Stripe.BalanceTransaction {
  const charge = world.store.charges.find(String(transfer.source_transaction));
  const common = {
    currency: transfer.currency,
    // Money that comes from a charge moves when the charge's does.
    ...(charge ? { availableOn: availableOn(world, charge) } : {}),
  };
  world.ledger.post({
    ...common,
    type: amount < 0 ? "payment_refund" : "payment",
    reportingCategory: amount < 0 ? "refund" : "charge",
    amount,
    source: String(transfer.destination_payment),
    account: String(transfer.destination),
  });
  return world.ledger.post({
    ...common,
    type,
    reportingCategory: amount < 0 ? "transfer_reversal" : "transfer",
    amount: -amount,
    source,
    description: transfer.description,
  });
}

function checkCapabilities(account: Stripe.Account): void {
  if (account.capabilities?.transfers === "active") return;
  throw refused(
    "The destination account cannot receive transfers yet: its transfers capability is not active",
    {
      code: "insufficient_capabilities_for_transfer",
    },
  );
}

function checkSource(world: World, charge: Stripe.Charge, amount: number, currency: string): void {
  if (!charge.paid) {
    throw refused("Only a charge that succeeded can be transferred", { param: "source_transaction" });
  }
  if (charge.currency !== currency) {
    throw refused(`The charge is in ${charge.currency.toUpperCase()}, and so must be its transfers`, {
      param: "currency",
    });
  }
  const transferred = world.store.transfers.newestFirst()
    .filter(({ source_transaction }) => source_transaction === charge.id)
    .reduce((sum, transfer) => sum + transfer.amount - transfer.amount_reversed, 0);
  if (amount > charge.amount - transferred) {
    throw refused(
      `Transfers of this charge cannot exceed ${formatMinor(charge.amount, currency)}; ${
        formatMinor(transferred, currency)
      } were transferred already`,
      { param: "amount" },
    );
  }
}

function checkBalance(world: World, amount: number, currency: string): void {
  const available = world.ledger.available(currency);
  if (amount <= available) return;
  throw refused(`The available balance is ${formatMinor(available, currency)}, less than this transfer`, {
    code: "balance_insufficient",
  });
}

/** Money comes back only from what the connected account has, pending or available. */
function checkAccount(world: World, { destination, currency }: Stripe.Transfer, amount: number): void {
  const { available, pending } = world.ledger.balance(String(destination));
  const has = [...available, ...pending].filter((sum) => sum.currency === currency)
    .reduce((total, sum) => total + sum.amount, 0);
  if (amount <= has) return;
  throw refused(`The connected account has ${formatMinor(has, currency)}, less than this reversal`, {
    code: "balance_insufficient",
  });
}

/** A charge and all its transfers are one group; without a name it is called after the charge. */
function groupOf(charge: Stripe.Charge, wanted: string | undefined): string {
  if (wanted && charge.transfer_group && wanted !== charge.transfer_group) {
    throw refused("The charge belongs to another transfer_group", { param: "transfer_group" });
  }
  return wanted || charge.transfer_group || `group_${charge.id}`;
}
