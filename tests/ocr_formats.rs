//! OCR formats: what is read from them, where it stands, and what is written back.

use std::path::{Path, PathBuf};

use std::process::Command;

use galleyproof::dictionary::Dictionaries;
use galleyproof::model::Issue;
use galleyproof::pipeline::{Processed, Settings, process};
use galleyproof::read::{InputFormat, ReadOptions, read_bytes_as};
use galleyproof::rules::RULES;
use galleyproof::write::splice::{WriteMode, joints, splice};

fn read(path: &Path, bytes: &[u8]) -> Issue {
    let (text, map, ocr) = read_bytes_as(path, bytes.to_vec(), &ReadOptions::default()).unwrap_or_else(|e| panic!("{}", e.chain()));
    let source = galleyproof::model::Source { path: path.to_owned(), span: 0..text.len(), bytes: map };
    Issue { id: path.display().to_string(), sources: vec![source], text, ocr: ocr.into(), ..Issue::default() }
}

/// Files of the samples: those in the repo, and those of GALLEY_FORMATS.
fn samples() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let own = PathBuf::from("testdata/formats");
    let more = std::env::var_os("GALLEY_FORMATS").map(PathBuf::from);
    if more.is_none() {
        eprintln!("skipped: the samples that may not enter the repository (GALLEY_FORMATS names no folder)");
    }
    for root in [Some(own), more].into_iter().flatten() {
        for entry in ignore::WalkBuilder::new(&root).standard_filters(false).sort_by_file_name(|a, b| a.cmp(b)).build().flatten() {
            let path = entry.path();
            let folder = path.parent().and_then(Path::file_name).and_then(|n| n.to_str()).unwrap_or("");
            let wanted = matches!(folder, "alto" | "page" | "hocr" | "impresso" | "tesseract" | "jsonl");
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
            if wanted && matches!(ending, "xml" | "hocr" | "html" | "tsv" | "json" | "jsonl") {
                files.push(path.to_owned());
            }
        }
    }
    files
}

#[test]
fn every_sample_reads_and_each_word_stands_where_the_map_says() {
    for path in samples() {
        let bytes = std::fs::read(&path).unwrap();
        let issue = read(&path, &bytes);
        if std::env::var_os("GALLEY_SHOW").is_some() {
            println!("== {}\n{}", path.display(), issue.text);
        }
        let has_text = !issue.ocr.lines.is_empty() || !String::from_utf8_lossy(&bytes).contains("<Unicode>");
        assert!(has_text || !issue.text.trim().is_empty(), "{}", path.display());
        let source = &issue.sources[0];
        assert_eq!(source.bytes.original(&issue.text), bytes, "{}", path.display());
        for word in &issue.ocr.words {
            let text = &issue.text[word.span.clone()];
            let own = &issue.text[word.span.start
                ..word.span.end - if word.hyphen.is_some() { text.chars().next_back().map_or(0, char::len_utf8) } else { 0 }];
            let file = source.bytes.span_to_file(word.span.start..word.span.start + own.len());
            let file = String::from_utf8_lossy(&bytes[file]);
            let plain = galleyproof::read::xml::plain(&file).into_owned();
            assert!(plain == own || plain.starts_with(own), "{}: {own:?} stands where {plain:?} is", path.display());
        }
    }
}

fn clean(path: &Path, bytes: &[u8], settings: &Settings) -> Processed {
    static DICTIONARIES: std::sync::OnceLock<Dictionaries> = std::sync::OnceLock::new();
    process(read(path, bytes), DICTIONARIES.get_or_init(Dictionaries::builtin), settings)
}

fn written(path: &Path, bytes: &[u8], mode: WriteMode) -> Vec<u8> {
    splice(&clean(path, bytes, &Settings::default()), 0, mode).unwrap_or_else(|e| panic!("{}", e.chain())).bytes
}

/// The same with all that is proposed.
fn all_written(path: &Path, bytes: &[u8], mode: WriteMode) -> Vec<u8> {
    let settings = Settings { apply: galleyproof::edit::Applicability::Review, ..Settings::default() };
    splice(&clean(path, bytes, &settings), 0, mode).unwrap_or_else(|e| panic!("{}", e.chain())).bytes
}

#[test]
fn without_edits_a_file_keeps_its_bytes_and_a_second_run_changes_nothing() {
    let nothing = Settings { ignore: RULES.iter().map(|r| r.meta().name.to_owned()).collect(), ..Settings::default() };
    for path in samples() {
        let bytes = std::fs::read(&path).unwrap();
        let same = splice(&clean(&path, &bytes, &nothing), 0, WriteMode::Correct).unwrap();
        assert_eq!(same.bytes, bytes, "{}", path.display());
        for mode in [WriteMode::Annotate, WriteMode::Correct] {
            let once = written(&path, &bytes, mode);
            let twice = written(&path, &once, mode);
            assert!(once == twice, "{} {mode:?}: {}", path.display(), first_difference(&once, &twice));
        }
    }
}

fn first_difference(a: &[u8], b: &[u8]) -> String {
    let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let around =
        |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(120).min(bytes.len())..(at + 120).min(bytes.len())]).into_owned();
    format!("at {at}:\n{}\n---\n{}", around(a), around(b))
}

/// A document without what `annotate` may add or change.
fn unannotated(document: &str) -> String {
    let mut text = document.to_owned();
    for pattern in [
        r#" SUBS_(TYPE|CONTENT)="[^"]*""#,
        r#" *splitWord \{[^}]*\}"#,
        r#" custom="""#,
        r"(?s)\s*<(\w+:)?(postProcessingStep|Processing ID=.galleyproof_\d+.|UserDefined)>.{0,400}?galleyproof.*?</(\w+:)?(postProcessingStep|Processing|UserDefined)>",
        r"\s*galleyproof [0-9.]+: [a-z, ]*",
        r"\s*<meta name='ocr-postprocessing'[^>]*>",
        r#"(, "hy": true)?, "nf": "[^"]*""#,
        r"[-\u{ad}\u{2e17}]",
    ] {
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, "").into_owned();
    }
    text
}

#[test]
fn annotating_touches_nothing_but_its_own_attributes() {
    let mut changed = 0;
    for path in samples() {
        let bytes = std::fs::read(&path).unwrap();
        let new = written(&path, &bytes, WriteMode::Annotate);
        let (before, after) = (String::from_utf8_lossy(&bytes).into_owned(), String::from_utf8_lossy(&new).into_owned());
        if before.contains("pagecontent/201") && after.contains("index=\"0\"") && !before.contains("index=\"0\">") {
            // Corrected characters stand in a TextEquiv of their own: see the test of PAGE below.
            continue;
        }
        changed += usize::from(before != after);
        let (a, b) = (unannotated(&before), unannotated(&after));
        assert!(a == b, "{}: {}", path.display(), first_difference(a.as_bytes(), b.as_bytes()));
    }
    assert!(changed >= 4, "{changed} samples have split words");
}

#[test]
fn split_words_of_the_samples_are_found_or_judged() {
    let judged = std::fs::read_to_string("testdata/formats/subs-content.tsv").unwrap();
    let judged: Vec<Vec<&str>> = judged.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let (mut agree, mut missing) = (0, Vec::new());
    for path in samples().into_iter().filter(|p| p.to_string_lossy().contains("/alto/")) {
        let bytes = std::fs::read(&path).unwrap();
        let done = clean(&path, &bytes, &Settings::default());
        let (joints, ocr, text) = (joints(&done), &done.read.ocr, &done.read.text);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (i, word) in ocr.words.iter().enumerate() {
            let ends_line = ocr.words.get(i + 1).is_some_and(|next| next.line != word.line);
            let printed = &text[word.span.clone()];
            let signed = printed.ends_with(['-', '\u{ad}', '⸗']);
            let second_part = !signed && joints.iter().any(|j| j.after == word.span.start);
            if !ends_line || second_part || !(signed || word.whole.is_some()) {
                continue;
            }
            let ours = joints.iter().find(|j| word.span.start <= j.before && j.before <= word.span.end).map(|j| {
                let right = &ocr.words[ocr.words.partition_point(|w| w.span.end <= j.after)];
                bare(&format!("{}{}", &text[word.span.start..j.before], &text[j.after..right.span.end]))
            });
            let theirs = word.whole.as_deref().map(bare);
            if theirs.is_some() && theirs == ours || theirs.is_none() && ours.is_some() {
                agree += 1;
                continue;
            }
            let row = [name.clone(), printed.to_owned(), theirs.unwrap_or_default(), ours.unwrap_or_default()];
            if !judged.iter().any(|j| j.len() > 4 && j[..4] == row.each_ref().map(String::as_str)) {
                missing.push(row.join("\t"));
            }
        }
    }
    eprintln!("{agree} split words as the files have them, or found where they have none");
    assert!(missing.is_empty(), "no judgement in testdata/formats/subs-content.tsv of\n{}", missing.join("\n"));
    assert!(agree > 10);
}

#[test]
fn xmllint_finds_no_error_that_the_input_did_not_have() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: no xmllint on this machine");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut checked = 0;
    let line = regex::Regex::new(r"^.*f\.xml:\d+: ").unwrap();
    for path in samples().into_iter().filter(|p| p.extension().is_some_and(|e| e == "xml")) {
        let bytes = std::fs::read(&path).unwrap();
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(3000)]).into_owned();
        let schema = match () {
            () if head.contains("ns-v2#") => "alto-2-0",
            () if head.contains("ns-v3#") => "alto-3-1",
            () if head.contains("ns-v4#") => "alto-4-4",
            () if head.contains("ccs-gmbh.com/ALTO") => "alto-1-4-ccsns",
            () if head.contains("<alto") => "alto-1-4",
            () if head.contains("2013-07-15") => "page-2013-07-15",
            () if head.contains("2017-07-15") => "page-2017-07-15",
            () if head.contains("2019-07-15") => "page-2019-07-15",
            () => continue,
        };
        let folder = path.ancestors().nth(2).unwrap().join("schemas");
        let schema = folder.join(format!("{schema}.xsd"));
        if !schema.exists() {
            eprintln!("skipped: {} has no schema here", path.display());
            continue;
        }
        let errors = |bytes: &[u8]| {
            let file = dir.path().join("f.xml");
            std::fs::write(&file, bytes).unwrap();
            let out = Command::new("xmllint")
                .env("XML_CATALOG_FILES", folder.join("catalog.xml").canonicalize().unwrap())
                .args(["--nonet", "--noout", "--schema"])
                .args([schema.as_os_str(), file.as_os_str()])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            assert!(!said.contains("failed to compile") && !said.contains("I/O error"), "{said}");
            said.lines().map(|l| line.replace(l, "").into_owned()).filter(|l| l.contains("error")).collect::<Vec<_>>()
        };
        let before = errors(&bytes);
        for mode in [WriteMode::Annotate, WriteMode::Correct] {
            let after = errors(&written(&path, &bytes, mode));
            let new: Vec<_> = after.iter().filter(|e| !before.contains(e)).collect();
            assert!(new.is_empty() && after.len() <= before.len(), "{} {mode:?}: {new:#?}", path.display());
        }
        checked += 1;
    }
    eprintln!("{checked} files checked against their schemas");
}

const ALTO: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- kept --><alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Description><MeasurementUnit>pixel</MeasurementUnit></Description>
<Layout><Page ID="P1" WIDTH="1000" HEIGHT="1000"><PrintSpace><TextBlock ID="B1">
<TextLine><String HPOS="1" VPOS='1' WIDTH="9" HEIGHT="9" CONTENT="R&amp;D"/><SP/><String CONTENT="breaks"/><SP/><String CONTENT="the"/><SP/><String CONTENT="com-"/><HYP CONTENT="-"/></TextLine>
<TextLine><String CONTENT="mittee"/><SP/><String CONTENT="and"/><SP/><String CONTENT="its"/><SP/><String CONTENT="mem-"/></TextLine>
</TextBlock><TextBlock ID="B2"><TextLine><String CONTENT="bers"/><SP/><String CONTENT="voted"/><SP/><String CONTENT="on"/><SP/><String CONTENT="the"/><SP/><String CONTENT="ﬁrst"/><SP/><String CONTENT="day."/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>
"#;

#[test]
fn a_hyphen_in_content_and_hyp_is_one_and_joins_go_over_blocks() {
    let path = Path::new("a.xml");
    let alto = ALTO.replace('ﬁ', "f\u{200b}i");
    let issue = read(path, alto.as_bytes());
    assert_eq!(issue.text, "R&D breaks the com-\nmittee and its mem-\n\nbers voted on the f\u{200b}irst day.\n");
    let new = String::from_utf8(all_written(path, alto.as_bytes(), WriteMode::Annotate)).unwrap();
    for expected in [
        r#"<String CONTENT="com-" SUBS_TYPE="HypPart1" SUBS_CONTENT="committee"/>"#,
        r#"<String CONTENT="mittee" SUBS_TYPE="HypPart2" SUBS_CONTENT="committee"/>"#,
        r#"<String CONTENT="mem-" SUBS_TYPE="HypPart1" SUBS_CONTENT="members"/>"#,
        r#"<String CONTENT="bers" SUBS_TYPE="HypPart2" SUBS_CONTENT="members"/>"#,
        r#"<softwareName>galleyproof</softwareName>"#,
        "CONTENT=\"f\u{200b}irst\"",
    ] {
        assert!(new.contains(expected), "{expected} not in\n{new}");
    }
    let corrected = String::from_utf8(all_written(path, alto.as_bytes(), WriteMode::Correct)).unwrap();
    assert!(corrected.contains(r#"CONTENT="first""#), "{corrected}");
}

#[test]
fn any_encoding_and_line_end_is_kept() {
    let path = Path::new("a.xml");
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(ALTO.replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let crlf = ALTO.replace('\n', "\r\n").into_bytes();
    let bom = [b"\xEF\xBB\xBF", ALTO.as_bytes()].concat();
    let latin1: Vec<u8> = ALTO.replace("UTF-8", "ISO-8859-1").replace("ﬁrst", "f\u{e9}te").chars().map(|c| c as u8).collect();
    for bytes in [utf16, crlf, bom, latin1] {
        let issue = read(path, &bytes);
        assert!(issue.text.starts_with("R&D breaks the com-\nmittee"), "{}", issue.text);
        assert_eq!(issue.sources[0].bytes.original(""), bytes);
        let new = all_written(path, &bytes, WriteMode::Annotate);
        assert_ne!(new, bytes);
        let again = read(path, &new);
        assert_eq!(again.text, issue.text);
        assert_eq!(again.ocr.words.iter().filter(|w| w.whole.is_some()).count(), 4);
        if bytes.contains(&b'\r') {
            assert_eq!(new.iter().filter(|b| **b == b'\r').count(), new.iter().filter(|b| **b == b'\n').count());
        }
    }
}

const PAGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata><Creator>x</Creator><Created>2020-01-01T00:00:00</Created><LastChange>2020-01-01T00:00:00</LastChange></Metadata>
<Page imageFilename="a.png" imageWidth="100" imageHeight="100">
<ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="0" regionRef="r2"/><RegionRefIndexed index="1" regionRef="r1"/></OrderedGroup></ReadingOrder>
<TextRegion id="r1"><Coords points="0,50 100,50 100,99 0,99"/>
<TextLine id="l2" custom="readingOrder {index:0;}"><Coords points="0,50 100,50 100,60 0,60"/><TextEquiv><Unicode>mittee voted on the ﬁrst day of the year.</Unicode></TextEquiv></TextLine>
<TextEquiv><Unicode>mittee voted on the ﬁrst day of the year.</Unicode></TextEquiv></TextRegion>
<TextRegion id="r2"><Coords points="0,0 100,0 100,40 0,40"/>
<TextLine id="l1"><Coords points="0,0 100,0 100,10 0,10"/><TextEquiv><Unicode>The members of the com-</Unicode></TextEquiv></TextLine></TextRegion>
</Page></PcGts>
"#;

#[test]
fn page_keeps_the_printed_text_beside_the_corrected_one() {
    let path = Path::new("a.xml");
    let page = PAGE.replace('ﬁ', "f\u{200b}i");
    let issue = read(path, page.as_bytes());
    assert_eq!(issue.text, "The members of the com-\n\nmittee voted on the f\u{200b}irst day of the year.\n");
    let new = String::from_utf8(all_written(path, page.as_bytes(), WriteMode::Annotate)).unwrap();
    for expected in [
        r#"<TextLine id="l1" custom="splitWord {offset:19; length:4; continued:true; expansion:committee;}">"#,
        r#"custom="readingOrder {index:0;} splitWord {offset:0; length:6; continued:true; expansion:committee;}""#,
        "<TextEquiv index=\"0\"><Unicode>mittee voted on the first day of the year.</Unicode></TextEquiv><TextEquiv index=\"1\"><Unicode>mittee voted on the f\u{200b}irst",
        r#"<UserDefined><UserAttribute name="galleyproof""#,
    ] {
        assert!(new.contains(expected), "{expected} not in\n{new}");
    }
    assert_eq!(new.matches("<Unicode>mittee voted on the first day").count(), 2, "line and region are in step\n{new}");
    assert_eq!(read(path, new.as_bytes()).text, issue.text.replace('\u{200b}', ""));
}

#[test]
fn hocr_and_tsv_have_a_soft_hyphen() {
    let hocr = "<html><head><meta name='ocr-system' content='x'/></head><body><div class='ocr_page' title='image \"a.png\"; bbox 0 0 9 9'>\
        <p class='ocr_par'><span class='ocr_line'><span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 91'>The</span> <span class='ocrx_word'>members</span> \
        <span class='ocrx_word'>of</span> <span class='ocrx_word'>the</span> <span class='ocrx_word'><strong>com-</strong></span></span>\n\
        <span class='ocr_line'><span class='ocrx_word'>mittee</span> <span class='ocrx_word'>voted.</span></span></p></div></body></html>";
    let path = Path::new("a.hocr");
    let issue = read(path, hocr.as_bytes());
    assert_eq!(issue.text, "The members of the com-\nmittee voted.\n");
    assert_eq!(issue.ocr.words[0].confidence, Some(0.91));
    let new = String::from_utf8(written(path, hocr.as_bytes(), WriteMode::Annotate)).unwrap();
    assert!(new.contains("<strong>com\u{ad}</strong>"), "{new}");
    assert_eq!(written(path, new.as_bytes(), WriteMode::Annotate), new.as_bytes());
}

#[test]
fn records_are_repaired_like_text_and_do_not_flow_into_each_other() {
    let jsonl = "{\"id\":\"a\",\"text\":\"The members of the com-\\nmittee \\\"voted\\\" on the f\\u200birst day, and the chair-\",\"z\":1}\n{\"text\":\"man went home.\",\"id\":\"b\"}\n";
    let path = Path::new("a.jsonl");
    let issue = read(path, jsonl.as_bytes());
    assert_eq!(issue.text, "The members of the com-\nmittee \"voted\" on the f\u{200b}irst day, and the chair-\u{c}man went home.");
    let new = String::from_utf8(all_written(path, jsonl.as_bytes(), WriteMode::Annotate)).unwrap();
    assert!(new.starts_with("{\"id\":\"a\",\"text\":\"The members of the committee"), "{new}");
    assert!(new.contains("first day, and the chair-\",\"z\":1}\n{\"text\":\"man went home.\",\"id\":\"b\"}\n"), "{new}");
}

#[test]
fn what_is_no_known_format_is_said_with_its_line() {
    let error = |name: &str, bytes: &str| {
        read_bytes_as(Path::new(name), bytes.as_bytes().to_vec(), &ReadOptions::default()).map(|_| ()).unwrap_err().to_string()
    };
    assert!(error("a.xml", "<?xml version='1.0'?>\n<mets/>").contains("its root is <mets>"));
    assert!(error("a.xml", "<alto>\n<Layout>\n</alto>").starts_with("a.xml:3: ALTO that cannot be read"));
    assert!(
        error(
            "a.tsv",
            &format!("{}\n1\t2\n", "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext")
        )
        .starts_with("a.tsv:2:")
    );
    assert!(error("a.xml", "<!DOCTYPE a [<!ENTITY x \"y\">]>\n<alto>&x;</alto>").contains("document type"));
    // A text about markup is a text.
    assert!(read_bytes_as(Path::new("a.txt"), b"<p>".to_vec(), &ReadOptions::default()).is_ok());
    let asked = ReadOptions { format: Some(InputFormat::Alto), ..ReadOptions::default() };
    assert!(read_bytes_as(Path::new("a.txt"), b"no markup".to_vec(), &asked).is_err());
}

/// Runs Tesseract on a page of ours; `None` with the reason printed where that cannot be.
fn tesseract(image: &Path, language: &str, config: &str) -> Option<Vec<u8>> {
    let out = Command::new("tesseract").arg(image).args(["-", "-l", language, config]).output();
    match out {
        Ok(out) if out.status.success() && !out.stdout.is_empty() => Some(out.stdout),
        Ok(out) => {
            eprintln!("skipped: tesseract -l {language} {config}: {}", String::from_utf8_lossy(&out.stderr));
            None
        }
        Err(error) => {
            eprintln!("skipped: no tesseract on this machine ({error})");
            None
        }
    }
}

#[test]
fn tesseract_end_to_end() {
    for (image, language, expected) in
        [("testdata/formats/tesseract/synth-en.png", "eng", "break-"), ("testdata/formats/tesseract/synth-zh-hans.tif", "chi_sim", "会议")]
    {
        for config in ["hocr", "alto", "tsv"] {
            let Some(page) = tesseract(Path::new(image), language, config) else { continue };
            let mut galley = Command::new(env!("CARGO_BIN_EXE_galley"))
                .args(["clean", "-"])
                .stdin(std::process::Stdio::piped())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            std::io::Write::write_all(&mut galley.stdin.take().unwrap(), &page).unwrap();
            let out = galley.wait_with_output().unwrap();
            assert!(out.status.success(), "{image} {config}: {}", String::from_utf8_lossy(&out.stderr));
            let issue = read(Path::new("-"), &out.stdout);
            let soft = issue.text.replace('\u{ad}', "-");
            assert!(soft.contains(expected), "{image} {config}: {}", issue.text);
            assert!(!issue.ocr.words.is_empty());
            if language == "eng" {
                let said = String::from_utf8_lossy(&out.stdout).into_owned();
                let joined = if config == "alto" { said.contains("SUBS_CONTENT=") } else { said.contains('\u{ad}') };
                assert!(joined, "{config}: {said}");
            }
        }
    }
}

/// Lines with their left edge and width, as ALTO in one block.
fn boxed(lines: &[(&str, u32, u32)]) -> String {
    let mut text =
        String::from("<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Layout><Page ID=\"P\"><PrintSpace><TextBlock ID=\"B\">\n");
    for (i, (line, left, width)) in lines.iter().enumerate() {
        text.push_str(&format!("<TextLine HPOS=\"{left}\" VPOS=\"{}\" WIDTH=\"{width}\" HEIGHT=\"30\">", i * 40));
        text.push_str(&line.split(' ').map(|w| format!("<String CONTENT=\"{w}\"/>")).collect::<Vec<_>>().join("<SP/>"));
        text.push_str("</TextLine>\n");
    }
    text + "</TextBlock></PrintSpace></Page></Layout></alto>\n"
}

#[test]
fn an_indent_and_a_short_line_end_a_paragraph() {
    const LINES: [&str; 8] = [
        "The harbour board met yesterday in its rooms and",
        "heard the engineer, who said that the new works",
        "would be finished before the end of this year and",
        "that nothing more could be done for the time.",
        "Trains will leave the station at nine each day of",
        "the week until the summer, says the company, and",
        "tickets can be had from its office in the market",
        "place from Monday on for the price of a shilling.",
    ];
    let lines = |indent: u32, last: u32| -> Vec<(&str, u32, u32)> {
        let place = |i: usize| match i {
            0 | 4 => (100 + indent, 900 - indent),
            3 => (100, last),
            _ => (100, 900),
        };
        LINES.iter().enumerate().map(|(i, line)| (*line, place(i).0, place(i).1)).collect()
    };
    let settings = Settings { apply: galleyproof::edit::Applicability::Review, ..Settings::default() };
    let text = |indent, last| clean(Path::new("a.xml"), boxed(&lines(indent, last)).as_bytes(), &settings).clean.text.clone();
    let (shown, flat) = (text(45, 500), text(0, 900));
    assert!(shown.contains("for the time.\n\nTrains") && shown.contains("day of the week"), "{shown}");
    assert!(flat.contains("for the time. Trains"), "{flat}");
    let done = clean(Path::new("a.xml"), boxed(&lines(45, 500)).as_bytes(), &settings);
    let named = |name: &str| done.changes().any(|(_, edit, _)| edit.evidence.iter().any(|e| e.name == name));
    assert!(named("box-of-next-line-indented") && named("boxes-of-lines-full"));
}

#[test]
fn of_a_folder_the_ocr_formats_are_taken_and_the_rest_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("a.xml", ALTO);
    write("a.txt", "The same page as plain text.\n");
    write("mets.xml", "<mets/>");
    write("settings.json", "{\"a\": 1}");
    write("page.html", "<html><body>no OCR</body></html>");
    write("odd.xml", "<odd/>");
    let out = Command::new(env!("CARGO_BIN_EXE_galley")).args(["check", "."]).current_dir(dir.path()).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned());
    assert!(stdout.contains("a.xml") && !stdout.contains("a.txt") && !stdout.contains("mets.xml"), "{stdout}");
    assert!(stdout.contains("odd.xml") && stdout.contains("its root is <odd>"), "{stdout}");
    assert!(
        stderr.contains("2 left out because they are in none of the formats")
            && stderr.contains("1 left out because a file of the same name"),
        "{stderr}"
    );
    // In place, once: the second time nothing is written.
    let clean = || {
        let out = Command::new(env!("CARGO_BIN_EXE_galley")).args(["clean", "a.xml", "--write"]).current_dir(dir.path()).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    assert!(clean().ends_with("1 file changed\n"));
    assert!(clean().ends_with("0 files changed\n"));
    assert!(std::fs::read_to_string(dir.path().join("a.xml")).unwrap().contains("SUBS_CONTENT=\"committee\""));
}
