"use strict";
// Works without this file too: it adds Airflow's own theme, reading a plot by keyboard or pointer,
// and following a request.

const airflow = (() => {
  try { return window.parent.localStorage.getItem("theme"); } catch { return null; }
})();
if (airflow === "dark" || airflow === "light") document.documentElement.dataset.theme = airflow;

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-plot]").forEach(readable);
  if (document.body.dataset.again) follow(Number(document.body.dataset.again));
});

// The table of a plot is its only source: what is said is what stands there.
function readable(drawing) {
  const id = drawing.dataset.plot;
  const rows = [...document.querySelectorAll(`#${id}-numbers tbody tr`)];
  const names = [...document.querySelectorAll(`#${id}-numbers thead th`)].slice(1).map((one) => one.textContent);
  const readout = document.getElementById(`${id}-readout`);
  let place = rows.length;

  function show(number) {
    place = Math.max(0, Math.min(rows.length - 1, number));
    const [day, ...values] = [...rows[place].children].map((one) => one.textContent);
    readout.textContent = `${day}: ` + names.map((name, n) => `${name} ${values[n]}`).join(", ");
    readout.classList.remove("muted");
    drawing.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
    drawing.querySelectorAll(`[data-row="${place}"]`).forEach((one) => one.classList.add("chosen"));
  }

  drawing.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  drawing.addEventListener("pointermove", (event) => {
    const marks = [...drawing.querySelectorAll("[data-row]")].filter((one) => one.getClientRects().length);
    let nearest = null, least = Infinity;
    for (const mark of marks) {
      const box = mark.getBoundingClientRect();
      const distance = Math.abs(box.left + box.width / 2 - event.clientX);
      if (distance < least) { least = distance; nearest = mark; }
    }
    if (nearest && Number(nearest.dataset.row) !== place) show(Number(nearest.dataset.row));
  });
}

function follow(seconds) {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = document.getElementById("progress");
        const then = fresh.getElementById("progress");
        if (then && then.innerHTML !== now.innerHTML) now.innerHTML = then.innerHTML;
        if (!fresh.body.dataset.again) return;
      }
    } catch { /* the server restarts: the next look finds it */ }
    follow(seconds);
  }, seconds * 1000);
}
