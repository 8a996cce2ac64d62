// Show the cited place. A fragment would do it alone; this also serves links that carry none.
"use strict";

const hit = document.getElementById("hit");
if (hit) {
  const show = () => hit.scrollIntoView({ block: "center" });
  show();
  // Fonts that arrive late move the lines.
  window.addEventListener("load", show, { once: true });
}

// Keys pressed in a frame never reach the page around it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && window.parent !== window) window.parent.postMessage("wenju:close", location.origin);
});
