import { badParameter } from "./fault.ts";
import type { Store } from "./store.ts";

type Json = Record<string, unknown>;

const maxDepth = 4;

/** A copy of an answer in which ids named by `expand[]` are replaced by their objects. */
export function expand(answer: object, paths: string[], store: Store): object {
  const copy = structuredClone(answer) as Json;
  for (const path of paths) {
    const steps = path.split(".");
    if (steps.length > maxDepth) throw badParameter("expand", `${path} is deeper than ${maxDepth} levels`);
    expandOne(copy, steps, { path, store });
  }
  return copy;
}

function expandOne(at: Json, [step, ...rest]: string[], where: { path: string; store: Store }): void {
  const value = resolve(at, step!, where);
  if (rest.length === 0 || value === null) return;
  const inner = Array.isArray(value) ? value : [value];
  for (const item of inner) expandOne(item as Json, rest, where);
}

function resolve(at: Json, step: string, { path, store }: { path: string; store: Store }): unknown {
  const value = at[step] ?? includable(at, step, store);
  if (value === undefined) throw badParameter("expand[0]", `${path} cannot be expanded`);
  if (typeof value !== "string") {
    if (typeof value !== "object") throw badParameter("expand[0]", `${path} cannot be expanded`);
    return at[step] = value;
  }
  const object = store.find(value);
  if (!object) throw badParameter("expand[0]", `${path} cannot be expanded`);
  return at[step] = structuredClone(object);
}

/** A charge shows its refunds on demand only. */
function includable(at: Json, step: string, store: Store): unknown {
  if (step in at) return null;
  if (at.object !== "charge" || step !== "refunds") return undefined;
  return {
    object: "list",
    data: store.refunds.newestFirst().filter((refund) => refund.charge === at.id),
    has_more: false,
    url: `/v1/charges/${at.id}/refunds`,
  };
}
