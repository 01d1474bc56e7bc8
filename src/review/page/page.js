// The page: views and groups at the side, a hundred cards at a time, keys, dialogs.
const SHOWN = 100;
const get = (id) => document.getElementById(id);
const keep = (name, value) => { try { localStorage.setItem(`galley/${name}`, value); } catch { /* only a convenience */ } };
const kept = (name) => { try { return localStorage.getItem(`galley/${name}`); } catch { return null; } };

setWords(kept('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));
const inline = JSON.parse(get('data').textContent);
const store = inline.server ? new ServerStore(inline.server) : new BrowserStore(inline.key);
let review;
let data;
try {
  if (store.server) get('status').textContent = t('reading');
  data = store.server ? await store.data() : inline;
  const [columns, shown] = await Promise.all([unpack(data.columns), unpack(data.shown)]);
  review = new Review(data, JSON.parse(columns), shown.split('\n').slice(0, -1));
} catch (error) {
  get('trouble').textContent = typeof DecompressionStream === 'function' ? `${t('partly', 0, data?.count ?? '?')} (${error.message})` : t('old-browser');
  throw error;
}
get('status').textContent = '';

const state = { view: 'open', order: 'by-pattern', scope: null, filter: '', list: [], from: 0, at: 0, undo: [], mine: [], blocked: false };

function say(text) {
  get('status').textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { get('status').textContent = ''; }, 6000);
}

// ── lists ────────────────────────────────────────────────────────────────────

function inView(view) {
  const shown = VIEWS[view];
  return review.cards.filter(shown);
}

function scopeOf(card) {
  return state.order === 'by-page' ? [card.issue, String(card.page)] : [card.rule, String(card.pattern)];
}

function inScope(card) {
  if (!state.scope) return true;
  const [outer, inner] = scopeOf(card);
  return outer === state.scope[0] && (state.scope[1] === undefined || inner === state.scope[1]);
}

function refreshList(keepCard) {
  const needle = state.filter.trim().toLowerCase();
  let list = inView(state.view);
  if (needle) list = list.filter((card) => matches(card, needle));
  drawGroups(list);
  list = list.filter(inScope);
  if (state.order === 'by-confidence') list.sort((a, b) => (a.confidence ?? 2) - (b.confidence ?? 2) || a.i - b.i);
  else if (state.order === 'by-page') list.sort((a, b) => issueOrder(a) - issueOrder(b) || a.page - b.page || a.line - b.line || a.column - b.column || a.i - b.i);
  else list.sort((a, b) => patternOrder(a) - patternOrder(b) || a.i - b.i);
  state.list = list;
  const at = keepCard ? list.indexOf(keepCard) : -1;
  state.at = Math.max(at, 0);
  drawCards();
}

const issues = new Map();
review.cards.forEach((card) => { if (!issues.has(card.issue)) issues.set(card.issue, issues.size); });
// Issue → who has it.
const whose = new Map(review.cards.filter((c) => data.assigned[c.keyIssue]).map((c) => [c.issue, data.assigned[c.keyIssue]]));
VIEWS.mine = (card) => whose.get(card.issue) === get('user').value.trim();
const issueOrder = (card) => issues.get(card.issue);
const rank = (() => {
  const byRule = new Map();
  review.patterns.forEach((p) => byRule.set(p.rule, (byRule.get(p.rule) ?? 0) + p.cards.length));
  const order = review.patterns.map((_, i) => i);
  order.sort((a, b) => {
    const [p, q] = [review.patterns[a], review.patterns[b]];
    return byRule.get(q.rule) - byRule.get(p.rule) || (p.rule < q.rule ? -1 : p.rule > q.rule ? 1 : q.cards.length - p.cards.length || a - b);
  });
  const ranks = new Uint32Array(order.length);
  order.forEach((pattern, i) => { ranks[pattern] = i; });
  return ranks;
})();
const patternOrder = (card) => rank[card.pattern];

// ── side ─────────────────────────────────────────────────────────────────────

function item(label, n, current, choose) {
  const button = el('button', n ? 'item' : 'item none');
  button.type = 'button';
  button.append(typeof label === 'string' ? put(el('span', 'what'), label) : label, el('span', 'n', n.toLocaleString('en')));
  button.setAttribute('aria-current', String(current));
  button.addEventListener('click', choose);
  return button;
}

function drawViews() {
  const counts = review.counts;
  const { done, judged, accepted } = counts;
  const rows = Object.keys(VIEWS).filter((v) => !['since', 'mine'].includes(v) || counts[v] || state.view === v).map((view) => {
    const li = el('li');
    li.append(item(t(view), counts[view], view === state.view, () => { state.view = view; state.scope = null; drawViews(); refreshList(); }));
    return li;
  });
  get('views').replaceChildren(...rows);
  const rate = judged ? ` · ${t('rate', Math.round((accepted * 1000) / judged) / 10)}` : '';
  const open = store.server || !state.mine.length ? '' : ` · ${t('undownloaded', state.mine.length)}`;
  get('progress').textContent = t('progress', done, review.cards.length) + rate + open;
}

// Rule → pattern, or issue → page; inner groups are made when their group is opened, a hundred of them.
function drawGroups(list) {
  const box = get('groups');
  const opened = new Set([...box.querySelectorAll('details[open]')].map((d) => d.dataset.group));
  box.replaceChildren(item(t('everything'), list.length, !state.scope, () => choose(null)));
  if (state.order === 'by-confidence') return;
  const outer = new Map();
  for (const card of list) {
    const [o, i] = scopeOf(card);
    if (!outer.has(o)) outer.set(o, new Map());
    outer.get(o).set(i, (outer.get(o).get(i) ?? 0) + 1);
  }
  const sum = (inner) => [...inner.values()].reduce((a, b) => a + b, 0);
  const groups = [...outer].map(([o, inner]) => [o, inner, sum(inner)]);
  if (state.order === 'by-pattern') groups.sort((a, b) => b[2] - a[2]);
  for (const [o, inner, n] of groups) {
    const details = el('details');
    details.dataset.group = o;
    const summary = el('summary');
    summary.append(el('span', 'what', state.order === 'by-page' ? o + (whose.has(o) ? ` · ${whose.get(o)}` : '') : ruleName(o)), el('span', 'n', n.toLocaleString('en')));
    details.append(summary);
    const fill = () => {
      if (details.children.length > 1) return;
      const rows = el('div');
      rows.append(item(t('all'), n, state.scope?.[0] === o && state.scope[1] === undefined, () => choose([o])));
      const sorted = [...inner];
      if (state.order === 'by-pattern') sorted.sort((a, b) => b[1] - a[1]); else sorted.sort((a, b) => a[0] - b[0]);
      for (const [i, m] of sorted.slice(0, SHOWN)) {
        rows.append(item(innerLabel(i), m, state.scope?.[0] === o && state.scope[1] === i, () => choose([o, i])));
      }
      if (sorted.length > SHOWN) rows.append(el('p', 'moved', `… +${sorted.length - SHOWN}`));
      details.append(rows);
    };
    details.addEventListener('toggle', () => { if (details.open) fill(); });
    if (opened.has(o) || state.scope?.[0] === o) {
      details.open = true;
      fill();
    }
    box.append(details);
  }
}

function innerLabel(inner) {
  if (state.order === 'by-page') return inner === '0' ? '—' : t('page', inner);
  const { before, after, rule } = review.patterns[Number(inner)];
  const label = el('span', 'what');
  if (!before && !after) return ruleName(rule);
  const short = (text) => { const g = graphemes(text); return g.length > 14 ? g.slice(0, 14).join('') + '…' : text; };
  put(label, short(before) || '∅', true);
  label.append(' → ');
  return put(label, short(after) || '∅', true);
}

function choose(scope) {
  state.scope = scope;
  refreshList();
}

// ── cards ────────────────────────────────────────────────────────────────────

function drawCards() {
  state.from = Math.floor(state.at / SHOWN) * SHOWN;
  const shown = state.list.slice(state.from, state.from + SHOWN);
  const nodes = shown.map((card, i) => cardNode(review, card, state.from + i, state.list.length));
  get('cards').replaceChildren(...(nodes.length ? nodes : [el('p', 'none', t('no-cards'))]));
  get('shown').textContent = shown.length ? t('shown', state.from + 1, state.from + shown.length, state.list.length) : '';
  for (const pager of document.querySelectorAll('.pager')) {
    pager.hidden = state.list.length <= SHOWN;
    pager.querySelector('.previous').disabled = state.from === 0;
    pager.querySelector('.next').disabled = state.from + SHOWN >= state.list.length;
  }
  mark(false);
  clearTimeout(state.filling);
  fillSides();
}

// Texts side by side: those of the current card are there at once, the others follow a few at a time, while keys are answered.
function fillSides() {
  const until = performance.now() + 10;
  let box;
  while ((box = get('cards').querySelector('.waiting')) && performance.now() < until) box.fill();
  if (box) state.filling = setTimeout(fillSides, 20);
}

const currentCard = () => state.list[state.at];
const nodeOf = (card) => card && get('cards').querySelector(`[data-card="${card.i}"]`);

// Roving focus: one card and its buttons can be tabbed to.
function mark(focus) {
  const old = get('cards').querySelector('.current');
  const reach = (node, on) => {
    node.classList.toggle('current', on);
    node.tabIndex = on ? 0 : -1;
    node.querySelectorAll('button').forEach((b) => { b.tabIndex = on ? 0 : -1; });
  };
  const node = nodeOf(currentCard());
  if (old && old !== node) reach(old, false);
  if (!node) return;
  node.querySelector('.waiting')?.fill();
  reach(node, true);
  if (focus) {
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: 'nearest' });
  }
}

function move(by) {
  const to = state.at + by;
  if (to < 0 || to >= state.list.length) return;
  state.at = to;
  if (to < state.from || to >= state.from + SHOWN) drawCards();
  mark(true);
}

// ── deciding ─────────────────────────────────────────────────────────────────

function user() {
  const name = get('user').value.trim();
  if (!name) {
    say(t('name-first'));
    get('user').focus();
  }
  return name;
}

// Takes events in here, and has them saved; what cannot be saved is taken back and said.
async function take(events, back) {
  if (state.blocked) return say(t('not-saved', state.blocked));
  const started = performance.now();
  const before = events.map((event) => review.reverse(event));
  const touched = events.flatMap((event) => review.apply(event));
  touched.forEach((i) => { const node = nodeOf(review.cards[i]); if (node) refreshNode(review, review.cards[i], node); });
  if (back) state.undo.push(back);
  drawViews();
  try {
    await store.take(events);
    state.mine.push(...events);
    if (!store.works) get('trouble').textContent = t('not-kept');
  } catch (error) {
    state.blocked = error.message || String(error);
    get('trouble').textContent = t('not-saved', state.blocked);
    before.reverse().forEach((event) => review.apply(event));
    refreshList(currentCard());
    drawViews();
  }
  document.documentElement.dataset.took = (performance.now() - started).toFixed(1);
  return touched.length;
}

function decide(verdict, text) {
  const card = currentCard();
  if (!card || !user()) return;
  if (!verdicts(card).some(([v]) => v === verdict)) return;
  const event = review.event(card, verdict, user(), text);
  take([event], { events: [review.reverse(event)], card });
  say(t(`said-${verdict}`));
  move(1);
}

function undo() {
  const last = state.undo.pop();
  if (!last) return say(t('nothing-to-undo'));
  const at = new Date().toISOString().slice(0, 19) + 'Z';
  take(last.events.map((event) => ({ ...event, at })));
  say(t('said-clear'));
  const to = state.list.indexOf(last.card);
  if (to >= 0) {
    state.at = to;
    if (to < state.from || to >= state.from + SHOWN) drawCards();
    mark(true);
  }
}

// ── dialogs ──────────────────────────────────────────────────────────────────

function dialog(title, parts, buttons) {
  const box = get('dialog');
  const heading = el('h2', '', title);
  heading.id = 'dialog-title';
  const row = el('div', 'buttons');
  for (const [label, act, decides] of buttons) {
    const b = el('button', '', label);
    b.type = 'button';
    if (decides) b.dataset.decide = 'yes';
    b.addEventListener('click', () => { box.close(); act?.(); });
    row.append(b);
  }
  box.replaceChildren(heading, ...parts, row);
  box.onkeydown = null;
  box.showModal();
  return box;
}

function bulk(verdict) {
  const card = currentCard();
  if (!card || card.finding || !user()) return;
  const all = review.patterns[card.pattern].cards.length;
  const sample = review.sample(card.pattern);
  const box = el('div', 'sample');
  box.tabIndex = 0;
  for (const i of sample) {
    const texts = changeTexts(review.cards[i]);
    texts.prepend(put(el('p', 'moved'), `${review.cards[i].path}:${review.cards[i].line}`));
    box.append(texts);
  }
  const yes = () => {
    const event = review.patternEvent(card.pattern, verdict, user(), [sample.length, all]);
    take([event], { events: [review.reverse(event)], card });
    say(t('said-bulk', t(`said-${verdict}`), all));
    mark(true);
  };
  const open = dialog(t(`bulk-${verdict}`, all), [el('p', '', t('bulk-sample', sample.length, all)), box], [[t('cancel')], [t(`bulk-yes-${verdict}`, all), yes, true]]);
  // The same key again says yes.
  const key = verdict === 'accept' ? 'A' : 'R';
  open.onkeydown = (e) => {
    if (e.key === key && e.shiftKey && !e.repeat) {
      e.preventDefault();
      open.close();
      yes();
    }
  };
}

function editDialog() {
  const card = currentCard();
  if (!card || card.finding || !user()) return;
  const area = el('textarea');
  area.value = card.ruling?.name === 'edit' ? card.ruling.text ?? '' : card.after;
  area.lang = card.lang;
  area.id = 'edit-text';
  area.spellcheck = false;
  const label = el('label', 'heard', t('edit-title'));
  label.htmlFor = area.id;
  const save = () => { open.close(); decide('edit', area.value); };
  const open = dialog(t('edit-title'), [changeTexts(card), label, area, el('p', 'moved', t('edit-hint'))], [[t('cancel')], [t('save'), () => decide('edit', area.value), true]]);
  open.onkeydown = (e) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      save();
    }
  };
  area.focus();
  area.select();
}

// A word for the project's list, or a text that stays as it is: what stands across the change, to be mended by hand.
function listDialog(kind) {
  const card = currentCard();
  if (!card || !user()) return;
  const input = (id, label, value) => {
    const row = el('label', 'field');
    const field = el('input');
    field.type = 'text';
    field.id = id;
    field.value = value;
    row.append(el('span', '', label), field);
    return [row, field];
  };
  const letters = (text) => text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const last = (letters(card.left.split('\n').at(-1)).at(-1) ?? '').slice(-12);
  const first = (letters(card.right)[0] ?? '').slice(0, 12);
  const across = card.evidence.find((e) => e.startsWith('word-across-break:'))?.slice(18);
  const text = kind === 'words' && across ? across : kind === 'words' ? last + (/\p{L}/u.test(card.after) ? card.after : '') + first : card.before.trim() || last + card.before + first;
  const [row, field] = input('list-text', t(kind), text.replace(/[\t\n]/g, ''));
  const [reasonRow, reason] = input('list-reason', t('reason'), user());
  const add = async () => {
    const word = field.value.trim();
    if (!word) return;
    try {
      await store.list(kind, word, reason.value.trim() || user(), user());
      say(t(`listed-${kind}`, word));
      drawLists();
    } catch (error) {
      get('trouble').textContent = t('not-saved', error.message);
    }
  };
  dialog(t(`${kind}-title`), kind === 'words' ? [row] : [row, reasonRow], [[t('cancel')], [t('save'), add]]);
  field.focus();
}

function drawLists() {
  for (const kind of ['words', 'allow']) get(`download-${kind}`).hidden = !store.listed(kind).length;
}

function help() {
  const table = el('table');
  for (const [key, does] of t('keys')) {
    const tr = table.insertRow();
    tr.insertCell().append(el('kbd', '', key));
    tr.insertCell().textContent = does;
  }
  dialog(t('help'), [table, el('p', 'moved', t('keys-decide'))], [[t('close')]]);
}

// ── files ────────────────────────────────────────────────────────────────────

function save(name, text) {
  const link = el('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const rows = (events) => events.map((e) => JSON.stringify(e) + '\n').join('');

async function upload(files) {
  for (const file of files) {
    const lines = (await file.text()).split('\n');
    const known = new Set(review.events.map((e) => JSON.stringify(sorted(e))));
    const events = [];
    for (const [i, line] of lines.entries()) {
      if (!line.trim()) continue;
      let event;
      try { event = JSON.parse(line); } catch { /* said below */ }
      if (!event || event.v !== 1 || !event.pat || !event.by || !event.decision) return say(t('bad-file', file.name, i + 1));
      events.push(event);
    }
    const fresh = events.filter((e) => !known.has(JSON.stringify(sorted(e))));
    if (fresh.length) await take(fresh);
    refreshList(currentCard());
    drawViews();
    say(t('read-file', events.length, fresh.length));
  }
}

const sorted = (event) => Object.fromEntries(Object.entries(event).filter(([, v]) => v !== null).sort(([a], [b]) => (a < b ? -1 : 1)));

async function others() {
  try {
    const own = get('user').value.trim();
    const events = await store.others();
    // What this page sent comes back as well; applying it twice is applying it once.
    const foreign = events.filter((e) => e.by !== own);
    for (const event of foreign) {
      for (const i of review.apply(event)) {
        const card = review.cards[i];
        if (!card.fresh) review.counts.since++;
        card.fresh = true;
        const node = nodeOf(card);
        if (node) refreshNode(review, card, node);
      }
    }
    if (foreign.length) drawViews();
    if (state.blocked) {
      state.blocked = false;
      get('trouble').textContent = '';
    }
  } catch { /* the next decision says it */ }
}

// ── the page itself ──────────────────────────────────────────────────────────

function setWords(language) {
  words = WORDS[language] ?? WORDS.en;
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  get('language').value = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
}

function setLanguage(language) {
  setWords(language);
  get('filter').placeholder = t('filter-hint');
  get('side').setAttribute('aria-label', t('groups'));
  get('cards').setAttribute('aria-label', t('everything'));
  const whole = review.cards.length === review.expected;
  get('loaded').textContent = t('loaded', review.cards.length, review.expected);
  if (!whole) get('trouble').textContent = t('partly', review.cards.length, review.expected);
}

function setVertical(on) {
  document.body.classList.toggle('vertical', on);
  get('vertical').setAttribute('aria-pressed', String(on));
  keep('vertical', on ? '1' : '');
}

const KEYS = {
  a: () => decide('accept'), r: () => decide('reject'), e: editDialog, d: () => decide('defer'), u: undo,
  s: () => decide('same'), f: () => decide('different'), c: () => decide('continuation'), l: () => decide('keep-longer'),
  j: () => move(1), n: () => move(1), ArrowDown: () => move(1), k: () => move(-1), p: () => move(-1), ArrowUp: () => move(-1),
  A: () => bulk('accept'), R: () => bulk('reject'), g: () => get('groups').querySelector('button, summary')?.focus(),
  '/': () => get('filter').focus(), '?': help, v: () => setVertical(!document.body.classList.contains('vertical')),
};

document.addEventListener('keydown', (e) => {
  const decides = e.target instanceof HTMLElement && e.target.closest('[data-decide]');
  if (decides && (e.key === 'Enter' || e.key === ' ')) {
    e.preventDefault();
    return say(t('keys-decide'));
  }
  if (e.ctrlKey || e.metaKey || e.altKey || get('dialog').open) return;
  const field = e.target instanceof HTMLElement && e.target.closest('input, textarea, select');
  if (field) {
    if (e.key === 'Escape') mark(true);
    return;
  }
  const arrows = e.key === 'ArrowDown' || e.key === 'ArrowUp';
  if (arrows && !(e.target instanceof HTMLElement && e.target.closest('#cards'))) return;
  const act = KEYS[e.key];
  if (!act || (e.repeat && !'jnkpArrowDownArrowUp'.includes(e.key))) return;
  e.preventDefault();
  act();
});
// A key that is let go on a button presses it.
document.addEventListener('keyup', (e) => {
  if (e.key === ' ' && e.target instanceof HTMLElement && e.target.closest('[data-decide]')) e.preventDefault();
});

get('cards').addEventListener('click', (e) => {
  const node = e.target.closest('.card');
  if (!node) return;
  const at = state.list.indexOf(review.cards[Number(node.dataset.card)]);
  if (at >= 0) { state.at = at; mark(false); }
  const verdict = e.target.closest('[data-decide]')?.dataset.decide;
  if (!verdict) return;
  if (verdict === 'edit') editDialog();
  else if (verdict === 'accept-all' || verdict === 'reject-all') bulk(verdict.slice(0, 6));
  else if (verdict === 'words' || verdict === 'allow') listDialog(verdict);
  else decide(verdict);
});
get('cards').addEventListener('focusin', (e) => {
  const node = e.target.closest('.card');
  const at = node ? state.list.indexOf(review.cards[Number(node.dataset.card)]) : -1;
  if (at >= 0 && at !== state.at) { state.at = at; mark(false); }
});
for (const button of document.querySelectorAll('.pager button')) {
  button.addEventListener('click', () => {
    state.at = state.from + (button.className === 'next' ? SHOWN : -SHOWN);
    drawCards();
    mark(true);
    window.scrollTo(0, 0);
  });
}
get('filter').addEventListener('input', () => {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { state.filter = get('filter').value; state.scope = null; refreshList(); }, 150);
});
get('order').addEventListener('change', () => { state.order = get('order').value; state.scope = null; refreshList(); });
get('user').addEventListener('change', () => { keep('user', get('user').value.trim()); review.count(); drawViews(); });
get('help').addEventListener('click', help);
get('vertical').addEventListener('click', () => setVertical(!document.body.classList.contains('vertical')));
get('theme').addEventListener('change', () => { document.documentElement.dataset.theme = get('theme').value; keep('theme', get('theme').value); });
get('language').addEventListener('change', () => { keep('language', get('language').value); setLanguage(get('language').value); refreshList(currentCard()); drawViews(); });
document.addEventListener('click', (e) => { if (!e.target.closest('#menu')) get('menu').open = false; });
get('print').addEventListener('click', () => window.print());
get('download').addEventListener('click', () => {
  save('decisions.jsonl', rows(review.events));
  if (!store.server) { state.mine = []; drawViews(); }
});
for (const kind of ['words', 'allow']) get(`download-${kind}`).addEventListener('click', () => save(kind === 'words' ? 'words.txt' : 'allow.tsv', store.listed(kind).join('\n') + '\n'));
get('upload').addEventListener('change', async () => { await upload([...get('upload').files]); get('upload').value = ''; });

const before = JSON.parse(get('events').textContent);
review.begin(before);
store.seen = before.length;
const mine = store.load();
mine.forEach((event) => review.apply(event));
state.mine = mine;
get('user').value = kept('user') ?? data.user ?? '';
document.documentElement.dataset.theme = kept('theme') ?? 'auto';
get('theme').value = document.documentElement.dataset.theme;
setLanguage(get('language').value);
setVertical(kept('vertical') === '1');
if (!VIEWS.open || !review.cards.some(VIEWS.open)) state.view = review.cards.some(VIEWS.audit) ? 'audit' : 'all';
drawLists();
review.count();
drawViews();
refreshList();
if (!store.works) get('trouble').textContent = t('not-kept');
if (store.server) setInterval(others, 4000);
document.documentElement.dataset.ready = performance.now().toFixed(0);
