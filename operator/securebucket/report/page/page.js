"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const catalogue = JSON.parse(byId("catalogue").textContent);
  const form = byId("filters");
  const rows = Array.from(byId("rows").rows).map((row, index) => ({
    row, index, results: row.dataset.v, namespace: row.dataset.ns, text: row.textContent.toLowerCase(),
  }));
  const byAnchor = new Map(rows.map((each) => [each.row.id, each]));
  const letters = Object.fromEntries(Object.entries(catalogue.results).map(([letter, [name]]) => [name, letter]));
  const grace = "fuepn";
  const severities = ["critical", "high", "medium", "low"];
  const unpacked = new Map();
  let item = null;

  /* Everything is made of elements and text: nothing that was read is ever taken for markup. */
  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children.filter((each) => each !== null && each !== ""));
    return made;
  }

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  async function detailOf(index) {
    const chunk = Math.floor(index / catalogue.together);
    if (!unpacked.has(chunk)) unpacked.set(chunk, unpack(byId(`packed-${chunk}`).textContent));
    return (await unpacked.get(chunk))[index % catalogue.together];
  }

  /* Filters */

  function wantedChecks() {
    const framework = catalogue.frameworks.find((each) => each.id === form.framework.value);
    const chosen = framework && new Set(item ? framework.items[item] : Object.values(framework.items).flat());
    return catalogue.checks.map((check) =>
      (!chosen || chosen.has(check.id)) && (!form.severity.value || check.severity === form.severity.value));
  }

  function filter() {
    const text = form.text.value.trim().toLowerCase();
    const namespace = form.namespace.value;
    const letter = letters[form.result.value] || "";
    const wanted = wantedChecks();
    const any = letter || form.framework.value || form.severity.value;
    let count = 0;
    for (const each of rows) {
      const shown = each.text.includes(text) && (!namespace || each.namespace === namespace) && (!any ||
        wanted.some((yes, check) => yes && (letter ? each.results[check] === letter : each.results[check] !== "-")));
      if (each.row.hidden === shown) each.row.hidden = !shown;
      if (each.detail) each.detail.hidden = !shown;
      count += shown;
    }
    byId("shown").textContent = count === rows.length
      ? `${count.toLocaleString("en")} buckets` : `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} buckets`;
    byId("item").hidden = !item;
    byId("item").textContent = item ? `Only item ${item} ✕` : "";
    byId("item").setAttribute("aria-label", item ? `Only item ${item}; remove this filter` : "");
    byId("reset").hidden = !(text || namespace || any);
  }

  function clear() {
    item = null;
    form.reset();
    filter();
  }

  /* One bucket */

  const moment = (text) => make("time", {datetime: text}, text.replace("T", " ").replace(/(:\d\d)(\.\d+)?(Z|\+00:00)$/, "$1 UTC"));

  function mark(letter) {
    const [name, sign, word] = catalogue.results[letter];
    return make("span", {class: `mark ${name}`}, make("span", {"aria-hidden": "true"}, sign), word);
  }

  function table(caption, heads, lines, kind = "") {
    return make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
      make("table", {class: kind}, make("caption", {class: "small"}, caption),
        make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", {scope: "col"}, head)))),
        make("tbody", {}, ...lines.map((cells) => make("tr", {}, ...cells)))));
  }

  const cell = (...content) => make("td", {}, ...content);

  function verdictsOf(bucket, documents) {
    const sorted = [...bucket.verdicts].sort((one, other) =>
      grace.indexOf(one[1]) - grace.indexOf(other[1]) ||
      severities.indexOf(catalogue.checks[one[0]].severity) - severities.indexOf(catalogue.checks[other[0]].severity) ||
      one[0] - other[0]);
    return table(`${sorted.length} checks, the worst first`, ["Result", "Check", "Found", "Requirements", "Evidence"],
      sorted.map(([index, letter, because, exception]) => {
        const check = catalogue.checks[index];
        const found = cell(because);
        if (letter === "f") found.append(make("br"), make("span", {class: "soft small"}, check.remediation));
        if (exception) found.append(make("br"), make("span", {class: "soft small"}, `exception ${exception}`));
        const evidence = cell();
        evidence.className = "small";
        for (const name of check.documents.filter((each) => documents.has(each))) {
          const button = make("button", {type: "button", class: "plain"}, name);
          button.addEventListener("click", () => {
            documents.get(name).open = true;
            documents.get(name).querySelector("summary").focus();
          });
          evidence.append(button, make("br"));
        }
        return [cell(mark(letter)),
          make("th", {scope: "row"}, make("a", {href: `#check-${encodeURIComponent(check.id)}`}, check.title),
            make("br"), make("span", {class: `severity small ${check.severity}`}, check.severity)), found,
          make("td", {class: "small"}, ...check.requirements.flatMap((each) => [each, make("br")])), evidence];
      }), "verdicts");
  }

  /* The policy is text inside the document: for people it is laid out. */
  function laidOut(answer) {
    if (answer.absent) return "never configured";
    if (answer.unknown) return `could not be read: ${answer.unknown.reason}: ${answer.unknown.message}`;
    if (answer.unsupported) return `the server does not know it: ${answer.unsupported}`;
    const shown = {...answer.response};
    if (typeof shown.Policy === "string") {
      try { shown.Policy = JSON.parse(shown.Policy); } catch { /* it stays text */ }
    }
    return JSON.stringify(shown, null, 2);
  }

  function documentsOf(bucket) {
    const made = new Map();
    for (const [name, answer] of Object.entries(bucket.observation.answers || {})) {
      made.set(name, make("details", {class: "entry evidence"},
        make("summary", {}, make("code", {}, name), answer.absent ? " never configured" : answer.response ? "" : " no answer"),
        make("div", {}, make("p", {class: "soft small"}, "Read ", moment(answer.readAt || bucket.observation.readAt)),
          make("pre", {tabindex: "0", "aria-label": name}, laidOut(answer)))));
    }
    return made;
  }

  function exceptionsOf(bucket) {
    if (!bucket.exceptions.length) return "";
    const words = {InForce: "in force", Expired: "ended", TooLong: "not in force: too long"};
    return make("div", {}, make("h4", {}, "Exceptions"), table("Exceptions for this bucket",
      ["Name", "Check", "Standing", "Ends", "Reason", "Approver"], bucket.exceptions.map((each) =>
        [make("th", {scope: "row"}, each.name), cell(each.check), cell(words[each.standing]), cell(moment(each.expiresAt)),
          cell(each.reason), cell(each.approver)])));
  }

  function driftOf(bucket) {
    const drift = bucket.drift;
    if (!drift.count) return make("p", {class: "soft small"}, "No drift is known.");
    const last = make("p", {}, `${drift.count} detected since the object was created`);
    if (drift.lastDetectedAt) last.append(", the last one ", moment(drift.lastDetectedAt));
    if (drift.lastCorrectedAt) last.append("; last corrected ", moment(drift.lastCorrectedAt));
    last.append(".");
    if (!drift.events.length) return last;
    return make("div", {}, last, table("Drift, the newest first",
      ["Found", "Control", "Fields", "Corrected", "By"], drift.events.map((each) =>
        [cell(moment(each.at)), make("th", {scope: "row"}, each.control), cell(each.fields.join(", ")),
          cell(each.corrected ? "yes" : "no"), cell(each.actor || "not known")])));
  }

  function replicationOf(bucket) {
    const rules = bucket.replication || [];
    if (!rules.length) return "";
    const told = (rule, value, unit = "") => rule.measured ? (value == null ? "not told" : `${value}${unit}`) : "not measured";
    return make("div", {}, make("h4", {}, "Replication"), table("How far replication rules are",
      ["Rule", "Copies to", "Waiting", "Failed", "Bytes waiting", "Behind", "Not known"], rules.map((each) =>
        [make("th", {scope: "row"}, each.rule), cell(each.destination), cell(told(each, each.pendingOperations)),
          cell(told(each, each.failedOperations)), cell(told(each, each.pendingBytes)),
          cell(told(each, each.latencySeconds, " s")), cell(each.unread)])));
  }

  function fill(place, bucket) {
    const facts = make("dl", {class: "facts"});
    const tell = (name, ...value) => facts.append(make("dt", {}, name), make("dd", {}, ...value));
    const about = bucket.observation.bucket;
    tell("Account", about.accountId || "not known");
    tell("Region", about.region || "not known");
    tell("Role", bucket.observation.role, bucket.roleBecause ? ` (${bucket.roleBecause})` : "");
    if (bucket.declaration) {
      const {namespace, name, profile, mode} = bucket.declaration;
      tell("SecureBucket", `${namespace}/${name}`, profile ? `, profile ${profile}` : "", mode ? `, mode ${mode}` : "");
    }
    tell("Read", moment(bucket.observation.readAt));
    const trusted = bucket.observation.trustedAccounts || [];
    if (trusted.length) tell("Trusted accounts", trusted.join(", "));
    const documents = documentsOf(bucket);
    place.append(make("h3", {}, about.name), facts);
    if (bucket.failure) {
      place.append(make("p", {class: "callout"}, make("strong", {}, `The last try to read it failed (${bucket.failure.reason}). `),
        bucket.failure.message, bucket.verdicts.length ? " What follows is from before." : ""));
    }
    if (bucket.verdicts.length) place.append(make("h4", {}, "Verdicts"), verdictsOf(bucket, documents));
    place.append(exceptionsOf(bucket));
    place.append(replicationOf(bucket));
    if (documents.size) place.append(make("h4", {}, "Evidence"), ...documents.values());
    place.append(make("h4", {}, "Drift"), driftOf(bucket));
  }

  async function open(each) {
    if (each.detail) return;
    const place = make("td", {colspan: "4"});
    each.detail = make("tr", {class: "detail"}, place);
    each.row.classList.add("open");
    each.row.querySelector("a").setAttribute("aria-expanded", "true");
    each.row.after(each.detail);
    try {
      fill(place, await detailOf(each.index));
    } catch (error) {
      place.append(make("p", {class: "callout"}, `This cannot be shown here: ${error.message}. A newer browser may help; the JSON form of the report has it all.`));
    }
  }

  function close(each) {
    if (!each.detail) return;
    each.detail.remove();
    each.detail = null;
    each.row.classList.remove("open");
    each.row.querySelector("a").setAttribute("aria-expanded", "false");
  }

  async function follow() {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* it is taken as it is */ }
    const target = byId(location.hash.slice(1)) || byId(name);
    if (target instanceof HTMLDetailsElement) target.open = true;
    const each = byAnchor.get(name);
    if (!each) return;
    if (each.row.hidden) clear();
    await open(each);
    each.row.scrollIntoView({block: "start"});
    each.row.querySelector("a").focus({preventScroll: true});
  }

  byId("rows").addEventListener("click", (event) => {
    const link = event.target.closest('th[scope="row"] > a');
    const each = link && byAnchor.get(link.closest("tr").id);
    if (!each || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (each.detail) {
      close(each);
    } else {
      history.replaceState(null, "", link.getAttribute("href"));
      open(each);
    }
  });
  for (const each of rows) each.row.querySelector("a").setAttribute("aria-expanded", "false");
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  form.framework.addEventListener("input", () => { item = null; });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", clear);
  byId("item").addEventListener("click", () => { item = null; filter(); });
  byId("open").addEventListener("click", () => Promise.all(rows.filter((each) => !each.row.hidden).slice(0, 50).map(open)));
  byId("close").addEventListener("click", () => rows.forEach(close));
  byId("print").addEventListener("click", () => print());
  for (const button of document.querySelectorAll("button[data-item]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      form.reset();
      form.framework.value = button.dataset.framework;
      form.result.value = "fail";
      item = button.dataset.item;
      filter();
      byId("buckets").scrollIntoView();
      byId("item").focus({preventScroll: true});
    });
  }
  /* What is folded on the screen is whole on paper, except for evidence, which whoever prints chooses. */
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = Array.from(document.querySelectorAll("#standard details:not([open]), #checks details:not([open])"));
    for (const each of unfolded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of unfolded) each.open = false;
  });
  addEventListener("hashchange", follow);
  byId("unscripted").hidden = true;
  form.hidden = false;
  byId("tools").hidden = false;
  filter();
  follow().then(() => { document.documentElement.dataset.ready = "yes"; });
})();
