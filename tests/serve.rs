//! `galley review --serve`: what it refuses, and what is on the disk when it is killed.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use galleyproof::review::decisions::{Event, Verdict, parse};

struct Server {
    child: Child,
    host: String,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(dir: &Path) -> Server {
    std::fs::write(dir.join("a.txt"), "他说,这是重要的工作.\n\n第1号\u{200b}文件说明了情况。\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_galley"))
        .args(["review", "a.txt", "--serve", "--user", "anna", "--decisions", "d.jsonl", "--quiet"])
        .current_dir(dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (host, token) = line.trim().strip_prefix("http://").unwrap().split_once("/?token=").unwrap();
    Server { host: host.into(), token: token.into(), child }
}

/// Status and body of one request.
fn ask(server: &Server, first: &str, headers: &[(&str, &str)], body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(&server.host).ok()?;
    let mut request = format!("{first} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| request.push_str(&format!("{name}: {value}\r\n")));
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    // A long body comes in chunks, whose ends may stand inside a character.
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}

fn event(n: usize) -> String {
    format!(
        r#"[{{"v":1,"decision":"accept","fp":"f{n}","near":"n","pat":"p","by":"anna","at":"2026-01-01T00:00:00Z","before":"甲{n}","after":"乙"}}]"#
    )
}

#[test]
fn strangers_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path());
    let (host, token) = (server.host.clone(), server.token.clone());
    let own = [("Host", host.as_str()), ("X-Galley-Token", token.as_str())];
    let page = format!("GET /?token={token}");
    let (status, body) = ask(&server, &page, &own[..1], "").unwrap();
    assert!(status == 200 && body.contains("changes loaded"), "{status}");
    assert!(body.contains("connect-src 'self'"));
    assert!(!body.contains("columns\":"), "the page does not wait for its cards");
    let cards = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        ask(&server, "GET /data", &own, "").filter(|(_, data)| data.contains("\"count\":"))
    });
    assert_eq!(cards.unwrap().0, 200);
    let port = host.rsplit(':').next().unwrap();
    assert_eq!(ask(&server, &page, &[("Host", &format!("localhost:{port}"))], "").unwrap().0, 200);

    let refused = |first: &str, headers: &[(&str, &str)], body: &str| {
        assert_eq!(ask(&server, first, headers, body).unwrap().0, 403, "{first} {headers:?}")
    };
    refused("GET /", &own[..1], "");
    refused("GET /?token=", &own[..1], "");
    refused(&format!("GET /?token={}0", &token[1..]), &own[..1], "");
    refused(&page, &[("Host", "evil.example")], "");
    refused(&page, &[("Host", &format!("evil.example:{port}"))], "");
    refused(&page, &[("Host", "127.0.0.1:1")], "");
    refused(&page, &[], "");
    refused(&page, &[own[0], ("Host", "evil.example")], "");
    refused("GET /data", &own[..1], "");
    refused(&format!("GET /data?token={token}"), &own[..1], "");
    refused("POST /decide", &own[..1], &event(1));
    refused(&format!("POST /decide?token={token}"), &own[..1], &event(1));
    refused("POST /decide", &[own[0], ("X-Galley-Token", "x")], &event(1));
    refused("POST /decide", &[own[0], own[1], ("Origin", "http://evil.example")], &event(1));
    refused("POST /decide", &[own[0], own[1], ("Origin", "null")], &event(1));
    refused("POST /decide", &[own[0], own[1], ("Sec-Fetch-Site", "cross-site")], &event(1));
    refused("GET /events", &[own[0], own[1], ("Sec-Fetch-Site", "same-site")], "");
    refused(&page, &[own[0], ("Sec-Fetch-Site", "cross-site")], "");
    // A form of another site cannot send the header; a browser asks first, and is not answered.
    refused("OPTIONS /decide", &[own[0], ("Origin", "http://evil.example"), ("Access-Control-Request-Headers", "x-galley-token")], "");
    assert_eq!(std::fs::read(dir.path().join("d.jsonl")).unwrap(), b"");

    let bad = |body: &str| ask(&server, "POST /decide", &own, body).unwrap().0;
    assert_eq!(bad("nonsense"), 400);
    assert_eq!(bad(r#"[{"v":1,"decision":"edit","pat":"p","by":"anna","at":""}]"#), 400, "an edit has a text");
    assert_eq!(
        bad(&format!("[{},{}]", &event(1)[1..event(1).len() - 1], r#"{"v":9,"decision":"accept","pat":"p","by":"a","at":""}"#)),
        400
    );
    assert_eq!(std::fs::read(dir.path().join("d.jsonl")).unwrap(), b"", "all of a request, or nothing");
    assert_eq!(ask(&server, "GET /../Cargo.toml", &own, "").unwrap().0, 404);
    assert_eq!(ask(&server, "POST /list", &own, r#"{"kind":"words","text":"余东","by":"anna"}"#).unwrap().0, 400, "no list is named");

    let good = [own[0], own[1], ("Origin", &format!("http://{host}")), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(ask(&server, "POST /decide", &good, &event(1)).unwrap().0, 200);
    let (_, since) = ask(&server, "GET /events?from=0", &good, "").unwrap();
    assert!(since.contains(r#""fp":"f1""#) && since.contains(r#""seen":1"#), "{since}");
    let saved = parse(Path::new("d"), &std::fs::read(dir.path().join("d.jsonl")).unwrap()).unwrap();
    assert!(saved.len() == 1 && *saved[0].at > *"2026-02", "the server tells the time");
}

/// A thousand decisions, the server killed in the middle of them again and again: what was answered is there.
#[test]
fn what_is_acknowledged_outlives_sigkill() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("d.jsonl");
    let (mut next, mut acknowledged) = (0, Vec::new());
    let mut lots = 0x2545_f491_4f6c_dd1d_u64;
    while acknowledged.len() < 1000 {
        let mut server = serve(dir.path());
        let pid = server.child.id();
        lots = lots.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pause = std::time::Duration::from_micros(2_000 + (lots >> 33) % 400_000);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(pause);
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
        });
        while acknowledged.len() < 1000 {
            let headers = [("Host", server.host.as_str()), ("X-Galley-Token", server.token.as_str())];
            let answer = ask(&server, "POST /decide", &headers, &event(next));
            next += 1;
            match answer {
                Some((200, _)) => acknowledged.push(format!("f{}", next - 1)),
                _ => break,
            }
        }
        killer.join().unwrap();
        let _ = server.child.wait();
        let bytes = std::fs::read(&file).unwrap();
        let saved: Vec<Event> = parse(&file, &bytes).unwrap();
        let held: std::collections::BTreeSet<&str> = saved.iter().filter_map(|e| e.fp.as_deref()).collect();
        assert!(acknowledged.iter().all(|fp| held.contains(fp.as_str())));
        assert!(saved.iter().all(|e| e.decision == Verdict::Accept && e.by == "anna" && e.before.starts_with('甲')));
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        assert!(bytes[..whole].split(|b| *b == b'\n').filter(|l| !l.is_empty()).all(|l| serde_json::from_slice::<Event>(l).is_ok()));
    }
}
