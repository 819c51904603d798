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
    words[name][language()].replace(/\{(\w+)\}/g, (_, value) => value === "kind" ? say(values.kind) : values[value]);
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
  let items, containers;
  const collect = () => {
    items = all("[data-v]").map((node) => ({
      node, verdict: node.dataset.v, kind: node.dataset.k, text: null, doc: node.closest(".document"),
    }));
    containers = all(".document, .part, .group, .part details").filter((node) => node.closest(".document"));
  };
  const boxes = all("input[name=show]");
  const tallies = new Map(boxes.map((box) => [box.value, box.parentNode.querySelector("output")]));
  const options = all("option[value]:not([value=''])");
  const opened = new Set();

  // Of many documents each is packed until somebody looks at it, or filters all of them.
  const packed = () => all("[data-packed]");
  const unpack = async (node) => {
    const data = node.dataset.packed;
    if (data === undefined) return; // somebody else is at it
    node.removeAttribute("data-packed");
    try {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      node.innerHTML = await new Response(stream).text();
    } catch {
      node.textContent = say("not-unpacked");
    }
    if (language() === "zh") translate(all("[data-t]", node));
  };
  const unpackAll = async () => {
    const nodes = packed();
    for (const [done, node] of nodes.entries()) {
      await unpack(node);
      if (done % 20 === 19) {
        tell({ t: "unpacking", count: done + 1, of: nodes.length });
        await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
      }
    }
  };
  const tell = (values) => {
    const count = document.getElementById("shown");
    Object.assign(count.dataset, values);
    count.textContent = say(count.dataset.t, count.dataset);
  };

  const own = ({ node }) => {
    if (node.parentNode.className !== "steps") return node.textContent;
    return all(".head, .said-by-page, .happened > p, .happened > .said, pre", node).map((n) => n.textContent).join(" ");
  };
  let turn = 0;
  const filter = async () => {
    const mine = ++turn;
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const kind = form.elements.kind.value;
    const find = form.elements.find.value.trim().toLowerCase();
    const filtered = shown.size < boxes.length || kind !== "" || find !== "";
    keep("show", shown.size < boxes.length ? [...shown].join(",") || "none" : "");
    keep("kind", kind);
    keep("find", find);
    if (packed().length) {
      if (!filtered) return tell({ t: "shown", count: form.dataset.listed, of: form.dataset.listed });
      await unpackAll();
      if (mine !== turn) return; // the reader has typed on
    }
    collect();
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
    tell({ t: "shown", count: fitting.length, of: items.length });
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

  // The overview: pages by what became of them, and by words.
  const pages = document.getElementById("pages");
  const pageBoxes = all("input[name=outcome]");
  const filterPages = () => {
    const chosen = pageBoxes.filter((box) => box.checked).map((box) => box.value);
    const find = pages.elements.page.value.trim().toLowerCase();
    const fits = (node) => {
      const became = node.dataset.outcomes.split(" ");
      return chosen.some((one) => became.includes(one)) && node.textContent.toLowerCase().includes(find);
    };
    const because = new Set(); // a page is found by its causes, too
    for (const node of all("#causes li")) {
      node.hidden = !fits(node);
      if (!node.hidden) because.add(node.dataset.page);
    }
    const rows = all("#overview tr[data-page]");
    for (const row of rows) row.hidden = !(fits(row) || because.has(row.dataset.page));
    const count = rows.filter((row) => !row.hidden).length;
    for (const group of all("#causes details")) group.hidden = !group.querySelector("li:not([hidden])");
    document.getElementById("no-page").hidden = count > 0;
    const shown = document.getElementById("pages-shown");
    Object.assign(shown.dataset, { t: "pages-shown", count, of: rows.length });
    shown.textContent = say("pages-shown", shown.dataset);
    keep("outcome", chosen.length < pageBoxes.length ? chosen.join(",") || "none" : "");
    keep("page", find);
  };
  const restorePages = () => {
    const chosen = state.get("outcome")?.split(",");
    for (const box of pageBoxes) box.checked = !chosen || chosen.includes(box.value);
    pages.elements.page.value = state.get("page") ?? "";
  };

  // Links to a place: what hides it is opened.
  const reveal = async () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* it may hold a % of its own */ }
    if (!document.getElementById(name)) {
      const home = packed().find((node) => name.startsWith(`${node.closest(".document").id}.`));
      if (home) await unpack(home);
    }
    const target = document.getElementById(name);
    if (!target || target === form) return;
    if (target.closest(".document[hidden], .document [hidden]") || (target.closest(".aside") && root.classList.contains("filtered"))) clear();
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

  if (pages) {
    const again = () => { filterPages(); remember(); };
    pages.addEventListener("input", again);
    pages.addEventListener("submit", (event) => event.preventDefault());
    pages.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const name of ["outcome", "page"]) state.delete(name);
      restorePages();
      again();
    });
  }
  document.addEventListener("toggle", ({ target }) => {
    const body = target.open && target.querySelector(":scope > [data-packed]");
    if (body) unpack(body);
  }, true);
  form.addEventListener("input", () => { filter(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { event.preventDefault(); clear(); });
  document.addEventListener("click", (event) => {
    const became = event.target.closest("[data-outcome]");
    const button = event.target.closest(".copy");
    if (button) copy(button);
    if (became) {
      event.preventDefault();
      state.set("outcome", became.dataset.outcome);
      restorePages();
      filterPages();
      remember();
      pages.parentNode.scrollIntoView();
      pages.querySelector("input").focus({ preventScroll: true });
    }
  });
  document.getElementById("language").addEventListener("click", () => {
    state.set("lang", language() === "zh" ? "en" : "zh");
    speak(state.get("lang"));
    remember();
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open], .document)"); // of many documents nobody prints all
    for (const node of closed) node.open = true;
  });
  addEventListener("afterprint", () => { for (const node of closed) node.open = false; });
  addEventListener("hashchange", reveal);

  document.getElementById("no-script")?.remove();
  const wanted = state.get("lang") ?? navigator.language ?? "en";
  if (wanted.startsWith("zh")) speak("zh");
  restore();
  filter();
  if (pages) {
    restorePages();
    filterPages();
  }
  reveal();
})();
