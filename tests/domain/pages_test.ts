import assert from "node:assert/strict";
import { maxOffset, pageSlice } from "../../functions/_shared/http/pagination.ts";

Deno.test("a page beyond the last row that is read asks for no rows, and does not repeat the last page", () => {
  const limit = 100;
  const last = maxOffset / limit;
  assert.deepEqual(pageSlice({ page: last, limit }), { page_size: limit, page_offset: maxOffset - limit });
  for (const page of [last + 1, last + 2, Number.MAX_SAFE_INTEGER]) {
    assert.deepEqual(pageSlice({ page, limit }), { page_size: 0, page_offset: maxOffset });
  }
});
