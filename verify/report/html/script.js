"use strict";
(() => {
  const root = document.documentElement;
  const form = document.getElementById("filter");
  const words = JSON.parse(document.getElementById("words").textContent);
  const state = new URLSearchParams(location.search);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Language: each element that holds a phrase of ours says which one, and with which values.
  const language = () => (root.lang === "en" ? "en" : "zh");
  const say = (name, values = {}) =>
    words[name][language()].replace(/\{(\w+)\}/g, (_, value) => values[value]);
  const translate = (nodes) => {
    for (const node of nodes) {
      node.firstChild.data = say(node.dataset.t, node.dataset);
      if (node.closest(".said")) node.lang = root.lang; // captions of English texts
    }
  };
  const speak = (code) => {
    root.lang = code === "zh" ? "zh-Hans" : "en";
    translate(all("[data-t]:not(.document *)"));
    // Documents are thousands of words, most of them out of sight: the page is painted before.
    requestAnimationFrame(() => setTimeout(() => translate(all(".document [data-t]"))));
    for (const node of all("[data-label]")) {
      for (const name of ["aria-label", "placeholder"]) {
        if (node.hasAttribute(name)) node.setAttribute(name, say(node.dataset.label));
      }
    }
    const other = document.getElementById("language");
    other.lang = code === "zh" ? "en" : "zh-Hans";
    other.textContent = code === "zh" ? "English" : "中文";
  };
  const remember = () => {
    const query = String(state);
    history.replaceState(null, "", `${query ? `?${query}` : location.pathname}${location.hash}`);
  };

  // Filters: what fits is shown with all that it stands in.
  const items = all("[data-v]").map((node) => ({
    node, verdict: node.dataset.v, kind: node.dataset.k, text: null, doc: node.closest(".document"),
  }));
  const boxes = all("input[name=show]");
  const tallies = new Map(boxes.map((box) => [box.value, box.parentNode.querySelector("output")]));
  const options = all("option[value]:not([value=''])");
  const containers = all(".document, .part, .group, .part details");
  const opened = new Set();

  const own = ({ node }) => {
    if (node.parentNode.className !== "steps") return node.textContent;
    return all(".head, .said-by-page, .happened > p, pre", node).map((n) => n.textContent).join(" ");
  };
  const filter = () => {
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const kind = form.elements.kind.value;
    const find = form.elements.find.value.trim().toLowerCase();
    const filtered = shown.size < boxes.length || kind !== "" || find !== "";
    const verdicts = {}, kinds = {}, fitting = [];
    for (const item of items) {
      let fits = true;
      if (find) {
        item.text ??= `${item.doc.id} ${own(item)}`.toLowerCase();
        fits = item.text.includes(find);
      }
      const ofVerdict = shown.has(item.verdict), ofKind = !kind || item.kind === kind;
      if (fits && ofKind) verdicts[item.verdict] = (verdicts[item.verdict] ?? 0) + 1;
      if (fits && ofVerdict) kinds[item.kind] = (kinds[item.kind] ?? 0) + 1;
      if (fits && ofVerdict && ofKind) fitting.push(item.node);
    }
    for (const [verdict, tally] of tallies) tally.textContent = verdicts[verdict] ?? 0;
    for (const option of options) {
      option.dataset.count = kinds[option.value] ?? 0;
      option.textContent = say("kind-option", option.dataset);
    }
    const needed = new Set();
    for (let node of fitting) {
      for (; node && node !== document.body && !needed.has(node); node = node.parentNode) needed.add(node);
    }
    for (const { node } of items) node.hidden = !needed.has(node);
    for (const node of containers) node.hidden = filtered && !needed.has(node);
    root.classList.toggle("filtered", filtered);
    for (const node of opened) node.open = false;
    opened.clear();
    if (filtered && fitting.length <= 300) {
      for (const node of containers) {
        if (node.tagName === "DETAILS" && !node.open && needed.has(node)) {
          node.open = true;
          opened.add(node);
        }
      }
    }
    document.getElementById("none").hidden = fitting.length > 0;
    const count = document.getElementById("shown");
    count.dataset.t = "shown";
    count.dataset.count = fitting.length;
    count.dataset.of = items.length;
    count.textContent = say("shown", count.dataset);
    keep("show", shown.size < boxes.length ? [...shown].join(",") || "none" : "");
    keep("kind", kind);
    keep("find", find);
  };
  const keep = (name, value) => (value ? state.set(name, value) : state.delete(name));
  const restore = () => {
    const show = state.get("show");
    for (const box of boxes) box.checked = !show || show.split(",").includes(box.value);
    form.elements.kind.value = state.get("kind") ?? "";
    if (form.elements.kind.selectedIndex < 0) form.elements.kind.value = "";
    form.elements.find.value = state.get("find") ?? "";
  };
  const clear = () => {
    for (const name of ["show", "kind", "find"]) state.delete(name);
    restore();
    filter();
    remember();
  };

  // Links to a place: what hides it is opened.
  const reveal = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* it may hold a % of its own */ }
    const target = document.getElementById(name);
    if (!target || target === form) return;
    if (target.closest("[hidden]") || (target.closest(".aside") && root.classList.contains("filtered"))) clear();
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; opened.delete(node); }
    }
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView();
    requestAnimationFrame(() => target.scrollIntoView()); // now that what stands before it has its height
  };

  const copy = async (button) => {
    const code = button.parentNode.querySelector("code");
    let done = true;
    try { await navigator.clipboard.writeText(code.textContent); } catch { done = false; }
    if (!done) getSelection().selectAllChildren(code); // so that it can be copied by hand
    document.getElementById("said").textContent = say(done ? "copied" : "selected");
    button.firstElementChild.dataset.t = done ? "copied" : "selected";
    button.firstElementChild.textContent = say(button.firstElementChild.dataset.t);
  };

  form.addEventListener("input", () => { filter(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { event.preventDefault(); clear(); });
  document.addEventListener("click", (event) => {
    const tally = event.target.closest("[data-show]"), button = event.target.closest(".copy");
    if (button) copy(button);
    if (tally) {
      event.preventDefault();
      state.set("show", tally.dataset.show);
      restore();
      filter();
      remember();
      form.scrollIntoView();
      form.querySelector("input").focus({ preventScroll: true });
    }
  });
  document.getElementById("language").addEventListener("click", () => {
    state.set("lang", language() === "zh" ? "en" : "zh");
    speak(state.get("lang"));
    remember();
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const node of closed) node.open = true;
  });
  addEventListener("afterprint", () => { for (const node of closed) node.open = false; });
  addEventListener("hashchange", reveal);

  const wanted = state.get("lang") ?? navigator.language ?? "en";
  if (wanted.startsWith("zh")) speak("zh");
  restore();
  filter();
  reveal();
})();
