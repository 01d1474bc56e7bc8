// The review page in a real browser: `galley review --html` opened from the disk, and `--serve`.
//
// GALLEY is the binary, CHROMIUM the browser; without a browser the tests are left out and say so. SHOTS is a folder for pictures.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const galley = process.env.GALLEY ?? path.resolve(here, '../../target/debug/galley');
const browserPath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(fs.existsSync);
let reason = !browserPath ? 'no Chromium on this machine' : !fs.existsSync(galley) ? `no ${galley}` : '';
let chromium;
try {
  ({ chromium } = await import('playwright-core'));
} catch {
  reason ||= 'playwright-core is not installed (npm ci)';
}
if (reason) {
  console.log(`skipped: the browser tests: ${reason}`);
  process.exit(0);
}

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'galley-review-'));
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
after(async () => {
  await browser?.close();
  fs.rmSync(root, { recursive: true, force: true });
});

// ── what is reviewed ─────────────────────────────────────────────────────────

const N = 30;
const numbered = (keep) => Array.from({ length: N }, (_, n) => `第${n}号${keep(n) ? '\u200b' : ''}文件说明了这一年的情况。`).join('\n\n');
const TEXT = `${numbered(() => true)}\n\n他说,这是重要的工作.大家要坚持到底,一直努力下去。\n\n区四套班子领导要带头示\n\n范，当好支持者、参与者。\n`;
// Marks wait for a person; the rest is made.
const CONFIG = '[collection]\ntitle = "Test & <b>trial</b>"\n[rules.half-width-mark]\nlevel = "review"\n';

function folder(name, files) {
  const dir = path.join(root, name);
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), text);
  }
  return dir;
}

function run(dir, ...args) {
  const done = spawnSync(galley, args, { cwd: dir, encoding: 'utf8' });
  assert.equal(done.status, 0, `galley ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

function html(name, files, ...args) {
  const dir = folder(name, files);
  run(dir, 'review', 'in', '--html', 'review.html', ...args);
  return { dir, url: pathToFileURL(path.join(dir, 'review.html')).href };
}

// A page that fails its test on any message in the console, any error, any request but the page's own.
async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', acceptDownloads: true, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (m) => faults.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('dialog', (d) => { faults.push(`dialog: ${d.message()}`); d.dismiss(); });
  const origin = new URL(url).origin;
  context.on('request', (r) => { if (r.url() !== url && !/^(data|blob):/.test(r.url()) && !(origin !== 'null' && r.url().startsWith(origin))) faults.push(`request: ${r.url()}`); });
  await page.goto(url);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  const name = page.locator('#user');
  if (!(await name.inputValue())) {
    await name.fill('anna');
    await name.blur();
  }
  page.faults = faults;
  return page;
}

async function close(page) {
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

const view = (page, name) => page.locator('#views .item', { hasText: name }).click();
const cards = (page) => page.locator('.card');
const current = (page) => page.locator('.card.current');
const state = (page) => current(page).locator('.state').textContent();
// To the card whose text has this.
async function goTo(page, text) {
  await page.locator('.card', { hasText: text }).first().locator('.head').click();
}

async function downloaded(page) {
  if (!(await page.locator('#download').isVisible())) await page.click('#menu summary');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
  const to = path.join(root, `decisions-${Math.random()}.jsonl`);
  await file.saveAs(to);
  await page.click('#menu summary');
  return to;
}

const events = (file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

function cleaned(dir, decisions) {
  const out = fs.mkdtempSync(path.join(dir, 'out-'));
  run(dir, 'clean', 'in', '--out', out, '--decisions', decisions, '--quiet');
  return fs.readFileSync(path.join(out, 'a.txt'), 'utf8');
}

// ── tests ────────────────────────────────────────────────────────────────────

test('from the disk: decide, undo, bulk, reload, download, clean', async () => {
  const { dir, url } = html('disk', { 'in/a.txt': TEXT, 'galley.toml': CONFIG });
  const page = await open(url);
  assert.match(await page.textContent('#loaded'), /^(\d+) of \1 changes loaded$/);
  assert.equal(await page.title(), 'Test & <b>trial</b>');
  assert.equal(await cards(page).count(), 3, 'the three marks wait');

  // Looking on, and keys that never decide.
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  for (const key of ['Enter', 'Escape', ' ']) await page.keyboard.press(key);
  await current(page).locator('[data-decide=accept]').focus();
  for (const key of ['Enter', ' ', 'Escape']) await page.keyboard.press(key);
  assert.equal(await state(page), 'waits');

  // Accept, undo, accept, edit, defer, reject.
  await goTo(page, '他说');
  await page.keyboard.press('a');
  await page.keyboard.press('k');
  assert.equal(await state(page), 'accepted');
  await page.keyboard.press('u');
  assert.equal(await state(page), 'waits');
  await page.keyboard.press('a');
  await view(page, 'To decide');
  assert.equal(await cards(page).count(), 2);
  await page.locator('.card', { hasText: 'FULL STOP' }).locator('.head').click();
  await page.keyboard.press('e');
  await page.locator('dialog textarea').fill('！');
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('dialog').isVisible(), 'Enter makes a line, it does not decide');
  await page.locator('dialog textarea').fill('！');
  await page.keyboard.press('Control+Enter');
  await view(page, 'Decided');
  assert.equal(await cards(page).count(), 2);
  await view(page, 'To decide');
  await page.keyboard.press('d');
  await view(page, 'Deferred');
  assert.equal(await cards(page).count(), 1);
  await page.keyboard.press('r');
  await view(page, 'To decide');
  assert.equal(await cards(page).count(), 0);

  // A whole pattern, after its sample; one card of it singly before.
  await view(page, 'Applied safe edits');
  await cards(page).nth(3).locator('.head').click();
  await page.keyboard.press('a');
  await cards(page).nth(5).locator('.head').click();
  await page.keyboard.press('Shift+R');
  assert.match(await page.textContent('#dialog-title'), new RegExp(`all ${N} alike`));
  assert.equal(await page.locator('dialog .sample .texts').count(), 20);
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('dialog').isVisible());
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog').isVisible(), false);
  assert.equal(await state(page), 'applied by policy');
  await page.keyboard.press('Shift+R');
  await page.locator('dialog button[data-decide]').focus();
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('dialog').isVisible());
  await page.keyboard.press('Shift+R');
  assert.match(await state(page), /^rejected/);

  // Nothing is lost.
  await page.reload();
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  const file = await downloaded(page);
  const said = events(file);
  assert.deepEqual(said.find((e) => !e.fp && e.decision === 'reject').sampled, [20, N]);
  assert.ok(said.every((e) => e.v === 1 && e.by === 'anna' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(e.at)));
  const expected = `${numbered((n) => n !== 3)}\n\n他说，这是重要的工作！大家要坚持到底,一直努力下去。\n\n区四套班子领导要带头示范，当好支持者、参与者。\n`;
  assert.equal(cleaned(dir, file), expected);

  // Another reviewer's browser takes the file in.
  const other = await open(url);
  assert.equal(await cards(other).count(), 3);
  await other.click('#menu summary');
  await other.setInputFiles('#upload', file);
  await other.waitForFunction(() => !document.querySelector('.card'));
  assert.match(await other.textContent('#status'), /decisions loaded/);
  const bad = path.join(root, 'bad.jsonl');
  fs.writeFileSync(bad, '{"v":1}\n');
  await other.setInputFiles('#upload', bad);
  await other.waitForFunction(() => /line 1/.test(document.getElementById('status').textContent));
  await close(other);
  await close(page);
});

test('filter, groups, orders, a hundred at a time', async () => {
  const lines = Array.from({ length: 250 }, (_, n) => `第${n}条,内容`).join('\n\n');
  const { url } = html('many', { 'in/a.txt': lines, 'in/b.txt': '今天,好。\n', 'galley.toml': CONFIG });
  const page = await open(url);
  assert.equal(await cards(page).count(), 100);
  assert.match(await page.textContent('#shown'), /^1–100 of 251$/);
  await page.locator('main .pager .next').first().click();
  assert.match(await page.textContent('#shown'), /^101–200 of 251$/);
  for (let i = 0; i < 100; i++) await page.keyboard.press('j');
  assert.match(await page.textContent('#shown'), /^201–251 of 251$/, 'j goes on over the end of a hundred');
  await page.keyboard.press('/');
  await page.keyboard.type('第17');
  await page.waitForFunction(() => document.querySelectorAll('.card').length === 11);
  await page.locator('#filter').fill('');
  await page.waitForFunction(() => document.querySelectorAll('.card').length === 100);
  await page.locator('#filter').blur();
  await page.keyboard.press('g');
  assert.equal(await page.evaluate(() => document.getElementById('groups').contains(document.activeElement)), true);
  assert.equal(await page.locator('#groups details[open]').count(), 0, 'groups are collapsed');
  await page.selectOption('#order', 'by-page');
  await page.locator('#groups summary', { hasText: 'b.txt' }).click();
  await page.locator('#groups details[open] .item').first().click();
  assert.equal(await cards(page).count(), 1);
  await page.selectOption('#order', 'by-confidence');
  assert.match(await page.textContent('#shown'), /of 251$/);
  await close(page);
});

test('hostile text stands there as text', async () => {
  const odd = [];
  for (let c = 0x80; odd.length < 10000; c += 11) if (c < 0xd800 || c > 0xdfff) odd.push(String.fromCodePoint(c));
  const text = `<script>alert(1)</script>今天会议在北京举行,代表发言。</script><!--\n\n<img src=x onerror=alert(2)>今天会议在北京举行,代表发言。\n\n{{data}}{{nonce}}"'&amp;今天会议在北京举行,代表发言。\u202e\n\n${odd.map((c, i) => (i % 40 ? c : `会,议${c}`)).join('')}\n`;
  const { url } = html('hostile', { 'in/a<b>.txt': text, 'galley.toml': CONFIG });
  const page = await open(url);
  await view(page, 'Everything');
  const [shown, loaded] = [await page.textContent('#cards'), await page.textContent('#loaded')];
  assert.match(loaded, /^(\d+) of \1 /);
  for (const text of ['<script>alert(1)</script>今天', '<img src=x onerror=alert(2)>今天', '{{data}}{{nonce}}']) assert.ok(shown.includes(text), text);
  assert.ok(shown.includes('a<b>.txt'));
  assert.equal(await page.locator('#cards script, #cards img, #cards b').count(), 0);
  // Every card can be shown and decided.
  for (let i = 0; i < 30; i++) await page.keyboard.press('a');
  assert.equal(await page.evaluate(() => document.querySelectorAll('.card.accept').length >= 20), true);
  await close(page);
});

test('the server saves each decision and shows those of others', async () => {
  const dir = folder('server', { 'in/a.txt': TEXT, 'galley.toml': CONFIG, 'words.txt': '', 'allow.tsv': '' });
  const server = spawn(galley, ['review', 'in', '--serve', '--user', 'berta', '--decisions', 'decisions.jsonl', '--words', 'words.txt', '--allow', 'allow.tsv'], { cwd: dir });
  try {
    const url = await new Promise((resolve) => server.stdout.once('data', (data) => resolve(String(data).trim())));
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{48}$/);
    const file = path.join(dir, 'decisions.jsonl');
    const page = await open(url);
    assert.equal(await page.inputValue('#user'), 'berta');
    await goTo(page, '他说');
    await page.keyboard.press('a');
    await page.waitForFunction(() => document.documentElement.dataset.took);
    assert.equal(events(file).length, 1);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    assert.equal(await cards(page).count(), 2, 'decided stays decided');

    // Somebody else disagrees, and both are told.
    const other = await open(url);
    await other.fill('#user', 'carl');
    await other.locator('#user').blur();
    await view(other, 'Decided');
    await other.keyboard.press('r');
    assert.equal(await other.locator('.card.conflict').count(), 1);
    await view(page, 'Decided');
    await page.waitForSelector('.card.conflict');
    await page.locator('.card [data-decide=words]').first().click();
    await page.locator('#list-text').fill('余东');
    await page.locator('dialog button', { hasText: 'Save' }).click();
    await page.waitForFunction(() => /余东/.test(document.getElementById('status').textContent));
    assert.match(fs.readFileSync(path.join(dir, 'words.txt'), 'utf8'), /^余东/);
    assert.deepEqual(events(file).map((e) => [e.by, e.decision]), [['berta', 'accept'], ['carl', 'reject']]);
    await other.keyboard.press('k');
    await other.keyboard.press('u');
    await other.waitForFunction(() => document.querySelector('.card.accept'));
    await page.waitForSelector('.card.accept');
    await close(other);

    // When it cannot save, it says so and takes nothing more.
    await view(page, 'To decide');
    server.kill('SIGKILL');
    await page.keyboard.press('a');
    await page.waitForFunction(() => /NOT SAVED/.test(document.getElementById('trouble').textContent));
    assert.equal(await page.locator('.card.accept').count(), 0);
    // That the browser cannot reach it is what this is about.
    page.faults.length = 0;
    await close(page);
  } finally {
    server.kill('SIGKILL');
  }
});

test('copies stand side by side', async () => {
  const story = '会议在区政府召开，各方代表出席了会议并作了发言，与会者一致同意这个方案。会议指出，要加强领导，明确责任，把各项工作落到实处，确保按时完成全年目标任务。会议强调，各部门要密切配合，形成工作合力，及时解决群众反映的突出问题。会议还就下一步工作作出了安排，要求各街道和乡镇在本月底以前上报方案，并由督查室负责检查落实的情况。';
  const { dir, url } = html('copies', { 'in/a.txt': `座谈会召开\n\n${story}\n`, 'in/b.txt': `座谈会召开\n\n${story.replace('同意', '问意')}另据了解，此后散会。\n` });
  const page = await open(url);
  await view(page, 'Findings');
  const card = page.locator('.card', { has: page.locator('.sides') });
  assert.equal(await card.count(), 1);
  assert.ok((await card.locator('ins, del').count()) >= 2);
  await card.locator('.head').click();
  await page.keyboard.press('a');
  assert.equal(await card.locator('.state').textContent(), '', 'a does not decide what two texts are');
  await page.keyboard.press('l');
  assert.equal(await card.locator('.state').textContent(), 'keep the longer');
  const [event] = events(await downloaded(page));
  assert.equal(event.decision, 'keep-longer');
  const list = path.join(dir, 'pairs.jsonl');
  fs.writeFileSync(list, JSON.stringify(event) + '\n');
  const asked = (...more) => spawnSync(galley, ['duplicates', 'in', '--format', 'jsonl', ...more], { cwd: dir, encoding: 'utf8' }).stdout;
  assert.match(asked(), /"kind":"(near|truncated|contained)"/);
  assert.doesNotMatch(asked('--decisions', list), /"kind":"(near|truncated|contained)"/);
  await close(page);
});

test('a copy of the archive stands beside the article, or what is known of it', async () => {
  const story = '会议在区政府召开，各方代表出席了会议并作了发言，与会者一致同意这个方案。会议指出，要加强领导，明确责任，把各项工作落到实处，确保按时完成全年目标任务。会议强调，各部门要密切配合，形成工作合力，及时解决群众反映的突出问题。会议还就下一步工作作出了安排，要求各街道和乡镇在本月底以前上报方案，并由督查室负责检查落实的情况。';
  const old = `${JSON.stringify({ id: '1999-03/7', text: story.replace('同意', '问意') })}\n`;
  const dir = folder('archive', { 'in/a.txt': `座谈会召开\n\n${story}\n`, 'old.jsonl': old });
  run(dir, 'index', 'add', 'ar', 'old.jsonl');
  const look = async (texts, told) => {
    run(dir, 'review', 'in', '--archive', 'ar', '--html', 'review.html');
    const page = await open(pathToFileURL(path.join(dir, 'review.html')).href);
    await view(page, 'Findings');
    const sides = page.locator('.card', { hasText: 'duplicate-article' }).locator('.sides');
    assert.match(await sides.textContent(), told);
    assert.equal((await sides.locator('ins').count()) > 0, texts);
    await page.keyboard.press('s');
    const [event] = events(await downloaded(page));
    assert.equal(event.decision, 'same');
    await close(page);
    return event.fp;
  };
  const first = await look(true, /问意/);
  fs.rmSync(path.join(dir, 'old.jsonl'));
  assert.equal(await look(false, /1999-03\/7, \d+ letters\. Its text is not here: the file is gone\./), first, 'it is the same pair');
});

test('the Chinese interface names rules and evidence in Chinese', async () => {
  const dir = folder('chinese', { 'a.txt': TEXT });
  run(dir, 'review', path.resolve(here, '../../testdata/rules'), '--html', 'review.html');
  const page = await open(pathToFileURL(path.join(dir, 'review.html')).href, { locale: 'zh-CN' });
  await page.locator('#views .item').nth(-1).click();
  const left = new Set();
  for (;;) {
    const names = await page.locator('.why, .head h3').allTextContents();
    for (const name of names.flatMap((text) => text.split(/[:：]|, /))) if (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(name.trim())) left.add(name.trim());
    const next = page.locator('main .pager .next').first();
    if (!(await next.isVisible()) || (await next.isDisabled())) break;
    await next.click();
  }
  assert.deepEqual([...left], []);
  await close(page);
});

test('the scan stands beside the change', async () => {
  const page0 = await browser.newPage({ viewport: { width: 600, height: 300 } });
  await page0.setContent('<body style="margin:0;background:#fff;font:40px serif"><div style="position:absolute;left:40px;top:40px">The members of the com-</div><div style="position:absolute;left:40px;top:120px">mittee met on Monday.</div>');
  const image = await page0.screenshot();
  await page0.close();
  const line = (n, top, words) => `<TextLine ID="l${n}" HPOS="40" VPOS="${top}" WIDTH="500" HEIGHT="50">${words.map((w, i) => `<String ID="s${n}${i}" HPOS="${40 + i * 90}" VPOS="${top}" WIDTH="80" HEIGHT="50" CONTENT="${w}"/>`).join('<SP/>')}</TextLine>`;
  const alto = `<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit></Description><Layout><Page ID="p" WIDTH="600" HEIGHT="300"><PrintSpace><TextBlock ID="b">${line(1, 40, ['The', 'members', 'of', 'the', 'com-'])}${line(2, 120, ['mittee', 'met', 'on', 'Monday.'])}</TextBlock></PrintSpace></Page></Layout></alto>\n`;
  const { url } = html('scan', { 'in/page1.xml': alto, 'scans/page1.png': image }, '--images', 'scans');
  const page = await open(url);
  await view(page, 'Everything');
  const scans = page.locator('.card', { hasText: 'split-word' }).locator('img.scan');
  assert.equal(await scans.count(), 2);
  const size = await scans.first().evaluate((i) => [i.naturalWidth, i.naturalHeight, i.complete]);
  assert.ok(size[0] >= 500 && size[0] <= 600 && size[1] >= 50 && size[1] < 110 && size[2], String(size));
  await close(page);
});

test('accessible, in both languages, light, dark and vertical', async () => {
  const sample = fs.readFileSync(path.resolve(here, '../../testdata/issues/kecheng-2022-07.txt'));
  const english = 'The members of the com-\nmittee met on Thurs-\nday to discuss the harbour works.\n';
  const { url } = html('look', { 'in/kecheng-2022-07.txt': sample, 'in/harbour.txt': english, 'galley.toml': '[collection]\ntitle = "柯城 2022"\n[rules.split-word]\nlevel = "review"\n' });
  const axe = fs.readFileSync(path.resolve(here, 'node_modules/axe-core/axe.min.js'), 'utf8');
  const serious = async (page) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    return violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  };
  const page = await open(url, { bypassCSP: true, locale: 'zh-CN' });
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-Hans');
  assert.match(await page.textContent('#loaded'), /^已载入 (\d+) \/ \1 条$/);
  assert.deepEqual(await serious(page), []);
  // For ears.
  const heard = await page.locator('.card .heard').first().textContent();
  assert.match(heard, /^原文: .*改后: /s);
  assert.ok(await page.locator('.card .sign', { hasText: '⏎' }).count());
  const shots = process.env.SHOTS;
  const shoot = async (name) => { if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`) }); };
  if (shots) fs.mkdirSync(shots, { recursive: true });
  await page.click('#menu summary');
  await page.selectOption('#language', 'en');
  await page.selectOption('#theme', 'light');
  await page.click('#menu summary');
  assert.match(await page.textContent('#loaded'), /changes loaded$/);
  assert.match(await page.locator('.card .heard').first().textContent(), /^Before: .*After: /s);
  await page.keyboard.press('a');
  await page.waitForTimeout(100);
  await page.evaluate(() => { document.getElementById('status').textContent = ''; });
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await shoot('light');
  assert.deepEqual(await serious(page), []);
  await page.keyboard.press('?');
  assert.deepEqual(await serious(page), []);
  await page.keyboard.press('Escape');
  await page.click('#menu summary');
  await page.selectOption('#theme', 'dark');
  await page.click('#menu summary');
  assert.deepEqual(await serious(page), []);
  await shoot('dark');
  await page.click('#menu summary');
  await page.selectOption('#theme', 'light');
  await page.selectOption('#language', 'zh');
  await page.click('#menu summary');
  await page.locator('#title').click();
  await page.keyboard.press('v');
  const mode = await page.locator('.line').first().evaluate((n) => getComputedStyle(n).writingMode);
  assert.equal(mode, 'vertical-rl');
  assert.deepEqual(await serious(page), []);
  await shoot('vertical');
  // Only one card and its buttons can be tabbed to.
  assert.equal(await page.locator('.card[tabindex="0"]').count(), 1);
  const stops = await page.evaluate(() => [...document.querySelectorAll('#cards button')].filter((b) => b.tabIndex === 0).every((b) => b.closest('.current')));
  assert.ok(stops);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('#side').isVisible(), false);
  await close(page);
});

test('a page that was cut off says so', async () => {
  const { dir, url } = html('cut', { 'in/a.txt': TEXT, 'galley.toml': CONFIG });
  const file = path.join(dir, 'review.html');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"count":(\d+)/, (_, n) => `"count":${Number(n) + 1}`));
  const page = await open(url);
  assert.match(await page.textContent('#trouble'), /Only \d+ of \d+/);
  await close(page);
});
