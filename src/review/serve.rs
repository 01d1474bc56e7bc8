//! The review on this machine's own address: the same page, and each decision is on the disk before it is answered.
//!
//! Only who has the token is answered. It stands in the address that is printed and goes into a header of each request of the page, which no
//! other site can send without being asked for (there is no CORS here); another `Host`, as DNS rebinding brings it, is refused as well.
//! `tiny_http` and threads suffice: one reader, one file, a handful of people; an async runtime would be most of the build.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use super::cards::Review;
use super::decisions::{Event, Journal, now};
use super::page::{self, About, Pictures};
use super::scans::{Scans, Snippet};
use super::{lists, store};
use crate::error::{Error, Result};

/// Bytes of a request that are read.
const LARGEST: u64 = 32 << 20;
/// Requests that are answered at a time.
const THREADS: usize = 4;

/// What a server needs to know before it listens.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// 0: any free one.
    pub port: u16,
    pub title: String,
    /// The name of who decides, until the page is told another.
    pub user: String,
    /// The project's word list, which the page may add to.
    pub words: Option<PathBuf>,
    /// The allow list, which the page may add to.
    pub allow: Option<PathBuf>,
}

/// What is known once the issues are read.
#[derive(Debug)]
struct Ready {
    data: String,
    /// Of each card.
    snippets: Vec<Vec<Snippet>>,
    scans: Mutex<Scans>,
}

/// A server that listens. The page has its cards once [`Serving::show`] was told of them.
pub struct Serving {
    server: Arc<Server>,
    state: Arc<State>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    hosts: [String; 2],
    token: String,
    options: Options,
    ready: OnceLock<Ready>,
    saved: Mutex<Saved>,
}

/// What is on the disk.
#[derive(Debug)]
struct Saved {
    /// A file, or a folder with one for each person ([`store`]).
    decisions: PathBuf,
    /// The files that are open.
    journals: BTreeMap<PathBuf, Journal>,
    /// Every event, those of the files first, then in the order they came.
    events: Vec<Event>,
}

impl Saved {
    /// Appends events of one person, and waits for the disk.
    fn append(&mut self, by: &str, events: &[Event]) -> Result<()> {
        let file = store::file_of(&self.decisions, by)?;
        if !self.journals.contains_key(&file) {
            self.journals.insert(file.clone(), store::journal(&self.decisions, by)?);
        }
        let done = self.journals.get_mut(&file).map_or(Ok(()), |journal| journal.append(events));
        if done.is_err() {
            // Opening it anew takes away what a full disk left of a line.
            self.journals.remove(&file);
        }
        done
    }
}

impl Serving {
    /// Listens on 127.0.0.1. `decisions` is a file or a folder, of which `events` are known.
    ///
    /// # Errors
    /// [`Error::Serve`]; those of [`store::journal`] where `options.user` cannot write.
    pub fn begin(options: Options, decisions: &Path, events: Vec<Event>) -> Result<Serving> {
        let file = store::file_of(decisions, &options.user)?;
        let journals = BTreeMap::from([(file, store::journal(decisions, &options.user)?)]);
        let saved = Saved { decisions: decisions.to_owned(), journals, events };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let failed = |message: String| Error::Serve { address: address.to_string(), message };
        let server = Server::http(address).map_err(|e| failed(e.to_string()))?;
        let port = server.server_addr().to_ip().map_or(options.port, |a| a.port());
        let mut random = [0u8; 24];
        getrandom::fill(&mut random).map_err(|e| failed(e.to_string()))?;
        let token = random.iter().map(|b| format!("{b:02x}")).collect();
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let state = Arc::new(State { hosts, token, options, ready: OnceLock::new(), saved: Mutex::new(saved) });
        let server = Arc::new(server);
        let threads = (0..THREADS)
            .map(|_| {
                let (server, state) = (server.clone(), state.clone());
                std::thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        // Whoever went away needs no answer.
                        let _ = state.answer(request);
                    }
                })
            })
            .collect();
        Ok(Serving { server, state, threads })
    }

    /// The address of the page, token included.
    pub fn url(&self) -> String {
        format!("http://{}/?token={}", self.state.hosts[0], self.state.token)
    }

    /// Begins to show a review, with the pictures of its lines if there are some.
    pub fn show(&self, review: Review, assigned: BTreeMap<String, String>, scans: Scans) {
        let about = About { assigned, ..self.state.about() };
        let data = page::data(&review, &about, Pictures::Asked(&scans));
        let snippets = review.cards.into_iter().map(|c| c.scans).collect();
        let _ = self.state.ready.set(Ready { data, snippets, scans: Mutex::new(scans) });
    }

    /// Goes on until `stop` says so.
    pub fn until(self, stop: impl Fn() -> bool) {
        while !stop() {
            std::thread::sleep(Duration::from_millis(100));
        }
        self.threads.iter().for_each(|_| self.server.unblock());
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// A row for one of the project's lists.
#[derive(Deserialize)]
struct ListRow {
    kind: String,
    text: String,
    #[serde(default)]
    reason: String,
    by: String,
}

#[derive(Serialize)]
struct Since<'a> {
    events: &'a [Event],
    seen: usize,
}

type Answer = std::result::Result<(&'static str, Vec<u8>), (u16, String)>;

impl State {
    fn answer(&self, mut request: Request) -> std::io::Result<()> {
        let answer = self.refusal(&request).map_or_else(|| self.respond(&mut request), Err);
        let (status, kind, body) = match answer {
            Ok((kind, body)) => (200, kind, body),
            Err((status, message)) => (status, "text/plain; charset=utf-8", message.into_bytes()),
        };
        let mut response = Response::from_data(body).with_status_code(StatusCode(status));
        for (name, value) in [
            ("content-type", kind),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        request.respond(response)
    }

    /// Why a request is not answered, if it is not.
    fn refusal(&self, request: &Request) -> Option<(u16, String)> {
        let header = |name: &'static str| request.headers().iter().find(|h| h.field.equiv(name)).map(|h| h.value.as_str());
        let refused = |message: &str| Some((403, message.to_owned()));
        let hosts = request.headers().iter().filter(|h| h.field.equiv("host")).count();
        if hosts != 1 || !header("Host").is_some_and(|host| self.hosts.iter().any(|h| h == host)) {
            return refused("refused: another host is meant");
        }
        if header("Origin").is_some_and(|origin| !self.hosts.iter().any(|h| origin == format!("http://{h}"))) {
            return refused("refused: the request comes from another site");
        }
        if header("Sec-Fetch-Site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
            return refused("refused: the request comes from another site");
        }
        // What a browser asks for by itself has the token in its address.
        let by_address = matches!(request.url().split('?').next(), Some("/" | "/scan"));
        let token = if by_address { parameter(request.url(), "token") } else { header("X-Galley-Token") };
        if !token.is_some_and(|t| same(t.as_bytes(), self.token.as_bytes())) {
            return refused("refused: wrong token. Use the whole address that `galley review --serve` printed");
        }
        None
    }

    fn respond(&self, request: &mut Request) -> Answer {
        let url = request.url().to_owned();
        match (request.method(), url.split('?').next().unwrap_or("")) {
            (Method::Get, "/") => Ok(("text/html; charset=utf-8", self.page())),
            // Whoever asks before the batch is read asks again: no thread waits.
            (Method::Get, "/data") => {
                Ok(("application/json", self.ready.get().map_or_else(|| b"null".to_vec(), |r| r.data.clone().into_bytes())))
            }
            (Method::Get, "/scan") => self.scan(&url).map(|jpeg| ("image/jpeg", jpeg)).ok_or_else(|| (404, "not here".into())),
            (Method::Get, "/events") => {
                let saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
                let from = parameter(&url, "from").and_then(|n| n.parse().ok()).unwrap_or(0).min(saved.events.len());
                json(&Since { events: &saved.events[from..], seen: saved.events.len() })
            }
            (Method::Post, "/decide") => {
                let mut events: Vec<Event> = body(request)?;
                for event in &mut events {
                    // The clock of the machine that has the file orders what people on several machines say.
                    event.at = now();
                    if let Some(fault) = event.fault() {
                        return Err((400, fault.to_owned()));
                    }
                }
                let saved = &mut *self.saved.lock().unwrap_or_else(PoisonError::into_inner);
                let count = events.len();
                for of_one in events.chunk_by(|a, b| a.by == b.by) {
                    saved.append(&of_one[0].by, of_one).map_err(|e| (500, e.chain()))?;
                    saved.events.extend_from_slice(of_one);
                }
                json(&serde_json::json!({ "saved": count }))
            }
            (Method::Post, "/list") => self.list(&body(request)?),
            _ => Err((404, "not here".into())),
        }
    }

    fn page(&self) -> Vec<u8> {
        // The page is made outside of the lock: nobody's decision waits for it.
        let events = self.saved.lock().unwrap_or_else(PoisonError::into_inner).events.clone();
        let about = self.about();
        page::html(self.ready.get().map(|r| r.snippets.len()), &about, &page::shell(&about), &events)
    }

    /// The picture of a line: `of` is the card and which of its lines.
    fn scan(&self, url: &str) -> Option<Vec<u8>> {
        let ready = self.ready.get()?;
        let (card, line) = parameter(url, "of")?.split_once('.')?;
        let snippet = ready.snippets.get(card.parse::<usize>().ok()?)?.get(line.parse::<usize>().ok()?)?;
        ready.scans.lock().unwrap_or_else(PoisonError::into_inner).cut(snippet)
    }

    fn about(&self) -> About<'_> {
        About { title: &self.options.title, user: &self.options.user, token: Some(&self.token), ..About::default() }
    }

    /// Adds a row to the word list or the allow list.
    fn list(&self, wanted: &ListRow) -> Answer {
        let missing = |flag: &str| (400, format!("there is no such list: give {flag} FILE, or name one in galley.toml"));
        let ListRow { text, reason, by, .. } = wanted;
        let _one_at_a_time = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        let added = match wanted.kind.as_str() {
            "words" => lists::add_word(self.options.words.as_deref().ok_or_else(|| missing("--words"))?, text, by),
            "allow" => lists::allow(self.options.allow.as_deref().ok_or_else(|| missing("--allow"))?, text, reason, by),
            _ => return Err((400, "no such list".into())),
        };
        json(&serde_json::json!({ "added": added.map_err(|e| (400, e.chain()))? }))
    }
}

fn body<T: serde::de::DeserializeOwned>(request: &mut Request) -> std::result::Result<T, (u16, String)> {
    let mut bytes = Vec::new();
    request.as_reader().take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| (400, e.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err((413, "too much at once".into()));
    }
    serde_json::from_slice(&bytes).map_err(|e| (400, format!("not understood: {e}")))
}

fn json(value: &impl Serialize) -> Answer {
    serde_json::to_vec(value).map(|body| ("application/json", body)).map_err(|e| (500, e.to_string()))
}

fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    url.split_once('?')?.1.split('&').find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name).map(|(_, value)| value))
}

/// Compares in a time that tells nothing about where the two differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}
