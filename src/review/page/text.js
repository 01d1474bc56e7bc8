// Text for the eye: graphemes, what differs, what cannot be seen.
const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;
const graphemes = (text) => (segmenter ? Array.from(segmenter.segment(text), (s) => s.segment) : Array.from(text));

// A word of Latin text is compared as a whole first, anything else by graphemes.
function units(text) {
  return text.match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[\s\S]/gu)?.flatMap((w) => (/^[\p{Script=Latin}\p{M}\p{N}'’]+$/u.test(w) ? [w] : graphemes(w))) ?? [];
}

// What two texts have in common: a list of [same, text of a, text of b].
function compare(a, b, split) {
  const [x, y] = [split(a), split(b)];
  let head = 0;
  while (head < x.length && head < y.length && x[head] === y[head]) head++;
  let tail = 0;
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail]) tail++;
  const [p, q] = [x.slice(head, x.length - tail), y.slice(head, y.length - tail)];
  const out = [];
  const add = (same, u, v) => {
    const last = out[out.length - 1];
    if (last && last[0] === same) { last[1] += u; last[2] += v; } else if (u || v) out.push([same, u, v]);
  };
  add(true, x.slice(0, head).join(''), y.slice(0, head).join(''));
  if (p.length * q.length > 250000 || !p.length || !q.length) {
    add(false, p.join(''), q.join(''));
  } else {
    const n = q.length + 1;
    const best = new Uint32Array((p.length + 1) * n);
    for (let i = p.length - 1; i >= 0; i--) {
      for (let j = q.length - 1; j >= 0; j--) {
        best[i * n + j] = p[i] === q[j] ? best[(i + 1) * n + j + 1] + 1 : Math.max(best[(i + 1) * n + j], best[i * n + j + 1]);
      }
    }
    let [i, j] = [0, 0];
    while (i < p.length || j < q.length) {
      if (i < p.length && j < q.length && p[i] === q[j]) add(true, p[i++], q[j++]);
      else if (j >= q.length || (i < p.length && best[(i + 1) * n + j] >= best[i * n + j + 1])) add(false, p[i++], '');
      else add(false, '', q[j++]);
    }
  }
  add(true, x.slice(x.length - tail).join(''), y.slice(y.length - tail).join(''));
  return out;
}

const differences = (a, b) => compare(a, b, units).flatMap(([same, u, v]) => (!same && u && v ? compare(u, v, graphemes) : [[same, u, v]]));

// Characters that leave no ink, or change how others look: shown by a sign of their own.
const SIGNS = { '\n': '⏎', '\f': '␌', '\r': '␍', '\t': '→', ' ': '·', '\u00a0': '⍽', '\u3000': '□' };
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u00a0\u034f\u115f\u1160\u17b4\u17b5\u2000-\u200a\u202f\u205f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}\p{Cn}]/u;
const code = (c) => 'U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');

// Puts text into a node, what cannot be seen as a sign with its code point. `all`: also spaces have a sign.
function put(node, text, all) {
  let plain = '';
  const flush = () => { if (plain) { node.append(plain); plain = ''; } };
  for (const c of text) {
    const space = c === ' ' || c === '\u3000';
    if (space ? !all : !(c in SIGNS) && !HIDDEN.test(c)) { plain += c; continue; }
    flush();
    const sign = el('span', 'sign', SIGNS[c] ?? code(c));
    sign.title = `${code(c)} ${names[c] ?? ''}`.trim();
    node.append(sign);
  }
  flush();
  return node;
}

// The same for ears: signs by their names.
const spoken = (text) => (text ? Array.from(text, (c) => (c === '\n' ? ` ⏎ ` : c in SIGNS || HIDDEN.test(c) ? (c === ' ' ? c : ` ${names[c] ?? code(c)} `) : c)).join('') : t('nothing'));

// 爲 U+7232 → 為 U+70BA: one row for each pair of characters that differ, if they are few.
function codeRows(before, after) {
  const rows = [];
  const named = (text) => Array.from(text, (c) => `${c in SIGNS || HIDDEN.test(c) ? SIGNS[c] ?? '' : c} ${code(c)} ${names[c] ?? ''}`.trim()).join(' + ') || '∅';
  for (const [same, u, v] of differences(before, after)) {
    if (!same && rows.length < 8 && Array.from(u).length <= 8 && Array.from(v).length <= 8) rows.push(`${named(u)} → ${named(v)}`);
  }
  return rows;
}

let names = {};

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
