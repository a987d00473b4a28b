// @ts-check
/// <reference lib="dom" />

const nonce = /** @type {HTMLScriptElement} */ (document.currentScript).nonce;
const place = /** @type {HTMLElement} */ (document.getElementById("scalar"));
const plain = /** @type {HTMLElement} */ (document.getElementById("plain"));
const notice = /** @type {HTMLElement} */ (document.getElementById("notice"));

function show() {
  plain.remove();
  // Our rules for elements would reach into Scalar; those of the bar do not.
  for (const link of document.querySelectorAll("link[rel=stylesheet]:not([href$='/bar.css'])")) link.remove();
  // @ts-ignore: Scalar's script defines it
  globalThis.Scalar.createApiReference(place, {
    url: place.dataset.openapi,
    servers: [{ url: place.dataset.server }],
    // Nothing of it may leave this machine.
    telemetry: false,
    withDefaultFonts: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: "never",
  });
}

notice.textContent =
  "Loading the interactive reference; the first time it comes from the npm registry (6 MB).";
const script = document.createElement("script");
script.src = place.dataset.script ?? "";
script.integrity = place.dataset.integrity ?? "";
script.nonce = nonce;
script.onload = show;
script.onerror = () => {
  notice.textContent = "The interactive reference cannot be loaded now. This is the plain one.";
};
document.head.append(script);
