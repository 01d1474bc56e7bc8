// 100,000 changes: how long the page and the server take. `node speed.mjs` prints figures; nothing is asserted.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const galley = path.resolve(process.env.GALLEY ?? fileURLToPath(new URL('../../target/release/galley', import.meta.url)));
const wanted = Number(process.env.CHANGES ?? 100000);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'galley-speed-'));
fs.mkdirSync(path.join(dir, 'in'));
// Sentences of some variety, each with a mark that OCR left half as wide.
const words = ['会议', '代表', '工作', '群众', '方案', '街道', '督查', '落实', '安排', '领导', '责任', '任务', '部门', '问题', '建设', '生产'];
let [lot, made] = [12345, 0];
const draw = () => words[(lot = (lot * 1103515245 + 12345) % 2147483648) % words.length];
for (let file = 0; made < wanted; file++) {
  const lines = [];
  for (let n = 0; n < 500 && made < wanted; n++, made++) lines.push(`第${file * 500 + n}次${draw()}${draw()}研究了${draw()}${draw()},并决定了今年的${draw()}${draw()}计划和${draw()}。`);
  fs.writeFileSync(path.join(dir, 'in', `issue-${String(file).padStart(4, '0')}.txt`), lines.join('\n\n') + '\n');
}
const report = (what, figure) => console.log(`${what.padEnd(48)} ${figure}`);
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const since = (start) => `${(performance.now() - start).toFixed(0)} ms`;
try {
  let start = performance.now();
  const done = spawnSync(galley, ['review', 'in', '--html', 'review.html'], { cwd: dir, encoding: 'utf8' });
  report('galley review --html, whole command', since(start));
  console.log(done.stdout.trim(), done.stderr.trim());
  report('size of the page', `${(fs.statSync(path.join(dir, 'review.html')).size / 1e6).toFixed(1)} MB`);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
  const measure = async (url, name) => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    start = performance.now();
    await page.goto(url);
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    // Usable is what is drawn: a program may be done long before.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    report(`${name}: open until usable`, since(start));
    report(`${name}: the same, by the page's own clock`, `${await page.evaluate(() => document.documentElement.dataset.ready)} ms`);
    report(`${name}: loaded`, await page.textContent('#loaded'));
    await page.fill('#user', 'anna');
    await page.locator('#user').blur();
    await page.locator('#views .item').nth(-1).click();
    // Keys as the page hears them, until the next frame is drawn.
    const times = await page.evaluate(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const press = async (key) => {
        await frame();
        const from = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        const work = performance.now() - from;
        await frame();
        return [work, performance.now() - from];
      };
      const of = async (key, n) => {
        const all = [];
        for (let i = 0; i < n; i++) all.push(await press(key));
        const at = (column, share) => all.map((t) => t[column]).sort((a, b) => a - b)[Math.min(n - 1, Math.floor(n * share))].toFixed(1);
        return `work ${at(0, 0.5)} ms, 95 % under ${at(0, 0.95)}; with the frame ${at(1, 0.5)}, 95 % under ${at(1, 0.95)}, longest ${at(1, 1)}`;
      };
      return { move: await of('j', 150), decide: await of('a', 150) };
    });
    report(`${name}: to the next card`, times.move);
    report(`${name}: a decision`, times.decide);
    start = performance.now();
    await page.selectOption('#order', 'by-confidence');
    report(`${name}: another order`, since(start));
    await page.close();
  };
  await measure(pathToFileURL(path.join(dir, 'review.html')).href, 'file');
  start = performance.now();
  const server = spawn(galley, ['review', 'in', '--serve', '--user', 'anna', '--quiet'], { cwd: dir });
  try {
    const url = await new Promise((resolve) => server.stdout.once('data', (d) => resolve(String(d).trim())));
    report('server: start until it listens', since(start));
    await (await fetch(url)).arrayBuffer();
    report('server: start until the page is there', since(start));
    const event = (n) => JSON.stringify([{ v: 1, decision: 'accept', fp: `f${n}`, near: 'n', pat: 'p', by: 'anna', at: '', before: ',', after: '，' }]);
    const headers = { 'x-galley-token': new URL(url).searchParams.get('token') };
    while ((await (await fetch(new URL('/data', url), { headers })).text()) === 'null') await new Promise((done) => setTimeout(done, 50));
    report('server: start until its cards are there', since(start));
    const took = [];
    for (let n = 0; n < 300; n++) {
      const from = performance.now();
      await (await fetch(new URL('/decide', url), { method: 'POST', headers, body: event(n) })).text();
      took.push(performance.now() - from);
    }
    took.sort((a, b) => a - b);
    report('server: a decision, answered', `median ${took[150].toFixed(1)} ms, 95 % under ${took[285].toFixed(1)}, longest ${took[299].toFixed(1)}`);
    await measure(url, 'server');
  } finally {
    server.kill('SIGKILL');
  }
  await browser.close();
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
