// Where decisions go: into this browser, or to the server that has the file. One face: `take(events)` resolves once they are safe.

// Text that stands deflated in base64.
async function unpack(packed) {
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream('deflate'))).text();
}

// Kept under the page's own key, in pieces, so that a decision writes little.
class BrowserStore {
  constructor(key) {
    this.key = `galley/${key}`;
    this.piece = [];
    this.number = 0;
    this.works = true;
  }

  load() {
    const events = [];
    try {
      for (this.number = 0; ; this.number++) {
        const kept = localStorage.getItem(`${this.key}/${this.number}`);
        if (kept === null) break;
        this.piece = JSON.parse(kept);
        events.push(...this.piece);
      }
      if (this.number > 0) this.number--;
    } catch {
      this.works = false;
    }
    return events;
  }

  async take(events) {
    for (const event of events) {
      if (this.piece.length >= 100) {
        this.piece = [];
        this.number++;
      }
      this.piece.push(event);
    }
    try {
      localStorage.setItem(`${this.key}/${this.number}`, JSON.stringify(this.piece));
    } catch {
      this.works = false;
    }
  }

  async list(kind, text, reason) {
    const row = kind === 'words' ? text : `${text}\t${reason}`;
    try {
      const held = JSON.parse(localStorage.getItem(`${this.key}/${kind}`) ?? '[]');
      if (!held.includes(row)) held.push(row);
      localStorage.setItem(`${this.key}/${kind}`, JSON.stringify(held));
    } catch {
      this.works = false;
      throw new Error(t('not-kept'));
    }
  }

  listed(kind) {
    try {
      return JSON.parse(localStorage.getItem(`${this.key}/${kind}`) ?? '[]');
    } catch {
      return [];
    }
  }
}

class ServerStore {
  constructor(token) {
    this.token = token;
    // Events of the server that are here.
    this.seen = 0;
    this.works = true;
    this.server = true;
    this.queue = Promise.resolve();
  }

  load() {
    return [];
  }

  async ask(path, body) {
    const response = await fetch(path, { method: body ? 'POST' : 'GET', headers: { 'x-galley-token': this.token }, body: body && JSON.stringify(body), cache: 'no-store' });
    if (!response.ok) throw new Error((await response.text()).slice(0, 200));
    return response.json();
  }

  // The cards; they may still be in the making.
  async data() {
    for (;;) {
      const data = await this.ask('/data');
      if (data) return data;
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  // One after the other, so that the file has them in the order they were made.
  take(events) {
    const sent = this.queue.then(() => this.ask('/decide', events));
    this.queue = sent.catch(() => {});
    return sent;
  }

  // What others decided since.
  async others() {
    const { events, seen } = await this.ask(`/events?from=${this.seen}`);
    this.seen = seen;
    return events;
  }

  list(kind, text, reason, by) {
    return this.ask('/list', { kind, text, reason, by });
  }

  listed() {
    return [];
  }
}
