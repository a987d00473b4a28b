// @ts-check
/// <reference lib="dom" />
// Keeps the worker and the inbox of the page fresh, and makes its copy buttons work.

const everyMs = 2000;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Element} element */
function isInUse(element) {
  const selection = document.getSelection();
  const isSelected = selection && !selection.isCollapsed && selection.containsNode(element, true);
  return isSelected || element.contains(document.activeElement);
}

/**
 * Puts new messages in and takes gone ones out; those that stay keep their place, opened or not.
 * @param {Element} list
 * @param {Element} fresh
 */
function mergeList(list, fresh) {
  const ids = new Set([...fresh.children].map((item) => item.id));
  for (const item of [...list.children]) if (!ids.has(item.id)) item.remove();
  let next = list.firstElementChild;
  for (const item of [...fresh.children]) {
    if (next?.id === item.id) next = next.nextElementSibling;
    else list.insertBefore(item, next);
  }
}

/**
 * Whoever reads further down the list keeps what they read in place; the answer puts it back there. (Browsers hold
 * the first thing on the screen in place, which is in the other column.)
 */
function holdPlace() {
  const list = byId("messages");
  const isScrolledInto = list.getBoundingClientRect().top < 0;
  const read = isScrolledInto && [...list.children].find((item) => item.getBoundingClientRect().bottom > 0);
  if (!read) return () => {};
  const { top } = read.getBoundingClientRect();
  return () => read.isConnected && scrollBy(0, read.getBoundingClientRect().top - top);
}

/** @param {Document} fresh */
function update(fresh) {
  const restorePlace = holdPlace();
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    if (part.getAttribute("data-live") === "list") mergeList(part, other);
    else if (part.innerHTML !== other.innerHTML && !isInUse(part)) part.replaceChildren(...other.childNodes);
  }
  restorePlace();
}

/** @param {string} text */
function showConnection(text) {
  const place = byId("connection");
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(`/console/live${location.search}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(response.statusText);
    update(new DOMParser().parseFromString(await response.text(), "text/html"));
    showConnection("");
  } catch {
    showConnection(
      "The stack does not answer. Is it still running? This page tries again every two seconds.",
    );
  }
}

/** @param {HTMLElement} button */
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.textContent = "Copied";
    byId("announcement").textContent = "Copied";
  } catch {
    button.textContent = "Failed";
    byId("announcement").textContent = "Copying failed";
  }
  setTimeout(() => {
    button.textContent = "Copy";
    byId("announcement").textContent = "";
  }, 1500);
}

document.documentElement.classList.add("live");
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  if (button instanceof HTMLElement) copy(button);
});
document.addEventListener("visibilitychange", refresh);
(async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    await refresh();
  }
})();
