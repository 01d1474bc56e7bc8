//! Which files are read, in which order, and how files are written: whole or not at all.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use galleyproof::error::Error;
use galleyproof::inputs::{InputFile, InputOptions, IssueInput, collect, natural_order, page_number};
use galleyproof::write::files::{OutputTree, Written, hash, rewrite, write_atomic};
use tempfile::TempDir;

/// A folder with these files, each holding its own name.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }
    folder
}

fn collected(paths: &[PathBuf]) -> (Vec<IssueInput>, Vec<Error>) {
    collect(paths, &InputOptions::default())
}

/// `id: relative names`, with the folder taken off, one line an issue.
fn shown(folder: &TempDir, issues: &[IssueInput]) -> Vec<String> {
    let root = folder.path().display().to_string();
    let name = |f: &InputFile| f.relative.display().to_string();
    issues.iter().map(|i| format!("{}: {}", i.id.replace(&root, "."), i.files.iter().map(name).collect::<Vec<_>>().join(" "))).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn folders_are_read_in_natural_order_and_page_files_are_one_issue() {
    let folder = folder(&[
        "issue-10/p10.txt",
        "issue-10/p2.txt",
        "issue-10/p1.txt",
        "issue-2/第2版.txt",
        "issue-2/第一版.TXT",
        "issue-2/notes.md",
        "issue-2/supplement.txt",
        "a 2.txt",
        "a 10.txt",
        ".hidden/x.txt",
        ".hidden.txt",
        "lone/0004.txt",
        "1938.txt",
    ]);
    let (issues, errors) = collected(&[folder.path().into()]);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(
        shown(&folder, &issues),
        [
            "./1938.txt: 1938.txt",
            "./a 2.txt: a 2.txt",
            "./a 10.txt: a 10.txt",
            "./issue-2/supplement.txt: issue-2/supplement.txt",
            "./issue-2: issue-2/第一版.TXT issue-2/第2版.txt",
            "./issue-10: issue-10/p1.txt issue-10/p2.txt issue-10/p10.txt",
            "./lone: lone/0004.txt",
        ]
    );
}

#[test]
fn page_numbers_are_what_people_write() {
    let pattern = InputOptions::default().page_pattern;
    for (stem, number) in [
        ("1", 1),
        ("0003", 3),
        ("p1", 1),
        ("P.12", 12),
        ("page-002", 2),
        ("page 7", 7),
        ("pg_9", 9),
        ("seite_4", 4),
        ("S. 3", 3),
        ("Blatt 5", 5),
        ("feuillet-6", 6),
        ("f8", 8),
        ("第2版", 2),
        ("第０３版", 3),
        ("第十版", 10),
        ("第十二版", 12),
        ("第二十版", 20),
        ("第二十二頁", 22),
        ("3版", 3),
        ("999", 999),
    ] {
        assert_eq!(page_number(&PathBuf::from(format!("{stem}.txt")), &pattern), Some(number), "{stem}");
    }
    for stem in ["1938", "19381105", "p1a", "chapter-3", "page", "pp", "1-2", "notes", "第版", "a1", "no. 3", "-"] {
        assert_eq!(page_number(&PathBuf::from(format!("{stem}.txt")), &pattern), None, "{stem}");
    }
}

#[test]
fn natural_order_is_total_and_by_value() {
    let sorted =
        ["", "a", "a1", "a02", "a2", "a002b", "a10", "a10b", "a99999999999999999999", "a100000000000000000000", "b", "版1", "版10"];
    for (i, left) in sorted.iter().enumerate() {
        for (j, right) in sorted.iter().enumerate() {
            assert_eq!(natural_order(OsStr::new(left), OsStr::new(right)), i.cmp(&j), "{left} {right}");
        }
    }
}

#[test]
fn arguments_keep_their_order_and_are_read_once() {
    let folder = folder(&["b/p2.txt", "b/p1.txt", "a.txt", "c.log"]);
    let at = |name: &str| folder.path().join(name);
    let (issues, errors) = collected(&[at("c.log"), at("b/p2.txt"), at("a.txt"), at("b/../a.txt"), "-".into(), at("b"), "-".into()]);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(shown(&folder, &issues), ["./c.log: c.log", "./b: p1.txt p2.txt", "./a.txt: a.txt", "-: stdin.txt"]);
}

#[test]
fn only_galleyignore_is_honoured() {
    let folder = folder(&["keep.txt", "drop.txt", "git.txt", "deep/drop.txt", "deep/keep.txt", "deep/other.txt"]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join(".gitignore"), "git.txt\n").unwrap();
    fs::write(folder.path().join(".galleyignore"), "drop.txt\n").unwrap();
    fs::write(folder.path().join("deep/.galleyignore"), "other.txt\n!drop.txt\n").unwrap();
    let (issues, _) = collected(&[folder.path().into()]);
    assert_eq!(
        shown(&folder, &issues).join(" "),
        "./deep/drop.txt: deep/drop.txt ./deep/keep.txt: deep/keep.txt ./git.txt: git.txt ./keep.txt: keep.txt"
    );
    fs::write(folder.path().join("deep/.galleyignore"), "[z-a].txt\n").unwrap();
    let (issues, errors) = collected(&[folder.path().into()]);
    assert!(issues.len() == 4 && errors[0].chain().contains(".galleyignore"), "{errors:?}");
    fs::write(folder.path().join("deep/.galleyignore"), "other.txt\n!drop.txt\n").unwrap();
    // The file above counts for a folder named below it; a file that is named is read.
    let (issues, _) = collected(&[folder.path().join("deep"), folder.path().join("drop.txt")]);
    assert_eq!(shown(&folder, &issues).join(" "), "./deep/drop.txt: drop.txt ./deep/keep.txt: keep.txt ./drop.txt: drop.txt");
}

#[test]
fn missing_paths_and_empty_folders_are_errors_and_the_rest_is_read() {
    let folder = folder(&["a.txt", "logs/b.log"]);
    let at = |name: &str| folder.path().join(name);
    let (issues, errors) = collected(&[at("gone.txt"), at("a.txt"), at("a.txt/below")]);
    assert_eq!(issues.len(), 1);
    assert!(matches!(&errors[..], [Error::NotFound { path }, Error::Read { .. }] if *path == at("gone.txt")), "{errors:?}");
    let (issues, errors) = collected(&[at("logs")]);
    assert!(issues.is_empty());
    assert_eq!(
        errors[0].to_string(),
        format!("no input: found no file ending in .txt, .xml, .hocr, .html, .htm, .tsv, .json, .jsonl in {}", at("logs").display())
    );
}

#[cfg(unix)]
#[test]
fn odd_names_and_links() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let folder = folder(&["real/a.txt", "with space.txt", "line\nbreak.txt", "target.txt"]);
    let at = |name: &str| folder.path().join(name);
    let long = format!("{}.txt", "n".repeat(251));
    fs::write(at(&long), "long").unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"caf\xE9.txt")), "latin name").unwrap();
    symlink(folder.path(), at("real/loop")).unwrap();
    symlink(at("target.txt"), at("linked.txt")).unwrap();
    symlink(at("nowhere"), at("dangling.txt")).unwrap();
    let (issues, errors) = collected(&[folder.path().into()]);
    let ids: Vec<_> = issues.iter().map(|i| i.id.strip_prefix(&folder.path().display().to_string()).unwrap().to_owned()).collect();
    // The link comes first and its target is the same file; the loop is not entered.
    let expected = [r"/caf\xE9.txt", r"/line\nbreak.txt", "/linked.txt", &format!("/{long}"), "/real/a.txt", "/with space.txt"];
    assert_eq!(ids, expected);
    assert!(matches!(&errors[..], [Error::Read { path, .. }] if path.ends_with("dangling.txt")), "{errors:?}");
    // Named links are followed, to folders too.
    let (issues, _) = collected(&[at("real/loop/real")]);
    assert_eq!(issues.len(), 1);
    // What was collected can be written: names, long ones too, go through unchanged.
    let out = tempfile::tempdir().unwrap();
    let (issues, _) = collected(&[folder.path().into()]);
    let tree = OutputTree::new(out.path(), issues.iter().flat_map(|i| &i.files)).unwrap();
    for file in issues.iter().flat_map(|i| &i.files) {
        assert_eq!(tree.write(&file.path, &fs::read(&file.path).unwrap()).unwrap(), Written::Created);
        assert_eq!(fs::read(out.path().join(&file.relative)).unwrap(), fs::read(&file.path).unwrap());
    }
    assert_eq!(names(out.path()).len(), 6);
}

#[test]
fn writing_replaces_whole_files_and_leaves_equal_ones_alone() {
    let folder = folder(&["a.txt"]);
    let path = folder.path().join("a.txt");
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(write_atomic(&path, b"a.txt").unwrap(), Written::Unchanged);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    assert_eq!(write_atomic(&path, b"new").unwrap(), Written::Replaced);
    assert_eq!(write_atomic(&folder.path().join("b.txt"), b"new").unwrap(), Written::Created);
    assert_eq!(names(folder.path()), ["a.txt", "b.txt"]);
    assert_eq!(rewrite(&path, b"new", b"newer").unwrap(), Written::Replaced);
    assert!(matches!(rewrite(&path, b"new", b"newest"), Err(Error::Changed { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"newer");
    fs::remove_file(&path).unwrap();
    assert!(matches!(rewrite(&path, b"newer", b"newest"), Err(Error::Changed { .. })));
    assert_eq!(hash(b""), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
}

#[cfg(unix)]
#[test]
fn writing_keeps_permissions_and_links() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    let folder = folder(&["a.txt", "deep/target.txt"]);
    let at = |name: &str| folder.path().join(name);
    fs::set_permissions(at("a.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    write_atomic(&at("a.txt"), b"new").unwrap();
    assert_eq!(fs::metadata(at("a.txt")).unwrap().mode() & 0o7777, 0o640);
    // A new file has the permissions of any new file.
    fs::write(at("usual.txt"), "").unwrap();
    write_atomic(&at("new.txt"), b"new").unwrap();
    assert_eq!(fs::metadata(at("new.txt")).unwrap().mode(), fs::metadata(at("usual.txt")).unwrap().mode());
    symlink("deep/target.txt", at("link.txt")).unwrap();
    assert_eq!(write_atomic(&at("link.txt"), b"through").unwrap(), Written::Replaced);
    assert!(fs::symlink_metadata(at("link.txt")).unwrap().is_symlink());
    assert_eq!(fs::read(at("deep/target.txt")).unwrap(), b"through");
    assert_eq!(names(&at("deep")), ["target.txt"]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_said_and_nothing_is_left() {
    use std::os::unix::fs::symlink;
    let folder = folder(&["a.txt"]);
    let at = |name: &str| folder.path().join(name);
    symlink("nowhere", at("dangling.txt")).unwrap();
    fs::create_dir(at("sub")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe.txt")).status().unwrap().success());
    for name in ["a.txt/below.txt", "gone/a.txt", "dangling.txt"] {
        let error = write_atomic(&at(name), b"new").unwrap_err();
        assert!(matches!(error, Error::Write { .. }) && error.chain().contains("nothing was changed: "), "{}", error.chain());
    }
    for name in ["sub", "pipe.txt"] {
        assert!(matches!(write_atomic(&at(name), b"new"), Err(Error::NotRegular { .. })), "{name}");
    }
    assert_eq!(names(folder.path()), ["a.txt", "dangling.txt", "pipe.txt", "sub"]);
    assert_eq!(fs::read(at("a.txt")).unwrap(), b"a.txt");
    // A folder where nobody may make files, root included.
    match Path::new("/proc/version").exists() {
        true => assert!(matches!(write_atomic(Path::new("/proc/galley.txt"), b"new"), Err(Error::Write { .. }))),
        false => eprintln!("not tried: there is no /proc here"),
    }
}

/// A limit on file sizes stands for a full disk: the system refuses the write half-way.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file() {
    const TARGET: &str = "GALLEY_TEST_WRITE_TO";
    if let Some(path) = std::env::var_os(TARGET) {
        let error = write_atomic(Path::new(&path), &[b'x'; 1 << 20]).unwrap_err();
        assert!(error.chain().contains("nothing was changed: "), "{}", error.chain());
        return;
    }
    let folder = folder(&["a.txt"]);
    let status = std::process::Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; ulimit -f 64; exec "$0" --exact a_full_disk_leaves_the_old_file"#])
        .arg(std::env::current_exe().unwrap())
        .env(TARGET, folder.path().join("a.txt"))
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "the write under a limit went another way: {status}");
    assert_eq!(names(folder.path()), ["a.txt"]);
    assert_eq!(fs::read(folder.path().join("a.txt")).unwrap(), b"a.txt");
}

#[test]
fn the_output_tree_mirrors_the_input() {
    let folder = folder(&["in/1938/p1.txt", "in/1938/p2.txt", "in/x.txt", "y.txt"]);
    let at = |name: &str| folder.path().join(name);
    let (issues, _) = collected(&[at("in"), at("y.txt")]);
    let tree = OutputTree::new(&at("out"), issues.iter().flat_map(|i| &i.files)).unwrap();
    assert!(!at("out").exists(), "planning makes nothing");
    assert_eq!(tree.target(&at("in/1938/p2.txt")), Some(&*at("out/1938/p2.txt")));
    assert_eq!(tree.write(&at("in/1938/p2.txt"), b"text").unwrap(), Written::Created);
    assert_eq!(tree.write(&at("y.txt"), b"text").unwrap(), Written::Created);
    assert_eq!(tree.write(&at("y.txt"), b"text").unwrap(), Written::Unchanged);
    assert_eq!((names(&at("out")), names(&at("out/1938"))), (vec!["1938".into(), "y.txt".into()], vec!["p2.txt".into()]));
    assert!(matches!(tree.write(&at("other.txt"), b""), Err(Error::NotFound { .. })));
}

#[test]
fn outputs_that_would_collide_or_overwrite_are_refused_before_anything_is_written() {
    let folder = folder(&["a/x.txt", "b/x.txt", "c/x.txt/p1.txt", "d/out/x.txt"]);
    let at = |name: &str| folder.path().join(name);
    let plan = |paths: &[&str], out: &str| {
        let (issues, errors) = collected(&paths.iter().map(|p| at(p)).collect::<Vec<_>>());
        assert!(errors.is_empty(), "{errors:?}");
        OutputTree::new(&at(out), issues.iter().flat_map(|i| &i.files)).unwrap_err()
    };
    assert!(matches!(plan(&["a", "b"], "out"), Error::Collision { .. }));
    assert!(matches!(plan(&["a/x.txt", "b/x.txt"], "out"), Error::Collision { .. }));
    assert!(matches!(plan(&["a", "c"], "out"), Error::Collision { .. }), "x.txt is a file and a folder");
    assert!(matches!(plan(&["a"], "a"), Error::OntoInput { .. }));
    assert!(matches!(plan(&["a/x.txt"], "a/../a"), Error::OntoInput { .. }));
    assert!(matches!(plan(&["d"], "d/out"), Error::InsideOutput { .. }));
    assert!(matches!(plan(&["a"], "b/x.txt"), Error::NotAFolder { .. }));
    assert!(!at("out").exists());
    #[cfg(unix)]
    {
        fs::create_dir(at("out")).unwrap();
        std::os::unix::fs::symlink(at("a/x.txt"), at("out/x.txt")).unwrap();
        assert!(matches!(plan(&["a"], "out"), Error::OntoInput { .. }), "through a link");
    }
}

#[test]
fn an_output_folder_inside_the_input_is_not_read() {
    let folder = folder(&["x.txt", "out/x.txt", "deep/out/x.txt"]);
    let options = InputOptions { skip_folder: Some(folder.path().join("out")), ..InputOptions::default() };
    let (issues, _) = collect(&[folder.path().into()], &options);
    assert_eq!(shown(&folder, &issues), ["./deep/out/x.txt: deep/out/x.txt", "./x.txt: x.txt"]);
    assert!(OutputTree::new(&folder.path().join("out"), issues.iter().flat_map(|i| &i.files)).is_ok());
}
