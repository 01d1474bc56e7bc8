// One card in the page. All text goes in as text, never as markup: OCR text is hostile.
const outside = (text) => put(el('span', 'context'), text);

function textLine(card, label, side) {
  const row = el('div', 'line');
  row.append(el('span', 'tag', t(label)));
  const text = el('span', 'text');
  text.lang = card.lang;
  text.append(outside(card.left), side, outside(card.right));
  row.append(text);
  row.setAttribute('aria-hidden', 'true');
  return row;
}

// The replacement on one side, with what differs from the other marked.
function marked(before, after, which) {
  const side = el('span');
  for (const [same, u, v] of differences(before, after)) {
    const text = which === 'before' ? u : v;
    if (!text) continue;
    side.append(same ? put(el('span'), text, true) : put(el(which === 'before' ? 'del' : 'ins'), text, true));
  }
  return side;
}

function changeTexts(card) {
  const texts = el('div', 'texts');
  const after = card.ruling?.name === 'edit' ? card.ruling.text ?? '' : card.after;
  texts.append(textLine(card, 'before', marked(card.before, after, 'before')), textLine(card, 'after', marked(card.before, after, 'after')));
  const heard = el('p', 'heard', `${t('before')}: ${spoken(card.left)} [${spoken(card.before)}] ${spoken(card.right)}. ${t('after')}: ${spoken(card.left)} [${spoken(after)}] ${spoken(card.right)}.`);
  texts.append(heard);
  return texts;
}

function findingTexts(card) {
  const texts = el('div', 'texts');
  if (card.finding.sides) {
    // Two long texts are thousands of elements: whoever shows the card puts them in, see fillSides.
    const box = el('div', 'beside waiting');
    box.fill = () => {
      box.classList.remove('waiting');
      box.append(...sides(card.finding.sides, card.lang));
    };
    texts.append(box);
  } else if (card.before || card.left || card.right) {
    const row = el('div', 'line');
    const text = el('span', 'text');
    text.lang = card.lang;
    text.append(outside(card.left), put(el('span', 'quoted'), card.before), outside(card.right));
    row.append(text);
    texts.append(row);
  }
  for (const related of card.finding.related) {
    const place = t('elsewhere', words.roles[related.role] ?? related.role, related.path, related.line);
    texts.append(put(el('p', 'moved'), related.text ? `${place}: ${related.text}` : place));
  }
  return texts;
}

function sides({ places, rows, lengths, cut }, lang) {
  const table = el('table', 'sides');
  const head = table.createTHead().insertRow();
  places.forEach((place, i) => {
    const th = el('th', '', `${t(i ? 'text-b' : 'text-a')} · ${place} · ${t('letters', lengths[i])}`);
    th.scope = 'col';
    head.append(th);
  });
  const body = table.createTBody();
  for (const row of rows) {
    const tr = body.insertRow();
    row.forEach((stretches, i) => {
      const cell = tr.insertCell();
      cell.lang = lang;
      for (const { same, text } of stretches) {
        if (same) put(cell, text); else cell.append(put(el(i ? 'ins' : 'del'), text));
      }
    });
  }
  return cut ? [table, el('p', 'moved', t('cut'))] : [table];
}

function stateText(card) {
  if (!card.ruling) return card.finding ? '' : t(`state-${card.outcome}`);
  const key = card.finding && ['accept', 'reject'].includes(card.ruling.name) ? `finding-${card.ruling.name}` : `ruling-${card.ruling.name}`;
  return t(key) + (card.byWhole ? ` (${t('by-whole')})` : '');
}

// The verdicts a card takes, with their keys.
function verdicts(card) {
  if (card.finding?.sides) return [['same', 's'], ['different', 'f'], ['continuation', 'c'], ['keep-longer', 'l'], ['defer', 'd']];
  if (card.finding) return [['accept', 'a', 'right'], ['reject', 'r', 'wrong'], ['defer', 'd']];
  return [['accept', 'a'], ['reject', 'r'], ['edit', 'e'], ['defer', 'd']];
}

function cardNode(review, card, at, total) {
  const node = el('article', 'card');
  node.dataset.card = card.i;
  node.tabIndex = -1;
  node.setAttribute('aria-posinset', at + 1);
  node.setAttribute('aria-setsize', total);
  const head = el('div', 'head');
  const title = el('h3', '', ruleName(card.rule));
  title.title = review.rules.find(([name]) => name === card.rule)?.[1] ?? '';
  title.id = `card-${card.i}`;
  node.setAttribute('aria-labelledby', title.id);
  head.append(title);
  const alike = review.patterns[card.pattern].cards.length;
  const facts = [
    card.finding ? t(card.finding.severity) : `${t(card.applicability)} · ${t('sure', card.confidence.toFixed(2))}`,
    `${card.path}:${card.line}:${card.column}`, card.page ? t('page', card.page) : '', card.finding ? '' : alike > 1 ? t('alike', alike) : t('only'),
  ];
  facts.forEach((fact, i) => { if (fact) head.append(put(el('span', i === 1 ? 'place' : ''), fact)); });
  head.append(el('span', 'state', ''));
  node.append(head);
  if (card.finding) node.append(put(el('p', 'message'), card.finding.message));
  node.append(el('div', 'slot'));
  for (const part of card.parts) {
    node.append(put(el('p', 'moved'), t('moved', `${part.path}:${part.line}`, part.after ? `${part.before} → ${part.after}` : t('taken-away', part.before))));
  }
  for (const scan of card.scans) {
    const image = el('img', 'scan');
    image.alt = t('scan', scan.line);
    image.loading = 'lazy';
    image.src = scan.src;
    node.append(image);
  }
  if (card.evidence.length) {
    const why = card.rule === 'undecided-break' ? t('why-not') : t('because');
    node.append(put(el('p', 'why'), `${why}: ${card.evidence.map(evidenceText).join(', ')}`));
  }
  if (!card.finding) {
    const rows = codeRows(card.before, card.after);
    if (rows.length) {
      const codes = el('ul', 'codes');
      codes.setAttribute('aria-label', t('codes'));
      codes.append(...rows.map((row) => el('li', '', row)));
      node.append(codes);
    }
  }
  node.append(el('p', 'people'));
  const buttons = el('div', 'buttons');
  const button = (verdict, label, key, className) => {
    const b = el('button', className ?? verdict, label);
    b.type = 'button';
    b.tabIndex = -1;
    b.dataset.decide = verdict;
    if (key) b.append(el('kbd', '', key));
    buttons.append(b);
  };
  for (const [verdict, key, label] of verdicts(card)) button(verdict, t(label ?? verdict), key);
  if (!card.finding) {
    if (alike > 1) {
      button('accept-all', t('accept-all'), '⇧A', 'far');
      button('reject-all', t('reject-all'), '⇧R', '');
    }
    button('words', t('words'), '', alike > 1 ? '' : 'far');
    button('allow', t('allow'), '', '');
  }
  node.append(buttons);
  refreshNode(review, card, node);
  return node;
}

// What a decision changes in a card.
function refreshNode(review, card, node) {
  const current = node.classList.contains('current') ? ' current' : '';
  const name = card.ruling?.name ?? '';
  node.className = `card ${PAIR.includes(name) ? 'pair' : name}${current}`;
  node.querySelector('.state').textContent = stateText(card);
  const slot = node.querySelector('.slot');
  if (!card.isFinding) slot.replaceChildren(changeTexts(card)); else if (!slot.firstChild) slot.append(findingTexts(card));
  const said = review.said(card).map((e) => t('says', e.by, t(`said-${e.decision}`)));
  node.querySelector('.people').textContent = said.join(' · ');
}
