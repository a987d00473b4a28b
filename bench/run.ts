/**
 * Prints one line per ratio; exit 1 when a target is missed.
 *
 *   DATABASE_URL=postgres://... deno task bench [name ...]
 *
 * Needs a PostgreSQL server with pgvector, wrk and pgbench (PGBENCH names its path).
 */
import { bookEventHot, bookEventSpread } from "./book_event.ts";
import { coldStart } from "./cold_start.ts";
import { crmDashboardGrowth } from "./crm_dashboard_growth.ts";
import { httpOverhead } from "./http_overhead.ts";
import { listGrowth } from "./list_growth.ts";
import { report } from "./measure.ts";
import { searchCommonWord, searchGrowth } from "./search_growth.ts";
import { searchOfferingsGrowth } from "./search_offerings_growth.ts";
import { stackList } from "./stack_list.ts";

const benchmarks = [
  httpOverhead,
  bookEventSpread,
  bookEventHot,
  listGrowth,
  searchGrowth,
  searchCommonWord,
  crmDashboardGrowth,
  searchOfferingsGrowth,
  coldStart,
  stackList,
];
const names = Deno.args.length > 0 ? Deno.args : benchmarks.map(({ name }) => name);
Deno.exit(await report(benchmarks.filter(({ name }) => names.includes(name))) ? 0 : 1);
