import { isUuid } from "../bearer.ts";
import type { Exchange } from "../context.ts";
import { AuthError, validationFailed } from "../errors.ts";
import { findIdentities } from "../identities.ts";
import { userJson } from "../user_json.ts";
import { findUserById, findUsers, type UserRow } from "../users.ts";

const defaultPerPage = 50;

/** `GET /admin/users` */
export async function listUsers({ auth: { database }, url }: Exchange): Promise<Response> {
  const page = readCount(url, "page", 1);
  const perPage = readCount(url, "per_page", defaultPerPage);
  const filter = `%${url.searchParams.get("filter") ?? ""}%`.replaceAll("\0", "");
  const condition = "($1 = '%%' or u.email like $1 or u.raw_user_meta_data ->> 'full_name' ilike $1)";
  const [row] = await database.query<{ total: number }>(
    `select count(*)::int as total from auth.users as u where ${condition}`,
    [filter],
  );
  const users = await findUsers(
    database,
    `${condition} order by u.created_at desc, u.id limit $2::bigint offset $3::bigint`,
    [filter, perPage, (page - 1) * perPage],
  );
  const total = row?.total ?? 0;
  return Response.json(
    { users: users.map((user) => userJson(user, null)), aud: "authenticated" },
    { headers: { "x-total-count": String(total), link: pageLinks(url, page, Math.ceil(total / perPage)) } },
  );
}

/** `GET /admin/users/:id` */
export async function getAdminUser(exchange: Exchange): Promise<Response> {
  const { auth } = exchange;
  const user = await findNamedUser(exchange);
  return Response.json(userJson(user, await findIdentities(auth.database, user.id)));
}

/** The user whom the path names. */
export async function findNamedUser({ auth: { database }, url }: Exchange): Promise<UserRow> {
  const id = url.pathname.split("/").at(-1);
  if (!isUuid(id)) throw new AuthError(404, "validation_failed", "user_id must be an UUID");
  const user = await findUserById(database, id);
  if (!user) throw new AuthError(404, "user_not_found", "User not found");
  return user;
}

function readCount(url: URL, name: string, otherwise: number): number {
  const text = url.searchParams.get(name) || String(otherwise);
  if (!/^\d{1,9}$/.test(text)) {
    throw validationFailed(
      `Bad Pagination Parameters: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text) || otherwise;
}

function pageLinks(url: URL, page: number, pages: number): string {
  const link = (to: number, relation: string) => {
    const query = new URLSearchParams(url.searchParams);
    query.set("page", String(to));
    return `<${url.pathname}?${query}>; rel="${relation}"`;
  };
  return [...(pages > page ? [link(page + 1, "next")] : []), link(pages, "last")].join(", ");
}
