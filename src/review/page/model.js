// The review: cards, what was said of them, what that comes to. The same laws as src/review/cards.rs.
const base = (fp) => fp.split('.')[0];
const cardSubject = (card) => `c/${base(card.fp)}/${card.near || card.fp}`;
const eventSubject = (event) => (event.fp ? `c/${base(event.fp)}/${event.near ?? event.fp}` : `p/${event.pat}`);
const PAIR = ['same', 'different', 'continuation', 'keep-longer'];

class Review {
  constructor(data) {
    this.min = data.min;
    this.title = data.title;
    this.key = data.key;
    names = data.names;
    this.rules = data.rules;
    this.patterns = data.patterns.map(([rule, pat, before, after]) => ({ rule: data.rules[rule][0], pat, before, after, cards: [] }));
    this.cards = data.cards.map((row, i) => this.card(data, row, i));
    this.expected = data.count;
    this.events = [];
    this.votes = new Map();
    this.ofSubject = new Map();
    this.ofPattern = new Map(this.patterns.map((p) => [p.pat, p]));
    for (const card of this.cards) {
      this.patterns[card.pattern].cards.push(card.i);
      const subject = cardSubject(card);
      const of = this.ofSubject.get(subject);
      if (of) of.push(card.i); else this.ofSubject.set(subject, [card.i]);
    }
  }

  card(data, row, i) {
    const [pattern, issue, path, line, column, page, lang, left, right, keyLeft, keyRight, fp, near, equals, evidence, kind, extra] = row;
    const of = this.patterns[pattern];
    const card = {
      i, pattern, rule: of.rule, issue: data.issues[issue][0], keyIssue: data.issues[issue][1], path: data.paths[path], line, column, page, lang: data.langs[lang],
      before: of.before, after: of.after, left, right, keyContext: [keyLeft, keyRight], fp, near, equals, evidence: evidence.map((e) => data.evidence[e]),
      carried: null, ruling: null, audit: false, finding: null, ...extra,
    };
    if (kind) {
      const [applicability, outcome, confidence] = kind;
      Object.assign(card, { applicability, outcome, confidence });
    }
    card.order = i;
    return card;
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
    const own = this.ofVotes(cardSubject(card)) ?? (card.carried && { name: card.carried, text: card.carriedText });
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
    if (!card.finding && isDecided(card)) {
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
    if (!card.finding) Object.assign(event, { near: card.near, equals: card.equals });
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
  findings: (c) => !!c.finding,
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
