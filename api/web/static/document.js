// Show the cited place. A fragment would do it alone; this also serves links that carry none.
"use strict";

const hit = document.getElementById("hit");
if (hit) {
  // Not scrollIntoView: in a frame it would also move the page around it.
  const show = () => {
    const box = hit.getBoundingClientRect();
    window.scrollTo(0, window.scrollY + box.top - Math.max(0, (window.innerHeight - box.height) / 2));
  };
  show();
  // Fonts that arrive late move the lines.
  window.addEventListener("load", show, { once: true });
}

// Keys pressed in a frame never reach the page around it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && window.parent !== window) window.parent.postMessage("wenju:close", location.origin);
});
