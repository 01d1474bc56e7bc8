// The review: cards, what was said of them, what that comes to. The same laws as src/review/cards.rs.
const base = (fp) => fp.split('.')[0];
const cardSubject = (card) => `c/${base(card.fp)}/${card.near || card.fp}`;
const eventSubject = (event) => (event.fp ? `c/${base(event.fp)}/${event.near ?? event.fp}` : `p/${event.pat}`);
const PAIR = ['same', 'different', 'continuation', 'keep-longer'];

// One change or finding. What views, groups and orders ask for stands in it; what only a card that is shown needs is parsed then.
class Card {
  constructor(review, columns, i) {
    this.i = i;
    this.review = review;
    this.pattern = columns.pattern[i];
    this.rule = review.patterns[this.pattern].rule;
    [this.issue, this.keyIssue] = columns.issues[columns.issue[i]];
    this.path = columns.paths[columns.path[i]];
    this.line = columns.line[i];
    this.column = columns.column[i];
    this.page = columns.page[i];
    this.lang = columns.langs[columns.lang[i]];
    this.fp = columns.fp[i];
    this.near = columns.near[i];
    this.equals = columns.equals[i];
    const kind = columns.kinds[columns.kind[i]];
    this.isFinding = !kind;
    this.applicability = kind?.[0];
    this.outcome = kind?.[1];
    this.confidence = kind?.[2];
    this.audit = false;
    this.fresh = false;
    this.carried = null;
    this.ruling = null;
    this.byWhole = false;
    this.parsed = null;
  }

  get shown() { return (this.parsed ??= JSON.parse(this.review.shown[this.i])); }
  get left() { return this.shown[0][0]; }
  get right() { return this.shown[0][1]; }
  get keyContext() { return this.shown[1]; }
  get evidence() { return this.shown[2].map((e) => this.review.evidence[e]); }
  get finding() { return this.isFinding ? this.shown[3].finding : null; }
  get before() { return this.isFinding ? this.shown[3].before : this.review.patterns[this.pattern].before; }
  get after() { return this.review.patterns[this.pattern].after; }
  get parts() { return this.shown[3]?.parts ?? []; }
  get scans() { return this.shown[3]?.scans ?? []; }
}

class Review {
  constructor(data, columns, shown) {
    this.min = data.min;
    names = columns.names;
    this.rules = columns.rules;
    this.evidence = columns.evidence;
    this.shown = shown;
    this.patterns = columns.patterns.map(([rule, pat, before, after]) => ({ rule: columns.rules[rule][0], pat, before, after, cards: [] }));
    this.cards = [];
    this.expected = data.count;
    this.events = [];
    this.votes = new Map();
    this.ofPattern = new Map(this.patterns.map((p) => [p.pat, p]));
    for (let i = 0; i < shown.length; i++) {
      const card = new Card(this, columns, i);
      this.cards.push(card);
      this.patterns[card.pattern].cards.push(i);
    }
    for (const i of columns.audit) this.cards[i].audit = true;
    for (const [i, name, text] of columns.carried) this.cards[i].carried = { name, text };
  }

  // Which cards a decision is about; many strings, so they are made when they are asked for first.
  get ofSubject() {
    const subjects = new Map();
    for (const card of this.cards) {
      const subject = cardSubject(card);
      const of = subjects.get(subject);
      if (of) of.push(card.i); else subjects.set(subject, [card.i]);
    }
    Object.defineProperty(this, 'ofSubject', { value: subjects });
    return subjects;
  }

  // Takes in what the file said before this page was made, or what was kept since.
  begin(events) {
    for (const event of events) this.vote(event);
    for (const card of this.cards) {
      if (!this.votes.size && !card.carried) continue;
      if (card.carried && this.ofVotes(cardSubject(card))) card.carried = null;
      this.decide(card);
    }
  }

  vote(event) {
    const subject = eventSubject(event);
    let of = this.votes.get(subject);
    if (!of) this.votes.set(subject, (of = new Map()));
    if (event.decision === 'clear') of.delete(event.by); else of.set(event.by, event);
    this.events.push(event);
    return subject;
  }

  ofVotes(subject) {
    const cast = [...(this.votes.get(subject)?.values() ?? [])];
    if (!cast.length) return null;
    const said = cast.filter((e) => e.decision !== 'defer');
    if (!said.length) return { name: 'defer' };
    const [first] = said;
    if (said.some((e) => e.decision !== first.decision || e.text !== first.text)) return { name: 'conflict' };
    if (first.decision === 'reject' || PAIR.includes(first.decision)) return { name: first.decision };
    if (said.length < this.min) return { name: 'pending' };
    return { name: first.decision, text: first.text };
  }

  decide(card) {
    const own = this.ofVotes(cardSubject(card)) ?? card.carried;
    const whole = own ? null : this.ofVotes(`p/${this.patterns[card.pattern].pat}`);
    card.ruling = own ?? whole;
    card.byWhole = !!whole;
  }

  // One event; returns the cards it touched. `tally` counts what views show, before and after.
  apply(event) {
    const subject = this.vote(event);
    const touched = event.fp ? this.ofSubject.get(subject) ?? [] : this.ofPattern.get(event.pat)?.cards ?? [];
    for (const i of touched) {
      const card = this.cards[i];
      this.tally(card, -1);
      this.decide(card);
      this.tally(card, 1);
    }
    return touched;
  }

  // How many cards each view has, kept up with each decision: nobody waits for a count of 100,000.
  count() {
    this.counts = { done: 0, judged: 0, accepted: 0 };
    for (const view in VIEWS) this.counts[view] = 0;
    for (const card of this.cards) this.tally(card, 1);
  }

  tally(card, by) {
    if (!this.counts) return;
    for (const view in VIEWS) if (VIEWS[view](card)) this.counts[view] += by;
    if (!isOpen(card)) this.counts.done += by;
    if (!card.isFinding && isDecided(card)) {
      this.counts.judged += by;
      if (card.ruling.name === 'accept') this.counts.accepted += by;
    }
  }

  // The event that takes one back; asked before it is applied.
  reverse(event) {
    const before = this.votes.get(eventSubject(event))?.get(event.by);
    if (before) return { ...before };
    const back = { ...event, decision: 'clear' };
    delete back.text;
    delete back.sampled;
    return back;
  }

  said(card) {
    return [cardSubject(card), `p/${this.patterns[card.pattern].pat}`].flatMap((s) => [...(this.votes.get(s)?.values() ?? [])]);
  }

  event(card, decision, by, text) {
    const event = { v: 1, decision, fp: card.fp };
    if (!card.isFinding) Object.assign(event, { near: card.near, equals: card.equals });
    Object.assign(event, this.about(card, by), { issue: card.keyIssue, context: card.keyContext });
    if (text !== undefined) event.text = text;
    return event;
  }

  patternEvent(pattern, decision, by, sampled) {
    const card = this.cards[this.patterns[pattern].cards[0]];
    return { v: 1, decision, ...this.about(card, by), sampled };
  }

  about(card, by) {
    const at = new Date().toISOString().slice(0, 19) + 'Z';
    return { pat: this.patterns[card.pattern].pat, by, at, issue: '', rule: card.rule, before: card.before, after: card.after, context: ['', ''] };
  }

  // Few cards, chosen by chance that is the same each time: FNV-1a, as in the program.
  sample(pattern, n = 20) {
    const lot = (card) => {
      let h = 0x811c9dc5;
      for (const c of card.fp + card.near) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193) >>> 0;
      return h;
    };
    const drawn = this.patterns[pattern].cards.map((i) => [lot(this.cards[i]), i]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, n);
    return drawn.map(([, i]) => i).sort((a, b) => a - b);
  }
}

const isOpen = (card) => (card.ruling ? ['conflict', 'stale', 'pending', 'defer'].includes(card.ruling.name) : card.outcome !== 'applied');
const isDecided = (card) => !!card.ruling && !isOpen(card);

// What each view shows.
const VIEWS = {
  open: (c) => isOpen(c) && !(c.ruling && c.ruling.name === 'defer'),
  findings: (c) => c.isFinding,
  applied: (c) => c.outcome === 'applied',
  audit: (c) => c.audit,
  stale: (c) => c.ruling?.name === 'stale',
  conflict: (c) => c.ruling?.name === 'conflict',
  deferred: (c) => c.ruling?.name === 'defer',
  decided: isDecided,
  since: (c) => !!c.fresh,
  all: () => true,
};

// Everything a filter looks in.
function matches(card, needle) {
  return (
    card.rule.includes(needle) || card.path.toLowerCase().includes(needle) ||
    (card.left + card.before + card.right).toLowerCase().includes(needle) || (card.left + card.after + card.right).toLowerCase().includes(needle) ||
    card.evidence.some((e) => e.toLowerCase().includes(needle)) || (card.finding?.message.toLowerCase().includes(needle) ?? false) || ruleName(card.rule).includes(needle)
  );
}
